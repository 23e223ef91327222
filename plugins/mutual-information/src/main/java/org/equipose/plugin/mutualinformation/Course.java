package org.equipose.plugin.mutualinformation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.equipose.core.run.Chart;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;

/**
 * How reconstruction and mutual information went in a training that had {@code mi} in its objective; training images, no epochs
 * otherwise.
 *
 * @param epochs counted from 1
 * @param reconstruction error, nats per image
 * @param chosen bound for c
 * @param rest bound for the rest of the code; zeros if there is none
 */
record Course(double[] epochs, double[] reconstruction, double[] chosen, double[] rest) {
    static final String UNIT = "nats per image";
    private static final int LEAST_EPOCHS = 3; // for a correlation

    /** Reads the metrics of a run. */
    static Course of(RunDirectory run) {
        try {
            List<MetricsFile.Row> rows = Files.exists(run.metrics()) ? MetricsFile.read(run.metrics()) : List.of();
            List<MetricsFile.Row> followed = rows.stream()
                    .filter(row ->
                            row.values().containsKey("train/mi") && row.values().containsKey("train/reconstruction"))
                    .toList();
            return new Course(
                    followed.stream().mapToDouble(MetricsFile.Row::epoch).toArray(),
                    column(followed, "train/reconstruction"),
                    column(followed, "train/mi"),
                    column(followed, "train/mi_rest"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] column(List<MetricsFile.Row> rows, String name) {
        return rows.stream()
                .mapToDouble(row -> row.values().getOrDefault(name, 0.0))
                .toArray();
    }

    /** Draws it, as figure 2 of the paper does. */
    Optional<Report.Picture> picture() {
        if (epochs.length == 0) {
            return Optional.empty();
        }
        List<Chart> charts = List.of(
                chart("reconstruction error", reconstruction),
                chart("bound for c", chosen),
                chart("bound for the rest", rest));
        return Optional.of(new Report.Picture("", Chart.grid(charts, charts.size())));
    }

    private Chart chart(String what, double[] values) {
        return Chart.of(what + ", training", "epoch", UNIT).with("", Chart.Kind.LINE, epochs, values);
    }

    /** The bound for all of the code rises as the error falls, if the two are duals; in proportion or not. */
    Optional<Report.Measure> duality() {
        if (epochs.length < LEAST_EPOCHS) {
            return Optional.empty();
        }
        double[] all = new double[epochs.length];
        Arrays.setAll(all, i -> chosen[i] + rest[i]);
        return Optional.of(new Report.Measure(
                "duality",
                RankCorrelation.of(reconstruction, all),
                "Spearman's rank correlation",
                "train",
                "reconstruction error against the bound for all of the code, " + epochs.length + " epochs"));
    }
}
