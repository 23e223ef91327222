package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Grid;
import org.equipose.core.spi.ComposedTransform;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseReading;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.tck.GraphFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A pose is read as the motion it was made from, by every family that has the motion. */
class PoseReadingTest {
    private static final ImageSpec SQUARE = new ImageSpec(29, 29, 1);
    private static final ImageSpec WIDE = new ImageSpec(21, 33, 1);
    private static final List<Motion> MOTIONS = List.of(
            new Motion(0, 0, 0, 1),
            new Motion(5, 0, 0, 1),
            new Motion(0, -4, 0, 1),
            new Motion(0, 0, 30, 1),
            new Motion(0, 0, 0, 1.2),
            new Motion(3, -2, 150, 0.8));

    static List<SpatialTransform> families() {
        return List.of(
                new Translation(),
                new Similarity(),
                new Affine5(),
                new Affine(),
                new Homography(),
                new ThinPlateSpline(),
                new ThinPlateSpline(new ThinPlateSpline.Settings(4, 4, 3)));
    }

    private static PoseReading read(PoseTransform transform, float[] pose, ImageSpec image) {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> u = graph.input(pose, 1, pose.length);
            Operand<TFloat32> fitted =
                    PoseReading.fit(graph.net(), transform, u, image).orElseThrow();
            return PoseReading.of(graph.fetch(fitted), image);
        }
    }

    private static void compare(PoseReading found, PoseReading expected, double tolerance) {
        assertThat(Math.IEEEremainder(found.turn() - expected.turn(), 360)).isCloseTo(0, within(10 * tolerance));
        assertThat(found.scaleX()).isCloseTo(expected.scaleX(), within(tolerance));
        assertThat(found.scaleY()).isCloseTo(expected.scaleY(), within(tolerance));
        assertThat(found.shear()).isCloseTo(expected.shear(), within(tolerance));
        assertThat(found.right()).isCloseTo(expected.right(), within(10 * tolerance));
        assertThat(found.down()).isCloseTo(expected.down(), within(10 * tolerance));
        assertThat(found.remainder()).isCloseTo(expected.remainder(), within(10 * tolerance));
    }

    @ParameterizedTest
    @MethodSource("families")
    void aPoseIsReadAsTheMotionItWasMadeFrom(SpatialTransform transform) {
        int read = 0;
        for (ImageSpec image : List.of(SQUARE, WIDE)) {
            for (Motion motion : MOTIONS) {
                Optional<float[]> pose = transform.pose(motion, image);
                if (pose.isPresent()) {
                    read++;
                    compare(
                            read(transform, pose.get(), image),
                            new PoseReading(
                                    motion.turn(), motion.scale(), motion.scale(), 0, motion.right(), motion.down(), 0),
                            1e-5);
                }
            }
        }
        // A shift at least, on both images; all motions of the square one for all but translations.
        assertThat(read).isGreaterThanOrEqualTo(transform instanceof Translation ? 6 : 6 + 4);
    }

    /** T_u = T_a T_b T_c: c moves the object first. Turns add up, scales multiply, and a shift is turned and scaled by what follows. */
    @Test
    void composedMotionsAreReadAsOne() {
        List<SpatialTransform> parts = List.of(new Similarity(), new Affine(), new Affine5());
        List<Motion> motions =
                List.of(new Motion(2, 1, 40, 1.1), new Motion(0, -3, -15, 0.9), new Motion(1, 2, 25, 1.25));
        double right = 0;
        double down = 0;
        for (int i = 2; i >= 0; i--) {
            Motion motion = motions.get(i);
            double turn = Math.toRadians(motion.turn());
            double x = motion.scale() * (Math.cos(turn) * right - Math.sin(turn) * down) + motion.right();
            down = motion.scale() * (Math.sin(turn) * right + Math.cos(turn) * down) + motion.down();
            right = x;
        }
        double scale = 1.1 * 0.9 * 1.25;
        PoseTransform composed = ComposedTransform.of(List.copyOf(parts));
        float[] pose = concatenated(
                parts.get(0).pose(motions.get(0), SQUARE).orElseThrow(),
                parts.get(1).pose(motions.get(1), SQUARE).orElseThrow(),
                parts.get(2).pose(motions.get(2), SQUARE).orElseThrow());
        compare(read(composed, pose, SQUARE), new PoseReading(50, scale, scale, 0, right, down, 0), 1e-5);
        // The same pose, undone: where the object was is where it came from.
        double back = Math.toRadians(-50);
        compare(
                read(composed.inverse().orElseThrow(), pose, SQUARE),
                new PoseReading(
                        -50,
                        1 / scale,
                        1 / scale,
                        0,
                        -(Math.cos(back) * right - Math.sin(back) * down) / scale,
                        -(Math.sin(back) * right + Math.cos(back) * down) / scale,
                        0),
                1e-5);
    }

    /** Beside a shift, a spline keeps all that it is alone. */
    @Test
    void remaindersAddUp() {
        ThinPlateSpline spline = new ThinPlateSpline();
        float[] bent = new float[spline.poseSize(SQUARE)];
        for (int i = 0; i < bent.length; i++) {
            bent[i] = 0.1f * (float) Math.sin(1 + 7 * i);
        }
        PoseReading alone = read(spline, bent, SQUARE);
        assertThat(alone.remainder()).isGreaterThan(0.1);
        PoseTransform shifted = ComposedTransform.of(List.of(new Translation(), spline));
        float[] shift = new Translation().pose(new Motion(3, -2, 0, 1), SQUARE).orElseThrow();
        compare(
                read(shifted, concatenated(shift, bent), SQUARE),
                new PoseReading(
                        alone.turn(),
                        alone.scaleX(),
                        alone.scaleY(),
                        alone.shear(),
                        alone.right() + 3,
                        alone.down() - 2,
                        alone.remainder()),
                1e-5);
        PoseTransform twice = ComposedTransform.of(List.of(spline, spline));
        assertThat(read(twice, concatenated(bent, bent), SQUARE).remainder())
                .isCloseTo(2 * alone.remainder(), within(1e-4));
    }

    @Test
    void whatMovesNoPointsIsNotRead() {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> u = graph.input(new float[6], 1, 6);
            PoseTransform composed = ComposedTransform.of(List.of(new Affine(), new NoTransform()));
            assertThat(PoseReading.fit(graph.net(), composed, u, SQUARE)).isEmpty();
        }
    }

    private static float[] concatenated(float[]... parts) {
        int size = 0;
        for (float[] part : parts) {
            size += part.length;
        }
        FloatBuffer all = FloatBuffer.allocate(size);
        for (float[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** The sampling map of a family of six numbers is the inverse of what is wanted, worked out in pixels by hand. */
    @Test
    void scalesAndShearAreThoseBeforeTheTurn() {
        double turn = Math.toRadians(20);
        double sx = 1.5;
        double sy = 0.75;
        double shear = 0.3;
        // The object's map R K: K = [[sx, shear sy], [0, sy]].
        double a = sx * Math.cos(turn);
        double b = shear * sy * Math.cos(turn) - sy * Math.sin(turn);
        double c = sx * Math.sin(turn);
        double d = shear * sy * Math.sin(turn) + sy * Math.cos(turn);
        double determinant = sx * sy;
        double ratio = 10.0 / 16; // half height over half width of the wide image
        float[] u = {
            (float) (d / determinant - 1),
            (float) (-b / determinant * ratio),
            0,
            (float) (-c / determinant / ratio),
            (float) (a / determinant - 1),
            0
        };
        compare(read(new Affine(), u, WIDE), new PoseReading(20, sx, sy, shear, 0, 0, 0), 1e-5);
    }

    /** u = (ψ, log Sx, log Sy, …) samples: the object turns by −ψ, and is as much smaller as the sampling map is larger. */
    @Test
    void theScalesOfAffine5AreThoseOfItsAxes() {
        float[] u = {0.5f, (float) Math.log(2), (float) Math.log(0.8), 0, 0};
        compare(read(new Affine5(), u, SQUARE), new PoseReading(-Math.toDegrees(0.5), 0.5, 1.25, 0, 0, 0, 0), 1e-5);
    }

    @Test
    void aMirrorHasANegativeScale() {
        compare(
                read(new Affine(), new float[] {0, 0, 0, 0, -2, 0}, SQUARE),
                new PoseReading(0, 1, -1, 0, 0, 0, 0),
                1e-5);
        compare(
                read(new Affine(), new float[] {-2, 0, 0, 0, 0, 0}, SQUARE),
                new PoseReading(180, 1, -1, 0, 0, 0, 0),
                1e-5);
    }

    @Test
    void anObjectThatIsSampledAtOnePointReadsAsHuge() {
        assertThat(read(new Affine(), new float[] {-1, 0, 0, 0, 0, 0}, SQUARE).scaleX())
                .isGreaterThan(1e5);
    }

    /** One offset of the middle point bends: the affine part is a shift by the mean displacement, the rest is the remainder. */
    @Test
    void whatIsNotAffineIsTheRemainder() {
        float[] u = new float[18];
        u[8] = 0.2f;
        PoseReading bent = read(new ThinPlateSpline(), u, SQUARE);
        float[] look;
        try (GraphFixture graph = new GraphFixture()) {
            look = graph.fetch(new ThinPlateSpline()
                    .warp(graph.net(), graph.input(u, 1, 18), new Grid(29, 29))
                    .x());
        }
        double mean = 0;
        for (float x : look) {
            mean += x / look.length;
        }
        double square = 0;
        for (float x : look) {
            square += 14 * 14 * (x - mean) * (x - mean) / look.length;
        }
        // By symmetry, no turn, no scale and no shear.
        compare(bent, new PoseReading(0, 1, 1, 0, -14 * mean, 0, Math.sqrt(square)), 1e-5);
        assertThat(bent.remainder()).isGreaterThan(0.3);
    }

    /** An off-centre L: 5 pixels right; 30° clockwise; 1.2 times as large; and all together. The graph and the motion agree. */
    @ParameterizedTest
    @MethodSource("families")
    void anImageMovesAsTheMotionSays(SpatialTransform transform) {
        byte[] letter = new byte[SQUARE.size()];
        for (int i = 0; i < 9; i++) {
            letter[(8 + i) * 29 + 10] = (byte) 250;
            letter[16 * 29 + 10 + i / 2] = (byte) 250;
        }
        for (Motion motion : List.of(
                new Motion(5, 0, 0, 1),
                new Motion(0, 0, 30, 1),
                new Motion(0, 0, 0, 1.2),
                new Motion(4, -3, 30, 1.2))) {
            Optional<float[]> pose = transform.pose(motion, SQUARE);
            if (pose.isEmpty()) {
                continue;
            }
            float[] pixels = new float[letter.length];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (letter[i] & 0xff) / 255f;
            }
            float[] moved;
            try (GraphFixture graph = new GraphFixture()) {
                moved = graph.fetch(transform.apply(
                        graph.net(),
                        graph.input(pixels, 1, 29, 29, 1),
                        graph.input(pose.get(), 1, pose.get().length),
                        SQUARE,
                        Border.ZERO));
            }
            byte[] expected = motion.move(letter, SQUARE);
            for (int i = 0; i < moved.length; i++) {
                assertThat(255.0 * moved[i]).as("%s, pixel %d", motion, i).isCloseTo(expected[i] & 0xff, within(0.51));
            }
        }
    }
}
