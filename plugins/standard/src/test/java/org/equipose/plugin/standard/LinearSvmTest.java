package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearSvmTest {

    /** Points at 1 and −1: the bias is 0, and ½w² + 2C(1−w)² has its minimum at w = 4C / (1 + 4C). */
    @ParameterizedTest(name = "C = {0}")
    @ValueSource(doubles = {0.01, 0.1, 1, 10})
    void twoPointsHaveTheMarginOfTheClosedForm(double c) {
        LinearSvm svm = LinearSvm.fit(Examples.ofCodes(new float[][] {{-1}, {1}}, new int[] {3, 8}), c);
        double w = 4 * c / (1 + 4 * c);
        assertThat(svm.classes()).containsExactly(3, 8);
        assertThat(svm.weights()[0]).containsExactly(new double[] {-w, 0}, within(1e-4 * w));
        assertThat(svm.weights()[1]).containsExactly(new double[] {w, 0}, within(1e-4 * w));
    }

    /** The weights that LinearSVC of scikit-learn 1.9 finds with C = 0.5, tol = 1e-10 in the primal. */
    @Test
    void threeClassesHaveTheWeightsOfLinearSvc() {
        float[][] points = {{0, 0}, {1, 0}, {0, 1}, {2, 1}, {1, 2}, {3, 3}, {3, 1}, {1, 3}, {2, 2}};
        LinearSvm svm = LinearSvm.fit(Examples.ofCodes(points, new int[] {0, 0, 0, 1, 1, 2, 1, 2, 2}), 0.5);
        double[][] expected = {
            {-0.4705882352941177, -0.4705882352941177, 0.7941176470588235},
            {0.33258928571428575, -0.23883928571428578, -0.421875},
            {-0.030505952380952377, 0.5409226190476191, -0.9635416666666669},
        };
        for (int k = 0; k < 3; k++) {
            assertThat(svm.weights()[k]).containsExactly(expected[k], within(2e-4));
        }
    }

    /** Where classes overlap, the gradient w − 2C Σ max(0, 1 − y w·x) y x must vanish; it is worked out here from the data. */
    @Test
    void theGradientVanishesAtTheOptimum() {
        SplittableRandom random = new SplittableRandom(1);
        float[][] codes = new float[200][3];
        int[] labels = new int[200];
        for (int i = 0; i < 200; i++) {
            labels[i] = i % 4;
            for (int j = 0; j < 3; j++) {
                codes[i][j] = (float) (random.nextGaussian() + (labels[i] == j ? 1.5 : 0));
            }
        }
        LinearSvm svm = LinearSvm.fit(Examples.ofCodes(codes, labels), 0.7);
        for (int k = 0; k < 4; k++) {
            double start = length(gradient(codes, labels, k, 0.7, new double[4]));
            assertThat(length(gradient(codes, labels, k, 0.7, svm.weights()[k])))
                    .isLessThan(1e-4 * start);
        }
    }

    private static double[] gradient(float[][] codes, int[] labels, int positive, double c, double[] w) {
        double[] gradient = w.clone();
        for (int i = 0; i < codes.length; i++) {
            double[] x = {codes[i][0], codes[i][1], codes[i][2], 1};
            double y = labels[i] == positive ? 1 : -1;
            double slack = 1;
            for (int j = 0; j < 4; j++) {
                slack -= y * w[j] * x[j];
            }
            for (int j = 0; j < 4; j++) {
                gradient[j] -= 2 * c * Math.max(0, slack) * y * x[j];
            }
        }
        return gradient;
    }

    private static double length(double[] vector) {
        double squares = 0;
        for (double v : vector) {
            squares += v * v;
        }
        return Math.sqrt(squares);
    }

    @Test
    void pixelsAreTheNumbersFromZeroToOne() {
        byte[] pixels = {0, 51, (byte) 255, 102, 0, 1};
        Split images = new Split(new ImageSpec(1, 2, 1), pixels, Optional.of(new int[] {1, 2, 3}), Optional.empty());
        Examples examples = Examples.ofPixels(images);
        assertThat(examples.features()).isEqualTo(3);
        assertThat(examples.rows()[1]).extracting("index").containsExactly(1, 2, 3);
        assertThat(examples.rows()[1]).extracting("value").containsExactly(1.0, 0.4, 1.0);
        // A zero is not written down.
        assertThat(examples.rows()[0]).extracting("index").containsExactly(2, 3);
        LinearSvm sparse = LinearSvm.fit(examples, 1);
        LinearSvm dense = LinearSvm.fit(
                Examples.ofCodes(new float[][] {{0, 0.2f}, {1, 0.4f}, {0, 1 / 255f}}, new int[] {1, 2, 3}), 1);
        for (int k = 0; k < 3; k++) {
            assertThat(sparse.weights()[k]).containsExactly(dense.weights()[k], within(1e-6));
        }
    }

    @Test
    void predictsTheClassWithTheHighestScoreAndOfEqualsTheFirst() {
        LinearSvm svm = new LinearSvm(new int[] {4, 6, 9}, new double[][] {{1, 0}, {-1, 0}, {-1, 0}});
        Examples examples = Examples.ofCodes(new float[][] {{2}, {-2}, {0}}, new int[] {4, 9, 4});
        assertThat(svm.predict(examples.rows()[0])).isEqualTo(4);
        assertThat(svm.predict(examples.rows()[1])).isEqualTo(6);
        assertThat(svm.predict(examples.rows()[2])).isEqualTo(4);
        assertThat(svm.correct(examples)).isEqualTo(2);
    }

    @Test
    void aSingleClassIsAlwaysPredicted() {
        Examples examples = Examples.ofCodes(new float[][] {{2}, {-2}}, new int[] {5, 5});
        assertThat(LinearSvm.fit(examples, 1).correct(examples)).isEqualTo(2);
    }
}
