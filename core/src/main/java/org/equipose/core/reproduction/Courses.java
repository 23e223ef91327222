package org.equipose.core.reproduction;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.equipose.core.run.Chart;
import org.equipose.core.run.RunDirectory;

/** Draws the course of trainings, {@link Recipe.Curves}. */
public final class Courses {
    private Courses() {}

    /**
     * Draws a chart for each column, side by side.
     *
     * @param runs run directories of each training, one for each seed
     * @throws org.equipose.core.config.ConfigurationException if a run has no such column
     */
    public static BufferedImage picture(Recipe.Curves curves, Map<String, List<RunDirectory>> runs) throws IOException {
        List<Chart> charts = new ArrayList<>();
        for (String column : curves.columns()) {
            List<Chart.Series> series = new ArrayList<>();
            for (String name : curves.runs()) {
                double[] means = mean(runs.get(name), column);
                double[] epochs = new double[means.length];
                Arrays.setAll(epochs, i -> i + 1);
                series.add(new Chart.Series(name, Chart.Kind.LINE, epochs, means));
            }
            charts.add(new Chart(column, "epoch", "nats per image", false, false, series));
        }
        return Chart.grid(charts, charts.size());
    }

    /** Averages over the seeds, which have the same number of epochs. */
    private static double[] mean(List<RunDirectory> seeds, String column) throws IOException {
        double[] mean = new double[Findings.column(seeds.get(0), column).length];
        for (RunDirectory run : seeds) {
            double[] values = Findings.column(run, column);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += values[i] / seeds.size();
            }
        }
        return mean;
    }
}
