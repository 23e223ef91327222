package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.equipose.core.spi.Values;
import org.junit.jupiter.api.Test;

class PrincipalPlaneTest {

    /** Six points on three axes at right angles: variances 25/3, 4/3 and 1/3 along (0, 0.6, −0.8), (1, 0, 0) and (0, 0.8, 0.6). */
    @Test
    void theAxesOfLargestVarianceAreFound() {
        float[][] axes = {{0, 0.6f, -0.8f}, {1, 0, 0}, {0, 0.8f, 0.6f}};
        float[] lengths = {5, 2, 1};
        float[] data = new float[18];
        for (int i = 0; i < 6; i++) {
            for (int k = 0; k < 3; k++) {
                data[i * 3 + k] = 7 + (i % 2 == 0 ? 1 : -1) * lengths[i / 2] * axes[i / 2][k];
            }
        }
        Values codes = new Values(new long[] {6, 3}, data);
        PrincipalPlane plane = PrincipalPlane.of(codes);
        assertThat(plane.mean()).containsExactly(new double[] {7, 7, 7}, within(1e-6));
        // The largest entry is positive.
        assertThat(plane.axes()[0]).containsExactly(new double[] {0, -0.6, 0.8}, within(1e-6));
        assertThat(plane.axes()[1]).containsExactly(new double[] {1, 0, 0}, within(1e-6));
        assertThat(plane.shares()).containsExactly(new double[] {25.0 / 30, 4.0 / 30}, within(1e-6));
        assertThat(plane.project(codes, 0)).containsExactly(new double[] {-5, 5, 0, 0, 0, 0}, within(1e-6));
        assertThat(plane.project(codes, 1)).containsExactly(new double[] {0, 0, 2, -2, 0, 0}, within(1e-6));
    }

    /** An eigenvector is only stretched by the covariance, and no random direction has more variance than the first. */
    @Test
    void theAxesAreEigenvectors() {
        int size = 20;
        Random random = new Random(9);
        float[] mix = new float[size * size];
        for (int i = 0; i < mix.length; i++) {
            mix[i] = (float) random.nextGaussian();
        }
        float[] data = new float[500 * size];
        for (int row = 0; row < 500; row++) {
            for (int k = 0; k < size; k++) {
                float source = (float) random.nextGaussian();
                for (int i = 0; i < size; i++) {
                    data[row * size + i] += mix[k * size + i] * source;
                }
            }
        }
        Values codes = new Values(new long[] {500, size}, data);
        PrincipalPlane plane = PrincipalPlane.of(codes);
        double[] first = plane.project(codes, 0);
        double[] second = plane.project(codes, 1);
        double product = 0;
        double[] stretched = new double[size];
        double variance = 0;
        for (int row = 0; row < 500; row++) {
            product += first[row] * second[row] / 500;
            variance += first[row] * first[row] / 500;
            for (int i = 0; i < size; i++) {
                stretched[i] += first[row] * (data[row * size + i] - plane.mean()[i]) / 500;
            }
        }
        assertThat(product).isCloseTo(0, within(1e-8));
        for (int i = 0; i < size; i++) {
            assertThat(stretched[i]).isCloseTo(variance * plane.axes()[0][i], within(1e-7));
        }
        assertThat(plane.shares()[0]).isGreaterThan(plane.shares()[1]);
    }

    @Test
    void codesThatDoNotVaryHaveNoShare() {
        PrincipalPlane plane = PrincipalPlane.of(new Values(new long[] {4, 3}, new float[12]));
        assertThat(plane.shares()).containsExactly(0, 0);
    }
}
