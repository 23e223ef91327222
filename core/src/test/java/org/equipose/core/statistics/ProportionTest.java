package org.equipose.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
    private static final double QUANTILE = 1.959963984540054;

    /** Wilson's interval holds the p that lie within 1.96 of their own standard deviations: at its ends equality holds. */
    @ParameterizedTest
    @CsvSource({"8, 10", "1, 10", "9180, 10000", "1, 1000000"})
    void theEndsSolveTheirEquation(long successes, long trials) {
        Proportion proportion = new Proportion(successes, trials);
        for (double p : new double[] {proportion.low(), proportion.high()}) {
            double distance = Math.abs(proportion.value() - p);
            assertThat(distance).isCloseTo(QUANTILE * Math.sqrt(p * (1 - p) / trials), within(1e-12));
        }
        assertThat(proportion.low()).isLessThan(proportion.value());
        assertThat(proportion.high()).isGreaterThan(proportion.value());
    }

    @Test
    void noneAndAllEndAtZeroAndOne() {
        assertThat(new Proportion(0, 10).low()).isZero();
        assertThat(new Proportion(0, 10).high()).isCloseTo(0.27753, within(1e-5));
        assertThat(new Proportion(10, 10).high()).isEqualTo(1);
        assertThat(new Proportion(10, 10).low()).isCloseTo(0.72247, within(1e-5));
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> new Proportion(3, 2)).hasMessage("3 of 2 is no proportion");
        assertThatThrownBy(() -> new Proportion(-1, 2)).hasMessage("-1 of 2 is no proportion");
        assertThatThrownBy(() -> new Proportion(0, 0)).hasMessage("0 of 0 is no proportion");
    }
}
