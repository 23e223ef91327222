package org.equipose.core.graph;

import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * A graph and its session, closed in the only order that does not block: session first.
 *
 * <p>One thread works inside an operation and {@code threads} run independent operations at a time: most kernels of this
 * size are serial, and results do not depend on how a reduction would be split. TensorFlow fixes these numbers for the
 * whole process when its first session opens.
 */
public final class GraphSession implements AutoCloseable {
    /**
     * TensorFlow would fuse a product with the bias and nonlinearity behind it. The fused kernel brings the weights into
     * another order at every call, which takes longer than it saves (docs/performance.md).
     */
    private static final GraphOptions WITHOUT_FUSION = GraphOptions.newBuilder()
            .setRewriteOptions(RewriterConfig.newBuilder().setRemapping(RewriterConfig.Toggle.OFF))
            .build();

    private final Graph graph = new Graph();
    private final Session session;
    private final Device device;

    /** Opens an empty graph on the CPU. */
    public GraphSession(int threads) {
        this(Device.cpu(threads));
    }

    /** Opens an empty graph; what a GPU cannot do is done by the CPU. */
    public GraphSession(Device device) {
        this(device, true);
    }

    /** {@code elsewhere} says whether an operation may run on another device than the one named for it. */
    GraphSession(Device device, boolean elsewhere) {
        this.device = device;
        ConfigProto.Builder config = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(1)
                .setInterOpParallelismThreads(device.threads())
                .setAllowSoftPlacement(elsewhere)
                .setGraphOptions(WITHOUT_FUSION)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
        if (device.gpu().isEmpty()) {
            config.putDeviceCount("GPU", 0);
        }
        if (device.threads() == 1) {
            // A thread that looks out for more work keeps the one processor from whoever would bring it.
            config.setExperimental(ConfigProto.Experimental.newBuilder().setDisableThreadSpinning(true));
        }
        session = new Session(graph, false, config.build());
    }

    /** Returns the graph. */
    public Graph graph() {
        return graph;
    }

    /** Returns the operations of the graph's top scope. */
    public Ops ops() {
        Ops tf = Ops.create(graph);
        return device.gpu().isEmpty()
                ? tf
                : tf.withDevice(DeviceSpec.newBuilder()
                        .deviceType(DeviceSpec.DeviceType.GPU)
                        .deviceIndex(device.gpu().getAsInt())
                        .build());
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
