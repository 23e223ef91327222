package org.equipose.core.training;

import java.util.concurrent.TimeUnit;
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

/** One training step: gather, forward, backward, update, and the terms of the loss on the heap. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class StepBenchmark {
    @Param({"W1", "W2", "W3"})
    Work work;

    @Param("2")
    int threads;

    private TrainingGraph graph;
    private int[][] batches;
    private int next;

    /** Opens the graph. */
    @Setup
    public void open() {
        graph = work.graph(threads);
        batches = Work.batches();
    }

    /** Closes it. */
    @TearDown
    public void close() {
        graph.close();
    }

    /** A step. */
    @Benchmark
    public float[] step() {
        next = (next + 1) % batches.length;
        return graph.step(batches[next], 1e-3);
    }
}
