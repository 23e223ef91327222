package org.equipose.core.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.equipose.core.data.Npz;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.spi.Values;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A checkpoint of W1, 6.6 MB: reading all variables from the graph, and writing the file. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CheckpointBenchmark {
    private static final int KEPT = 2;

    private TrainingGraph graph;
    private Map<String, Npz.Array> arrays;
    private Path folder;
    private Checkpoints checkpoints;
    private long step;

    /** Opens the graph and a folder. */
    @Setup
    public void open() throws IOException {
        graph = Work.W1.graph(2);
        arrays = new TrainingState(0, graph.read(), new double[graph.names().size()]).arrays();
        folder = Files.createTempDirectory("equipose-benchmark-");
        checkpoints = new Checkpoints(folder);
    }

    /** Removes both. */
    @TearDown
    public void close() throws IOException {
        graph.close();
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    /** From the graph to the heap. */
    @Benchmark
    public Map<String, Values> read() {
        return graph.read();
    }

    /** From the heap to the file, synced to the disk. */
    @Benchmark
    public Path write() throws IOException {
        return checkpoints.write(step++, arrays, KEPT);
    }
}
