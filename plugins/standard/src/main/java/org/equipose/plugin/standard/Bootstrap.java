package org.equipose.plugin.standard;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.equipose.core.run.Report;

/** How far a mean over images would move with other images: a bootstrap with a fixed seed. */
final class Bootstrap {
    private static final int RESAMPLES = 1000;
    private static final long SEED = 1979;

    private Bootstrap() {}

    /** Returns the 95 % percentile interval of the mean. */
    static Report.Interval interval(double[] values) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] means = new double[RESAMPLES];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[resample] = sum / values.length;
        }
        Arrays.sort(means);
        // Where all values are the same, the mean itself may differ by a rounding.
        double mean = Arrays.stream(values).sum() / values.length;
        return new Report.Interval(
                Math.min(mean, means[RESAMPLES / 40]), Math.max(mean, means[RESAMPLES - 1 - RESAMPLES / 40]));
    }
}
