package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.equipose.core.run.Report;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    @Test
    void theIntervalOfManyValuesIsThatOfTheirMean() {
        Random random = new Random(2);
        double[] values =
                random.doubles(400).map(any -> 5 + 3 * random.nextGaussian()).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double half = 1.96
                * Math.sqrt(
                        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum())
                / values.length;
        Report.Interval interval = Bootstrap.interval(values);
        assertThat(interval.low()).isCloseTo(mean - half, within(0.1 * half));
        assertThat(interval.high()).isCloseTo(mean + half, within(0.1 * half));
        assertThat(Bootstrap.interval(values)).isEqualTo(interval);
    }

    @Test
    void equalValuesHaveAnIntervalOfNoWidth() {
        double[] values = new double[7];
        Arrays.fill(values, 0.1);
        Report.Interval interval = Bootstrap.interval(values);
        assertThat(interval.low()).isCloseTo(0.1, within(1e-12));
        assertThat(interval.high()).isCloseTo(0.1, within(1e-12)).isGreaterThanOrEqualTo(interval.low());
    }
}
