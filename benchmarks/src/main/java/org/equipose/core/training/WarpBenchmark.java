package org.equipose.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.equipose.core.graph.BilinearSampling;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Grid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** The warp of 100 images of 28×28, forward, and with the gradients by image and positions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WarpBenchmark {
    private static final Grid GRID = new Grid(Work.SPEC.height(), Work.SPEC.width());

    @Param("2")
    int threads;

    private GraphSession session;
    private final List<Op> forward = new ArrayList<>();
    private final List<Op> both = new ArrayList<>();

    /** Builds the graph. What is warped lies in variables: constants would be warped once and for all. */
    @Setup
    public void open() {
        session = new GraphSession(threads);
        Ops tf = session.ops();
        Operand<TFloat32> image = random(tf, 1, 1, Work.BATCH, GRID.height(), GRID.width(), 1);
        Operand<TFloat32> x = random(tf, 2, 0.2f, Work.BATCH, GRID.points());
        Operand<TFloat32> y = random(tf, 3, 0.2f, Work.BATCH, GRID.points());
        Operand<TFloat32> warped = BilinearSampling.sample(tf, image, new Displacement(x, y), GRID, Border.ZERO);
        forward.add(warped);
        both.add(warped);
        Output<?>[] inputs = {image.asOutput(), x.asOutput(), y.asOutput()};
        for (Output<?> gradient : session.graph().addGradients(warped.asOutput(), inputs)) {
            both.add(gradient);
        }
    }

    private Operand<TFloat32> random(Ops tf, long seed, float scale, long... dimensions) {
        Shape shape = Shape.of(dimensions);
        Operand<TFloat32> unit =
                tf.random.statelessRandomUniform(tf.constant(shape), tf.constant(new long[] {seed, 0}));
        VarHandleOp handle = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName("input" + seed));
        Op assign = tf.assignVariableOp(handle, tf.math.mul(unit, tf.constant(scale)));
        session.runner().addTarget(assign).run().close();
        return tf.readVariableOp(handle, TFloat32.class);
    }

    /** Closes it. */
    @TearDown
    public void close() {
        session.close();
    }

    /** Values only. */
    @Benchmark
    public void forward() {
        run(forward);
    }

    /** Values and gradients. */
    @Benchmark
    public void forwardAndBackward() {
        run(both);
    }

    private void run(List<Op> targets) {
        Session.Runner runner = session.runner();
        targets.forEach(runner::addTarget);
        runner.run().close();
    }
}
