package org.equipose.core.graph;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/** A small graph whose numbers come out as doubles. Plugins' tests have the contract kit's fixture instead. */
public final class TestGraph implements AutoCloseable {
    private final GraphSession session = new GraphSession(1);
    private final Placeholder<TInt64> step = session.ops().placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    private final Set<String> initialised = new HashSet<>();
    private final Net net;
    private long stepValue;

    public TestGraph() {
        this(1);
    }

    public TestGraph(long seed) {
        this(seed, 1);
    }

    public TestGraph(long seed, int rowBlocks) {
        net = Net.forTraining(session.ops(), seed, step, rowBlocks);
    }

    public Net net() {
        return net;
    }

    public Ops tf() {
        return net.ops();
    }

    public GraphSession session() {
        return session;
    }

    /** Sets the step of all later evaluations. */
    public void step(long value) {
        stepValue = value;
    }

    public Operand<TFloat32> floats(double[] values, long... shape) {
        float[] floats = new float[values.length];
        IntStream.range(0, values.length).forEach(i -> floats[i] = (float) values[i]);
        return tf().constant(Shape.of(shape), DataBuffers.of(floats));
    }

    public Operand<TFloat64> doubles(double[] values, long... shape) {
        return tf().constant(Shape.of(shape), DataBuffers.of(values));
    }

    /** Evaluates a TFloat32 or TFloat64 operand. */
    public double[] values(Operand<?> operand) {
        initialise();
        try (TInt64 now = TInt64.scalarOf(stepValue);
                Result result = session.runner().feed(step, now).fetch(operand).run()) {
            if (result.get(0) instanceof TFloat64 wide) {
                double[] values = new double[(int) wide.size()];
                wide.copyTo(DataBuffers.of(values));
                return values;
            }
            TFloat32 narrow = (TFloat32) result.get(0);
            float[] floats = new float[(int) narrow.size()];
            narrow.copyTo(DataBuffers.of(floats));
            return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
        }
    }

    /** Differentiates the sum of {@code y}; null where nothing flows. */
    public List<double[]> gradients(Operand<?> y, List<? extends Operand<?>> by) {
        Output<?>[] x = by.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
        Output<?>[] d = session.graph().addGradients(y.asOutput(), x);
        return Arrays.stream(d).map(g -> g.isClosed() ? null : values(g)).toList();
    }

    /** Differentiates the sum of {@code y} by one operand. */
    public double[] gradient(Operand<?> y, Operand<?> by) {
        return gradients(y, List.of(by)).get(0);
    }

    private void initialise() {
        Session.Runner runner = session.runner();
        boolean missing = false;
        for (Parameter parameter : net.parameters()) {
            if (initialised.add(parameter.path())) {
                Op assign = session.ops().assignVariableOp(parameter.handle(), parameter.initial());
                runner.addTarget(assign);
                missing = true;
            }
        }
        if (missing) {
            runner.run().close();
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
