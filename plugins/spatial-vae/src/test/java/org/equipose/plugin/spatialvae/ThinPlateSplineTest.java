package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.spi.Motion;
import org.equipose.tck.GraphFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes a spline of a warp: it passes through its control points, and bends no more than it must. */
class ThinPlateSplineTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void controlPointsMoveExactlyAsTold(int side) {
        float[] offsets = random(2 * side * side, 11);
        float[][] moved = displacement(side, offsets, new Grid(side, side));
        for (int i = 0; i < side * side; i++) {
            assertThat(moved[0][i]).as("x of control point %d", i).isCloseTo(offsets[2 * i], within(1e-5f));
            assertThat(moved[1][i]).as("y of control point %d", i).isCloseTo(offsets[2 * i + 1], within(1e-5f));
        }
    }

    /** An affine motion of the control points needs no bending: all points follow it. */
    @Test
    void affineMotionsAreReproducedEverywhere() {
        Grid controls = new Grid(3, 3);
        float[] offsets = new float[18];
        for (int i = 0; i < 9; i++) {
            offsets[2 * i] = (float) (0.1 + 0.2 * controls.x(i) - 0.05 * controls.y(i));
            offsets[2 * i + 1] = (float) (-0.2 + 0.1 * controls.x(i) + 0.3 * controls.y(i));
        }
        Grid points = new Grid(7, 9);
        float[][] moved = displacement(3, offsets, points);
        for (int p = 0; p < points.points(); p++) {
            double x = points.x(p);
            double y = points.y(p);
            assertThat((double) moved[0][p]).isCloseTo(0.1 + 0.2 * x - 0.05 * y, within(1e-5));
            assertThat((double) moved[1][p]).isCloseTo(-0.2 + 0.1 * x + 0.3 * y, within(1e-5));
        }
    }

    /** U(r) = r² log r² is the fundamental solution of the biharmonic equation: ΔΔf = 0 between control points. */
    @Test
    void theSurfaceIsBiharmonicBetweenControlPoints() {
        float[] offsets = new float[18];
        offsets[8] = 1; // the middle point, along x
        Grid fine = new Grid(81, 81);
        float[] f = displacement(3, offsets, fine)[0];
        double[] laplacian = laplacian(f, 81);
        double bent = 0;
        double flat = 0;
        for (int y = 10; y < 30; y++) {
            for (int x = 10; x < 30; x++) {
                bent = Math.max(bent, Math.abs(laplacian[y * 81 + x]));
                flat = Math.max(
                        flat,
                        Math.abs(laplacian[y * 81 + x - 5]
                                + laplacian[y * 81 + x + 5]
                                + laplacian[(y - 5) * 81 + x]
                                + laplacian[(y + 5) * 81 + x]
                                - 4 * laplacian[y * 81 + x]));
            }
        }
        assertThat(flat).as("Laplacian of the Laplacian against the Laplacian").isLessThan(0.1 * bent);
    }

    /** Differences over five cells, so that rounding to float does not swamp them. */
    private static double[] laplacian(float[] f, int side) {
        double[] result = new double[f.length];
        for (int y = 5; y < side - 5; y++) {
            for (int x = 5; x < side - 5; x++) {
                int i = y * side + x;
                result[i] = (double) f[i - 5] + f[i + 5] + f[i - 5 * side] + f[i + 5 * side] - 4.0 * f[i];
            }
        }
        return result;
    }

    @Test
    void oneControlPointIsNoSpline() {
        assertThatThrownBy(() -> new ThinPlateSpline.Settings(1, 4, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grid-size must be from 2 to 16 but was 1");
    }

    private static float[][] displacement(int side, float[] offsets, Grid points) {
        try (GraphFixture graph = new GraphFixture()) {
            Displacement moved = new ThinPlateSpline(new ThinPlateSpline.Settings(side, 4, 3))
                    .warp(graph.net(), graph.tf().constant(new float[][] {offsets}), points);
            return new float[][] {graph.fetch(moved.x()), graph.fetch(moved.y())};
        }
    }

    private static float[] random(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.3 * random.nextGaussian());
        }
        return values;
    }

    /**
     * Offsets ±1 of four corners, as a saddle: f = α Σ ± U, where f = 1 at (1, 1) gives α (8 log 8 − 2 · 4 log 4) = 1. Its energy
     * is summed here from second differences over a square of the plane; beyond it f bends as 1/r², so that little is left.
     */
    @Test
    void theBendingEnergyIsTheIntegralOfSecondDerivatives() {
        ThinPlateSpline spline = new ThinPlateSpline(new ThinPlateSpline.Settings(2, 4, 3));
        float[] saddle = {1, 0, -1, 0, -1, 0, 1, 0};
        double h = 0.05;
        double energy = 0;
        for (double x = -20; x < 20; x += h) {
            for (double y = -20; y < 20; y += h) {
                double xx = saddle(x + h, y) - 2 * saddle(x, y) + saddle(x - h, y);
                double yy = saddle(x, y + h) - 2 * saddle(x, y) + saddle(x, y - h);
                double xy =
                        (saddle(x + h, y + h) - saddle(x + h, y - h) - saddle(x - h, y + h) + saddle(x - h, y - h)) / 4;
                energy += (xx * xx + 2 * xy * xy + yy * yy) / (h * h);
            }
        }
        double found = spline.bendingEnergy(new float[][] {saddle}).orElseThrow()[0];
        assertThat(found).isCloseTo(8 * Math.PI / Math.log(2), within(1e-4)).isCloseTo(energy, within(0.02 * energy));
    }

    private static double saddle(double x, double y) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            double dx = x - (i % 2 == 0 ? -1 : 1);
            double dy = y - (i / 2 == 0 ? -1 : 1);
            double square = Math.max(dx * dx + dy * dy, 1e-300);
            sum += (i % 3 == 0 ? 1 : -1) * square * Math.log(square);
        }
        return sum / (8 * Math.log(2));
    }

    @Test
    void whatIsAffineDoesNotBendAndBothAxesCount() {
        ThinPlateSpline spline = new ThinPlateSpline();
        float[] affine = spline.pose(new Motion(3, -2, 40, 1.3), new ImageSpec(28, 28, 1))
                .orElseThrow();
        float[] bent = new float[18];
        float[] bentBothWays = new float[18];
        bent[4] = 0.3f;
        bentBothWays[4] = 0.3f;
        bentBothWays[13] = -0.6f;
        double[] energy =
                spline.bendingEnergy(new float[][] {affine, bent, bentBothWays}).orElseThrow();
        assertThat(energy[0]).isCloseTo(0, within(1e-9));
        // A corner above and another one, twice as far, beside it: by symmetry 1 + 4 times.
        assertThat(energy[1]).isPositive();
        assertThat(energy[2]).isCloseTo(5 * energy[1], within(1e-9));
    }
}
