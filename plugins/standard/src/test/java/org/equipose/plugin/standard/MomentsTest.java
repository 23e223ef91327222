package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.equipose.core.spi.Values;
import org.junit.jupiter.api.Test;

class MomentsTest {

    @Test
    void fourPointsByHand() {
        // x = 1, 1, 3, 3 and y = 0, 2, 4, 6: variances 1 and 5, covariance 2.
        Moments moments = Moments.of(new Values(new long[] {4, 2}, new float[] {1, 0, 1, 2, 3, 4, 3, 6}));
        assertThat(moments.mean()).containsExactly(2, 3);
        assertThat(moments.covariance()).isDeepEqualTo(new double[][] {{1, 2}, {2, 5}});
        assertThat(moments.standardDeviation(1)).isCloseTo(Math.sqrt(5), within(1e-12));
        assertThat(moments.largestCorrelation()).isCloseTo(2 / Math.sqrt(5), within(1e-12));
    }

    /** The variances are the diagonal of the covariance. */
    @Test
    void marginalsAreTheirDiagonal() {
        Random random = new Random(4);
        float[] data = new float[7 * 300];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) (100 + i % 7 * random.nextGaussian());
        }
        Values draws = new Values(new long[] {300, 7}, data);
        Moments moments = Moments.of(draws);
        Marginals marginals = Marginals.of(draws);
        assertThat(marginals.mean()).isEqualTo(moments.mean());
        assertThat(marginals.variance()[0]).isZero();
        for (int i = 0; i < 7; i++) {
            assertThat(marginals.variance()[i]).isCloseTo(moments.covariance()[i][i], within(1e-10));
            assertThat(marginals.standardDeviation(i)).isCloseTo(moments.standardDeviation(i), within(1e-10));
        }
    }

    @Test
    void theEffectiveRankCountsDimensionsThatVaryAlike() {
        assertThat(diagonal(2, 2, 2).effectiveRank()).isCloseTo(3, within(1e-12));
        assertThat(diagonal(7, 7, 0, 0).effectiveRank()).isCloseTo(2, within(1e-12));
        assertThat(diagonal(0, 0).effectiveRank()).isZero();
        // p = ¾, ¼: exp(−¾ log ¾ − ¼ log ¼) = 4 / 3^¾.
        assertThat(diagonal(3, 1).effectiveRank()).isCloseTo(4 / Math.pow(3, 0.75), within(1e-12));
        // The same value twice is one dimension.
        assertThat(new Moments(new double[2], new double[][] {{1, 1}, {1, 1}}).effectiveRank())
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void aConstantIsCorrelatedWithNothing() {
        assertThat(diagonal(1, 0).correlation(0, 1)).isZero();
        assertThat(diagonal(1, 0).correlation(1, 1)).isEqualTo(1);
    }

    private static Moments diagonal(double... variances) {
        double[][] covariance = new double[variances.length][variances.length];
        for (int i = 0; i < variances.length; i++) {
            covariance[i][i] = variances[i];
        }
        return new Moments(new double[variances.length], covariance);
    }
}
