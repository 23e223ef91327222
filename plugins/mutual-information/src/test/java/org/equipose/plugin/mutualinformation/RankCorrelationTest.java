package org.equipose.plugin.mutualinformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    private static final double[] RISING = {1, 2, 4, 100};

    @Test
    void onlyTheOrderCounts() {
        assertThat(RankCorrelation.of(RISING, new double[] {-7, 0, 0.1, 0.2})).isCloseTo(1, within(1e-12));
        assertThat(RankCorrelation.of(RISING, new double[] {3, 2, 1, -50})).isCloseTo(-1, within(1e-12));
    }

    /** 1 − 6 Σ d² / (n (n² − 1)) with d = 0, 1, −1, 0; equal numbers share their ranks. */
    @Test
    void isSpearmans() {
        assertThat(RankCorrelation.of(RISING, new double[] {1, 3, 2, 4})).isCloseTo(0.8, within(1e-12));
        assertThat(RankCorrelation.of(RISING, new double[] {1, 2, 2, 3}))
                .isCloseTo(4.5 / Math.sqrt(5 * 4.5), within(1e-12));
        assertThat(RankCorrelation.of(RISING, new double[] {5, 5, 5, 5})).isZero();
    }
}
