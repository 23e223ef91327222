package org.equipose.core.training;

import java.util.concurrent.TimeUnit;
import org.equipose.core.graph.GraphSession;
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
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;

/** Gathering the 100 images of a step from bytes in the graph, and turning them into numbers in [0, 1]. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GatherBenchmark {
    @Param("2")
    int threads;

    private GraphSession session;
    private Placeholder<TInt32> index;
    private Op gathered;
    private int[][] batches;
    private int next;

    /** Loads the images. */
    @Setup
    public void open() {
        session = new GraphSession(threads);
        Ops tf = session.ops();
        index = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(Work.BATCH)));
        gathered = new DataInGraph(session, Work.images()).batch(tf, index).image();
        batches = Work.batches();
    }

    /** Closes the graph. */
    @TearDown
    public void close() {
        session.close();
    }

    /** One batch. */
    @Benchmark
    public void gather() {
        next = (next + 1) % batches.length;
        try (TInt32 numbers = TInt32.tensorOf(Shape.of(Work.BATCH), DataBuffers.of(batches[next]))) {
            session.runner().feed(index, numbers).addTarget(gathered).run().close();
        }
    }
}
