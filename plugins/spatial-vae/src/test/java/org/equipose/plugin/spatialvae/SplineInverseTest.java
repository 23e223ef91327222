package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.tck.GraphFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class SplineInverseTest {
    private static final Grid POINTS = new Grid(15, 15);

    private static SpatialTransform inverse(ThinPlateSpline.Settings settings) {
        return (SpatialTransform) new ThinPlateSpline(settings).inverse().orElseThrow();
    }

    /** Applied in double precision, straight from the definition of the spline, the displacement leads back. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void leadsBackWhereItCameFrom(int side) {
        float[] pose = offsets(side, 0.2 / (side - 1)); // in units of the distance between control points
        ThinPlateSpline.Settings coarse = new ThinPlateSpline.Settings(side, 4, 3);
        double[] residuals = residuals(side, pose, inverse(coarse), POINTS);
        assertThat(mean(residuals)).isLessThan(1e-3);
        // More of both does better: what is left is what the nodes cannot tell.
        ThinPlateSpline.Settings fine = new ThinPlateSpline.Settings(side, 6, 8);
        assertThat(mean(residuals(side, pose, inverse(fine), POINTS))).isLessThan(0.6 * mean(residuals));
        // On its nodes it is exact.
        Grid nodes = new Grid(6 * side, 6 * side);
        assertThat(max(residuals(side, pose, inverse(fine), nodes))).isLessThan(1e-4);
    }

    /** Without bending it is the inverse of an affine map, everywhere. */
    @Test
    void undoesAnAffineMotion() {
        Grid controls = new Grid(3, 3);
        float[] pose = new float[18];
        for (int i = 0; i < 9; i++) {
            pose[2 * i] = (float) (0.1 + 0.3 * controls.x(i) - 0.2 * controls.y(i));
            pose[2 * i + 1] = (float) (-0.2 + 0.4 * controls.x(i) - 0.3 * controls.y(i));
        }
        float[][] e = look(inverse(new ThinPlateSpline.Settings()), pose, POINTS);
        for (int p = 0; p < POINTS.points(); p++) {
            // Solve 1.3 x − 0.2 y = qx − 0.1 and 0.4 x + 0.7 y = qy + 0.2.
            double right = POINTS.x(p) - 0.1;
            double down = POINTS.y(p) + 0.2;
            double determinant = 1.3 * 0.7 + 0.2 * 0.4;
            assertThat(POINTS.x(p) + e[0][p]).isCloseTo((0.7 * right + 0.2 * down) / determinant, within(1e-4));
            assertThat(POINTS.y(p) + e[1][p]).isCloseTo((1.3 * down - 0.4 * right) / determinant, within(1e-4));
        }
    }

    /** Its own residual, in single precision and on points of its own, says what double precision says. */
    @Test
    void tellsItsResidual() {
        float[] pose = offsets(3, 0.15);
        ThinPlateSpline.Settings rough = new ThinPlateSpline.Settings(3, 5, 1);
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> u = graph.input(pose, 1, pose.length);
            float told = graph.fetch(inverse(rough)
                    .diagnostics(graph.net(), u, new ImageSpec(9, 9, 1))
                    .get(0)
                    .value())[0];
            double found = mean(residuals(3, pose, inverse(rough), POINTS));
            assertThat((double) told).isGreaterThan(1e-4).isCloseTo(found, within(0.02 * found));
        }
    }

    /** A spline that folds has no inverse, but nothing becomes infinite, and the residual tells. */
    @Test
    void aFoldedSplineGivesFiniteNumbers() {
        float[] pose = offsets(3, 3);
        SpatialTransform inverse = inverse(new ThinPlateSpline.Settings());
        for (float[] axis : look(inverse, pose, POINTS)) {
            for (float value : axis) {
                assertThat(value).isFinite();
            }
        }
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> u = graph.input(pose, 1, 18);
            Displacement look = inverse.warp(graph.net(), u, POINTS);
            for (float slope : graph.gradient(look.x(), u).orElseThrow()) {
                assertThat(slope).isFinite();
            }
            assertThat(graph.fetch(inverse.diagnostics(graph.net(), u, new ImageSpec(9, 9, 1))
                            .get(0)
                            .value())[0])
                    .isGreaterThan(0.01f);
        }
    }

    @Test
    void checksItsSettings() {
        assertThatThrownBy(() -> new ThinPlateSpline.Settings(3, 1, 3))
                .hasMessage("inverse-nodes must be from 2 to 16 but was 1");
        assertThatThrownBy(() -> new ThinPlateSpline.Settings(3, 4, 0))
                .hasMessage("inverse-steps must be from 1 to 100 but was 0");
    }

    private static float[][] look(SpatialTransform inverse, float[] pose, Grid points) {
        try (GraphFixture graph = new GraphFixture()) {
            Displacement e = inverse.warp(graph.net(), graph.input(pose, 1, pose.length), points);
            return new float[][] {graph.fetch(e.x()), graph.fetch(e.y())};
        }
    }

    /** Returns |e + d(q + e)| with d by the coefficients of the spline, in double precision. */
    private static double[] residuals(int side, float[] pose, SpatialTransform inverse, Grid points) {
        float[][] e = look(inverse, pose, points);
        SplineSystem system = new SplineSystem(side);
        double[][] coefficients = system.coefficients();
        double[] residuals = new double[points.points()];
        for (int p = 0; p < residuals.length; p++) {
            double x = points.x(p) + e[0][p];
            double y = points.y(p) + e[1][p];
            double[] rest = {e[0][p], e[1][p]};
            for (int axis = 0; axis < 2; axis++) {
                for (int i = 0; i < system.controls(); i++) {
                    double value = coefficients[system.controls()][i]
                            + x * coefficients[system.controls() + 1][i]
                            + y * coefficients[system.controls() + 2][i];
                    for (int j = 0; j < system.controls(); j++) {
                        double square = Math.pow(x - system.x(j), 2) + Math.pow(y - system.y(j), 2);
                        value += coefficients[j][i] * (square == 0 ? 0 : square * Math.log(square));
                    }
                    rest[axis] += value * pose[2 * i + axis];
                }
            }
            residuals[p] = Math.hypot(rest[0], rest[1]);
        }
        return residuals;
    }

    private static double mean(double[] values) {
        return java.util.Arrays.stream(values).average().orElseThrow();
    }

    private static double max(double[] values) {
        return java.util.Arrays.stream(values).max().orElseThrow();
    }

    private static float[] offsets(int side, double deviation) {
        Random random = new Random(7);
        float[] values = new float[2 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
