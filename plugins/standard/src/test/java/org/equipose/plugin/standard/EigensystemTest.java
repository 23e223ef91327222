package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EigensystemTest {

    /** Of [[1, 2], [2, 5]]: 3 ± 2√2, and vectors (1, 1 ± √2) up to their length. */
    @Test
    void twoByTwoByHand() {
        Eigensystem found = Eigensystem.of(new double[][] {{1, 2}, {2, 5}});
        assertThat(found.values())
                .containsExactly(new double[] {3 + 2 * Math.sqrt(2), 3 - 2 * Math.sqrt(2)}, within(1e-12));
        assertThat(found.vectors()[0][1] / found.vectors()[0][0]).isCloseTo(1 + Math.sqrt(2), within(1e-12));
        assertThat(found.vectors()[1][1] / found.vectors()[1][0]).isCloseTo(1 - Math.sqrt(2), within(1e-12));
    }

    /** A chain of n springs, 2 on the diagonal and −1 beside it: λ = 2 − 2 cos(kπ / (n + 1)). */
    @Test
    void aChainHasItsKnownFrequencies() {
        int size = 30;
        double[][] chain = new double[size][size];
        for (int i = 0; i < size; i++) {
            chain[i][i] = 2;
            if (i > 0) {
                chain[i][i - 1] = -1;
                chain[i - 1][i] = -1;
            }
        }
        double[] expected = new double[size];
        Arrays.setAll(expected, i -> 2 - 2 * Math.cos((size - i) * Math.PI / (size + 1)));
        assertThat(Eigensystem.of(chain).values()).containsExactly(expected, within(1e-12));
    }

    /** A v = λ v, vectors at right angles, Σ λ the trace and Σ λ² the sum of the squared entries, which stay as they were. */
    @Test
    void theEquationHolds() {
        int size = 12;
        Random random = new Random(1);
        double[][] a = new double[size][size];
        double trace = 0;
        double squares = 0;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                a[i][j] = random.nextGaussian();
                a[j][i] = a[i][j];
                squares += a[i][j] * a[i][j] * (i == j ? 1 : 2);
            }
            trace += a[i][i];
        }
        double[][] before = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
        Eigensystem found = Eigensystem.of(a);
        assertThat(a).isDeepEqualTo(before);
        assertThat(Arrays.stream(found.values()).sum()).isCloseTo(trace, within(1e-12));
        assertThat(Arrays.stream(found.values()).map(v -> v * v).sum()).isCloseTo(squares, within(1e-11));
        for (int k = 0; k < size; k++) {
            double[] v = found.vectors()[k];
            for (int i = 0; i < size; i++) {
                assertThat(product(a[i], v)).isCloseTo(found.values()[k] * v[i], within(1e-12));
                assertThat(product(found.vectors()[i], v)).isCloseTo(i == k ? 1 : 0, within(1e-12));
            }
            assertThat(found.values()[k]).isLessThanOrEqualTo(found.values()[Math.max(0, k - 1)]);
        }
    }

    @Test
    void nothingHasEigenvaluesOfZero() {
        assertThat(Eigensystem.of(new double[3][3]).values()).containsExactly(0, 0, 0);
    }

    private static double product(double[] x, double[] y) {
        double product = 0;
        for (int i = 0; i < x.length; i++) {
            product += x[i] * y[i];
        }
        return product;
    }
}
