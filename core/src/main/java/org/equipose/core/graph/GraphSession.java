package org.equipose.core.graph;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * A graph and its session, closed in the only order that does not block: session first.
 *
 * <p>One thread works inside an operation and {@code threads} run independent operations at a time: most kernels of this
 * size are serial, and results do not depend on how a reduction would be split. TensorFlow fixes these numbers for the
 * whole process when its first session opens.
 */
public final class GraphSession implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Session session;

    /** Opens an empty graph. */
    public GraphSession(int threads) {
        this(threads, true);
    }

    /**
     * Opens an empty graph.
     *
     * @param elsewhere whether an operation may run on another device than the one named for it
     */
    public GraphSession(int threads, boolean elsewhere) {
        ConfigProto config = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(1)
                .setInterOpParallelismThreads(threads)
                .setAllowSoftPlacement(elsewhere)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                .build();
        session = new Session(graph, false, config);
    }

    /** Returns the graph. */
    public Graph graph() {
        return graph;
    }

    /** Returns the operations of the graph's top scope. */
    public Ops ops() {
        return Ops.create(graph);
    }

    /** Returns a runner; its result and every tensor fed to it must be closed. */
    public Session.Runner runner() {
        return session.runner();
    }

    @Override
    public void close() {
        session.close();
        CustomGradient.forget(graph);
        graph.close();
    }
}
