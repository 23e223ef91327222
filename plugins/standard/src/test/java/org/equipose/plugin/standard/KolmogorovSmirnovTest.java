package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KolmogorovSmirnovTest {

    @Test
    void smallSamplesByHand() {
        float[] a = {1, 2, 3, 4};
        assertThat(KolmogorovSmirnov.distance(a, a)).isZero();
        assertThat(KolmogorovSmirnov.distance(a, new float[] {5, 6})).isEqualTo(1);
        // Below 2.5 lies half of the one and nothing of the other.
        assertThat(KolmogorovSmirnov.distance(a, new float[] {2.5f, 3.5f, 9})).isEqualTo(0.5);
        // Values that occur in both count on both sides.
        assertThat(KolmogorovSmirnov.distance(new float[] {0, 0, 1}, new float[] {0, 1, 1}))
                .isCloseTo(1 / 3.0, within(1e-12));
    }

    /** Normals that are one standard deviation apart: 2Φ(½) − 1 = 0.3829. */
    @Test
    void shiftedNormalsAreAsFarApartAsTheirLaws() {
        Random random = new Random(2);
        float[] a = new float[100_000];
        float[] b = new float[50_000];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) (1 + random.nextGaussian());
        }
        Arrays.sort(a);
        Arrays.sort(b);
        assertThat(KolmogorovSmirnov.distance(a, b)).isCloseTo(0.3829, within(0.01));
    }
}
