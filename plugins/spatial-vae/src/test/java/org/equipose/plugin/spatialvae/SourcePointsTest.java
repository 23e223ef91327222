package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.tck.GraphFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Every family looks where its matrix says, and its inverse looks back; the matrices are worked out here in double. */
class SourcePointsTest {
    private static final Grid GRID = new Grid(7, 9);
    private static final int POSES = 6;

    /** Returns the 3×3 matrix of a pose, in row order. */
    @FunctionalInterface
    interface Matrix extends UnaryOperator<double[]> {}

    static Stream<Arguments> families() {
        return Stream.of(
                family(new Translation(), u -> new double[] {1, 0, u[0], 0, 1, u[1], 0, 0, 1}),
                family(new Similarity(), u -> rotation(u[0], u[1], u[1], u[2], u[3])),
                family(new Affine5(), u -> rotation(u[0], u[1], u[2], u[3], u[4])),
                family(new Affine(), u -> new double[] {1 + u[0], u[1], u[2], u[3], 1 + u[4], u[5], 0, 0, 1}),
                family(new Homography(), u ->
                        new double[] {1 + u[0], u[1], u[2], u[3], 1 + u[4], u[5], u[6], u[7], 1}));
    }

    private static Arguments family(SpatialTransform transform, Matrix matrix) {
        return Arguments.of(transform, matrix);
    }

    private static double[] rotation(double turn, double logX, double logY, double shiftX, double shiftY) {
        double sx = Math.exp(logX);
        double sy = Math.exp(logY);
        return new double[] {
            sx * Math.cos(turn),
            -sx * Math.sin(turn),
            sx * shiftX,
            sy * Math.sin(turn),
            sy * Math.cos(turn),
            sy * shiftY,
            0,
            0,
            1
        };
    }

    @ParameterizedTest
    @MethodSource("families")
    void aPointLooksWhereTheMatrixSays(SpatialTransform transform, Matrix matrix) {
        float[][] poses = poses(transform, 0.15);
        double[][][] sources = sources(transform, poses);
        for (int row = 0; row < POSES; row++) {
            for (int p = 0; p < GRID.points(); p++) {
                double[] expected = map(matrix.apply(widened(poses[row])), GRID.x(p), GRID.y(p));
                assertThat(sources[row][p]).as("pose %d, point %d", row, p).containsExactly(expected, within(1e-5));
            }
        }
    }

