package org.equipose.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {

    private static Split images(int width, int... values) {
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            pixels[i] = (byte) values[i];
        }
        return new Split(new ImageSpec(1, width, 1), pixels, Optional.empty(), Optional.empty());
    }

    /** More rows than fit into one batch, whose values depend on one another. */
    private static Split random(int count, int width) {
        SplittableRandom random = new SplittableRandom(4);
        int[] values = new int[count * width];
        for (int i = 0; i < count; i++) {
            int common = random.nextInt(120);
            for (int j = 0; j < width; j++) {
                values[i * width + j] = j % 3 == 0 ? common + random.nextInt(60) : random.nextInt(20 * (j + 1));
            }
        }
        return images(width, values);
    }

    /** Two pixels of variance a and covariance b vary most along (1, ±1)/√2, by a + |b|, and least across, by a − |b|. */
    @Test
    void twoPixelsHaveTheComponentsOfTheClosedForm() {
        Split split =
                images(2, 0, 51, 51, 0, 102, 255, 255, 102); // both pixels are 0, 0.2, 0.4 and 1, in another order
        double variance = (0.16 + 0.04 + 0 + 0.36) / 3; // about 0.4
        double covariance = 2 * ((-0.4 * -0.2) + (0 * 0.6)) / 3;
        PrincipalComponents components = PrincipalComponents.of(split, 2);
        assertThat(components.variances())
                .containsExactly(new double[] {variance + covariance, variance - covariance}, within(1e-14));
        double half = Math.sqrt(0.5);
        assertThat(components.component(0)).containsExactly(new double[] {half, half}, within(1e-12));
        assertThat(Math.abs(components.component(1)[0])).isCloseTo(half, within(1e-12));
        assertThat(components.component(1)[1]).isCloseTo(-components.component(1)[0], within(1e-12));
        assertThat(components.project(split)[3][0]).isCloseTo((float) (0.6 * half), within(1e-6f));
    }

    /** C v = λ v with the covariance worked out here, entry by entry; orthonormal, in descending order, largest entry positive. */
    @Test
    void componentsAreEigenvectorsOfTheCovariance() {
        Split split = random(2500, 7);
        PrincipalComponents components = PrincipalComponents.of(split, 7);
        double[][] covariance = new double[7][7];
        double trace = 0;
        for (int a = 0; a < 7; a++) {
            for (int b = 0; b < 7; b++) {
                covariance[a][b] = covariance(split, a, b);
            }
            trace += covariance[a][a];
        }
        double[] variances = components.variances();
        assertThat(Arrays.stream(variances).sum()).isCloseTo(trace, within(1e-12));
        for (int k = 0; k < 7; k++) {
            double[] v = components.component(k);
            for (int a = 0; a < 7; a++) {
                assertThat(dot(covariance[a], v)).isCloseTo(variances[k] * v[a], within(1e-12));
            }
            for (int other = 0; other < 7; other++) {
                assertThat(dot(v, components.component(other))).isCloseTo(other == k ? 1 : 0, within(1e-12));
            }
            assertThat(Arrays.stream(v).max().orElseThrow())
                    .isGreaterThanOrEqualTo(-Arrays.stream(v).min().orElseThrow());
            assertThat(k == 0 || variances[k] < variances[k - 1]).isTrue();
        }
    }

    private static double covariance(Split split, int a, int b) {
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < split.count(); i++) {
            meanA += (split.pixels()[i * 7 + a] & 0xff) / 255.0 / split.count();
            meanB += (split.pixels()[i * 7 + b] & 0xff) / 255.0 / split.count();
        }
        double sum = 0;
        for (int i = 0; i < split.count(); i++) {
            sum += ((split.pixels()[i * 7 + a] & 0xff) / 255.0 - meanA)
                    * ((split.pixels()[i * 7 + b] & 0xff) / 255.0 - meanB);
        }
        return sum / (split.count() - 1);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Along each component the images vary by its variance, about zero; the few are the first of the many. */
    @Test
    void projectionsVaryAsTheComponentsSay() {
        Split split = random(300, 7);
        PrincipalComponents few = PrincipalComponents.of(split, 2);
        PrincipalComponents many = PrincipalComponents.of(split, 7);
        assertThat(few.dimensions()).isEqualTo(2);
        float[][] coordinates = few.project(split);
        for (int k = 0; k < 2; k++) {
            assertThat(few.component(k)).isEqualTo(many.component(k));
            double sum = 0;
            double squares = 0;
            for (float[] row : coordinates) {
                assertThat(row).hasSize(2);
                sum += row[k];
                squares += row[k] * row[k];
            }
            assertThat(sum / 300).isCloseTo(0, within(1e-6));
            assertThat(squares / 299).isCloseTo(few.variances()[k], within(1e-6));
        }
        // Of all components nothing is lost: distances stay.
        float[][] all = many.project(split);
        double distance = 0;
        for (int j = 0; j < 7; j++) {
            distance += Math.pow(split.value(0, j) - split.value(1, j), 2) - Math.pow(all[0][j] - all[1][j], 2);
        }
        assertThat(distance).isCloseTo(0, within(1e-6));
    }

    /** Other images are seen from the mean of those that the components are of. */
    @Test
    void projectsImagesItHasNotSeen() {
        PrincipalComponents components = PrincipalComponents.of(images(2, 51, 0, 153, 0), 1);
        assertThat(components.component(0)).containsExactly(new double[] {1, 0}, within(1e-12));
        assertThat(components.project(images(2, 255, 77))[0][0]).isCloseTo(0.6f, within(1e-6f));
    }

    @Test
    void refusesWhatHasNoComponents() {
        assertThatThrownBy(() -> PrincipalComponents.of(random(3, 7), 8))
                .hasMessage("images of 7 values have 1 to 7 components, not 8");
        assertThatThrownBy(() -> PrincipalComponents.of(images(2, 1, 2), 1))
                .hasMessage("components need at least two images, not 1");
        assertThatThrownBy(() -> PrincipalComponents.of(random(3, 7), 2).project(images(2, 1, 2)))
                .hasMessage("the components are of images of 7 values, not of 2");
    }
}
