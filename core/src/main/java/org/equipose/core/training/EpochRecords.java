package org.equipose.core.training;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.equipose.core.data.Split;
import org.equipose.core.run.EventFile;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Pictures;

/** What is written down after an epoch: a row of metrics.csv and timing.csv, events for TensorBoard, pictures. */
final class EpochRecords implements AutoCloseable {
    private static final int PICTURE_COLUMNS = 10;
    private static final int SAMPLE_SIDE = 8;

    private final RunDirectory run;
    private final MetricsFile metrics;
    private final MetricsFile timing;
    private final EventFile events;

    /**
     * Opens the files of a run where it goes on.
     *
     * @param columns of metrics.csv
     * @param epochsDone rows of later epochs are dropped; they will be measured again
     * @param step the step where it goes on
     */
    EpochRecords(RunDirectory run, List<String> columns, int epochsDone, long step) throws IOException {
        this.run = run;
        metrics = MetricsFile.resume(run.metrics(), columns, epochsDone);
        timing = MetricsFile.resume(run.timing(), List.of("seconds", "cpu_seconds", "images_per_second"), epochsDone);
        events = EventFile.resume(run.path(), Clock.systemUTC(), step);
    }

    /** Writes the numbers of an epoch, counted from 1. */
    void numbers(int epoch, long step, Map<String, Double> row, Elapsed elapsed, long images) throws IOException {
        metrics.append(epoch, step, row);
        timing.append(
                epoch,
                step,
                Map.of(
                        "seconds", elapsed.seconds(),
                        "cpu_seconds", elapsed.cpuSeconds(),
                        "images_per_second", images / elapsed.seconds()));
        for (Map.Entry<String, Double> value : row.entrySet()) {
            events.scalar(value.getKey(), step, value.getValue());
        }
        events.flush();
    }

    /**
     * Draws reconstructions of some images, and samples.
     *
     * @param training images to infer the mean pose from, where the pose has no proper prior
     */
    void pictures(int epoch, long step, TrainedModel trained, Split shown, Split training) throws IOException {
        ImageGrid reconstructions = Pictures.reconstructions(trained, shown, PICTURE_COLUMNS);
        reconstructions.write(RunDirectory.picture(run.reconstructions(), epoch));
        events.image("reconstructions", step, reconstructions.image());
        ImageGrid samples = Pictures.samples(trained, training, SAMPLE_SIDE);
        samples.write(RunDirectory.picture(run.samples(), epoch));
        events.image("samples", step, samples.image());
        events.flush();
    }

    @Override
    public void close() throws IOException {
        try (metrics;
                timing;
                events) {
            // each is closed, whatever the others say
        }
    }
}