    /** The inverse is asked by the graph, the way back is worked out here. */
    @ParameterizedTest
    @MethodSource("families")
    void theInverseLooksBack(SpatialTransform transform, Matrix matrix) {
        float[][] poses = poses(transform, 0.15);
        double[][][] sources = sources(inverse(transform), poses);
        for (int row = 0; row < POSES; row++) {
            for (int p = 0; p < GRID.points(); p++) {
                double[] back = map(matrix.apply(widened(poses[row])), sources[row][p][0], sources[row][p][1]);
                assertThat(back)
                        .as("pose %d, point %d", row, p)
                        .containsExactly(new double[] {GRID.x(p), GRID.y(p)}, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void theInverseOfTheInverseIsTheFamily(SpatialTransform transform, Matrix matrix) {
        assertThat(inverse(transform).inverse()).containsSame(transform);
        assertThat(inverse(transform).poseSize(new ImageSpec(5, 5, 1)))
                .isEqualTo(transform.poseSize(new ImageSpec(5, 5, 1)));
    }

    /** Flat images have no inverse: the determinant stays 0.05 away from zero, on its own side. */
    @ParameterizedTest
    @CsvSource({"0.2, 0.05", "0.02, 0.05", "0, 0.05", "-0.02, -0.05", "-0.2, -0.2"})
    void theDeterminantIsFloored(double determinant, double divisor) {
        double counted = Math.abs(determinant) < 0.05 ? divisor : determinant;
        float[] pose = {0, 0, 0.5f, 0, (float) (determinant - 1), 0.25f}; // A = [[1, 0, 0.5], [0, determinant, 0.25]]
        double[][] sources = sources(inverse(new Affine()), new float[][] {pose})[0];
        for (int p = 0; p < GRID.points(); p++) {
            // The adjugate of the linear part is [[determinant, 0], [0, 1]].
            double[] expected = {
                determinant / counted * (GRID.x(p) - 0.5), (GRID.y(p) - 0.25) / counted,
            };
            assertThat(sources[p]).as("point %d", p).containsExactly(expected, within(1e-4));
        }
        assertThat(gradientIsFinite(inverse(new Affine()), pose)).isTrue();
    }

    /** Beyond |u7| + |u8| = 1 the horizon crosses the image. */
    @ParameterizedTest
    @CsvSource({
        "-1, 0, 0", // w = 0 along the right side
        "-3, 0, 0", // and negative behind the horizon
        "0, 2, 0", // w = 0 in the middle between two rows, and on none
        "-1, 0, -1", // 0/0 along the right side
        "300, -300, 0",
    })
    void theHorizonIsNotDividedBy(float u7, float u8, float u1) {
        float[] pose = {u1, 0, 1 + u1, 0, 0, 0.2f, u7, u8};
        double[] matrix = {1.0 + u1, 0, pose[2], 0, 1, 0.2f, u7, u8, 1};
        double[][] sources = sources(new Homography(), new float[][] {pose})[0];
        int exact = 0;
        for (int p = 0; p < GRID.points(); p++) {
            double w = u7 * GRID.x(p) + u8 * GRID.y(p) + 1;
            if (Math.abs(w) > 0.011) {
                double[] expected = map(matrix, GRID.x(p), GRID.y(p));
                assertThat(sources[p]).as("point %d", p).containsExactly(expected, within(1e-4));
                exact++;
            } else {
                assertThat(Math.hypot(sources[p][0], sources[p][1])).isFinite().isLessThan(500);
            }
        }
        assertThat(exact).isGreaterThan(GRID.points() / 2);
        for (SpatialTransform transform : List.of(new Homography(), inverse(new Homography()))) {
            assertThat(gradientIsFinite(transform, pose)).isTrue();
        }
    }

    /** A projective map without an inverse is undone by something finite. */
    @Test
    void aFlatHomographyIsUndoneByNumbers() {
        float[] flat = {-1, 0, 0, 0, -1, 0, 0.3f, 0.2f};
        for (double[] point : sources(inverse(new Homography()), new float[][] {flat})[0]) {
            assertThat(Double.isFinite(point[0]) && Double.isFinite(point[1])).isTrue();
        }
        assertThat(gradientIsFinite(inverse(new Homography()), flat)).isTrue();
    }

    /** What a person asks of a picture that is not square stretches its coordinates, except in some directions. */
    @ParameterizedTest
    @CsvSource({"0, true, true", "180, true, true", "90, false, true", "-270, false, true", "30, false, false"})
    void turnsOfAnOblongPicture(double turn, boolean similar, boolean affine5) {
        ImageSpec oblong = new ImageSpec(20, 30, 1);
        Motion motion = new Motion(3, -2, turn, 1.2);
        check(new Similarity(), motion, oblong, similar);
        check(new Affine5(), motion, oblong, affine5);
        check(new Affine(), motion, oblong, true);
        check(new Homography(), motion, oblong, true);
        check(new Translation(), motion, oblong, false);
        check(new Translation(), new Motion(3, -2, 4 * turn, 1), oblong, turn % 90 == 0);
    }

    private static void check(SpatialTransform transform, Motion motion, ImageSpec image, boolean contained) {
        Optional<float[]> pose = transform.pose(motion, image);
        assertThat(pose.isPresent())
                .as("%s has %s", transform.getClass().getSimpleName(), motion)
                .isEqualTo(contained);
        pose.ifPresent(u -> {
            double[] m = motion.samplingMap(image);
            double[] matrix = {m[0], m[1], m[2], m[3], m[4], m[5], 0, 0, 1};
            double[][] sources = sources(transform, new float[][] {u})[0];
            for (int p = 0; p < GRID.points(); p++) {
                assertThat(sources[p]).containsExactly(map(matrix, GRID.x(p), GRID.y(p)), within(1e-5));
            }
        });
    }

    private static SpatialTransform inverse(SpatialTransform transform) {
        PoseTransform inverse = transform.inverse().orElseThrow();
        return (SpatialTransform) inverse;
    }

    private static double[] map(double[] m, double x, double y) {
        double w = m[6] * x + m[7] * y + m[8];
        return new double[] {(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w};
    }

    /** Returns [poses][points][x, y]. */
    private static double[][][] sources(SpatialTransform transform, float[][] poses) {
        try (GraphFixture graph = new GraphFixture()) {
            Displacement moved = transform.warp(graph.net(), graph.tf().constant(poses), GRID);
            List<float[]> values = graph.fetch(List.of(moved.x(), moved.y()));
            double[][][] sources = new double[poses.length][GRID.points()][];
            for (int i = 0; i < values.get(0).length; i++) {
                int p = i % GRID.points();
                sources[i / GRID.points()][p] =
                        new double[] {GRID.x(p) + values.get(0)[i], GRID.y(p) + values.get(1)[i]};
            }
            return sources;
        }
    }

    /** Of the coordinates and of an image that is looked up there. */
    private static boolean gradientIsFinite(SpatialTransform transform, float[] pose) {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> u = graph.input(pose, 1, pose.length);
            Displacement moved = transform.warp(graph.net(), u, GRID);
            float[] pixels = new float[7 * 9];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) Math.sin(i);
            }
            ImageSpec image = new ImageSpec(7, 9, 1);
            Operand<TFloat32> looked =
                    transform.apply(graph.net(), graph.input(pixels, 1, 7, 9, 1), u, image, Border.ZERO);
            boolean finite = true;
            for (Operand<TFloat32> y : List.of(moved.x(), moved.y(), looked)) {
                for (float[] values :
                        List.of(graph.fetch(y), graph.gradient(y, u).orElseThrow())) {
                    for (float value : values) {
                        finite &= Float.isFinite(value);
                    }
                }
            }
            return finite;
        }
    }

    private static float[][] poses(SpatialTransform transform, double deviation) {
        Random random = new Random(41);
        float[][] poses = new float[POSES][transform.poseSize(new ImageSpec(7, 9, 1))];
        for (float[] pose : poses) {
            for (int i = 0; i < pose.length; i++) {
                pose[i] = (float) (deviation * random.nextGaussian());
            }
        }
        return poses;
    }

    private static double[] widened(float[] values) {
        double[] widened = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            widened[i] = values[i];
        }
        return widened;
    }
}
