package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearRegressionTest {

    @Test
    void whatIsLinearIsFoundExactly() {
        float[][] x = {{0, 0}, {1, 0}, {0, 1}, {2, 3}};
        double[][] y = {{1, 5}, {3, 5}, {0, 5}, {2, 5}}; // 1 + 2 a − b, and 5
        LinearRegression found = LinearRegression.fit(x, y);
        assertThat(found.predict(new float[] {10, -4})).containsExactly(new double[] {25, 5}, within(1e-6));
    }

    /** What is left over is uncorrelated with the inputs and with a constant. */
    @Test
    void theRestIsOrthogonalToTheInputs() {
        Random random = new Random(4);
        float[][] x = new float[200][3];
        double[][] y = new double[200][1];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < 3; i++) {
                x[row][i] = (float) random.nextGaussian();
            }
            y[row][0] = Math.sin(3 * x[row][0]) + x[row][1] * x[row][2] + 2;
        }
        LinearRegression found = LinearRegression.fit(x, y);
        double[] product = new double[4];
        for (int row = 0; row < x.length; row++) {
            double rest = y[row][0] - found.predict(x[row])[0];
            for (int i = 0; i < 4; i++) {
                product[i] += rest * (i < 3 ? x[row][i] : 1) / x.length;
            }
        }
        assertThat(product).containsExactly(new double[4], within(1e-6));
    }

    /** Inputs that never change, or are twice the same, leave weights open. */
    @Test
    void weightsThatAreOpenAreSmall() {
        float[][] x = {{1, 1, 0.5f}, {2, 2, 0.5f}, {3, 3, 0.5f}};
        LinearRegression found = LinearRegression.fit(x, new double[][] {{2}, {4}, {6}});
        assertThat(found.predict(new float[] {4, 4, 0.5f})[0]).isCloseTo(8, within(1e-4));
        assertThat(found.weights()[0][0]).isCloseTo(1, within(1e-3));
        assertThat(found.weights()[0][1]).isCloseTo(1, within(1e-3));
    }
}
