package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.spi.ComposedTransform;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.PoseTransformTck;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class ComposedTransformTest {

    @Nested
    class OfTwo extends PoseTransformTck {
        @Override
        protected PoseTransform transform() {
            return ComposedTransform.of(List.of(new Affine5(), new ThinPlateSpline()));
        }

        /** Twice as many interpolations as usual. */
        @Override
        protected double inverseTolerance() {
            return 0.1;
        }
    }

    @Nested
    class OfThree extends PoseTransformTck {
        @Override
        protected PoseTransform transform() {
            return ComposedTransform.of(List.of(new Translation(), new Similarity(), new Homography()));
        }

        /** Three times as many interpolations as usual. */
        @Override
        protected double inverseTolerance() {
            return 0.15;
        }
    }

    /** One pixel, five to the right of the centre: turned by a quarter first, or shifted first. */
    @Test
    void theLastOneActsFirst() {
        // A shift by +3 pixels right, and a quarter turn clockwise, in this order in the pose.
        float[] shiftThenTurn = {-3 / 10f, 0, (float) (-Math.PI / 2), 0, 0, 0};
        float[] turnThenShift = {(float) (-Math.PI / 2), 0, 0, 0, -3 / 10f, 0};
        PoseTransform a = ComposedTransform.of(List.of(new Translation(), new Similarity()));
        PoseTransform b = ComposedTransform.of(List.of(new Similarity(), new Translation()));
        // Turned below the centre, then shifted; shifted to +8, then turned.
        assertThat(brightest(a, shiftThenTurn)).containsExactly(15, 13);
        assertThat(brightest(b, turnThenShift)).containsExactly(18, 10);
        // The inverse takes the same pose, and undoes them the other way round.
        assertThat(brightest(a.inverse().orElseThrow(), shiftThenTurn)).containsExactly(8, 10);
        assertThat(brightest(b.inverse().orElseThrow(), turnThenShift)).containsExactly(5, 7);
    }

    /** Returns row and column of the one white pixel of a picture of 21 by 21, which began at row 10 and column 15. */
    private static int[] brightest(PoseTransform transform, float[] pose) {
        ImageSpec spec = new ImageSpec(21, 21, 1);
        float[] pixels = new float[spec.size()];
        pixels[10 * 21 + 15] = 1;
        try (GraphFixture graph = new GraphFixture()) {
            float[] moved = graph.fetch(transform.apply(
                    graph.net(),
                    graph.input(pixels, 1, 21, 21, 1),
                    graph.input(pose, 1, pose.length),
                    spec,
                    Border.ZERO));
            int best = 0;
            for (int i = 0; i < moved.length; i++) {
                best = moved[i] > moved[best] ? i : best;
            }
            assertThat(moved[best]).isGreaterThan(0.99f);
            return new int[] {best / 21, best % 21};
        }
    }

    /** Both families floor determinants: the image counts where either does. */
    @Test
    void aNumberThatBothTellIsTheLargerOne() {
        PoseTransform inverse = ComposedTransform.of(List.of(new Affine(), new Affine5(), new ThinPlateSpline()))
                .inverse()
                .orElseThrow();
        float[] poses = new float[3 * 29];
        poses[29] = -0.99f; // of the second image, the affine part
        poses[2 * 29 + 7] = -5; // of the third, log Sx
        try (GraphFixture graph = new GraphFixture()) {
            List<Diagnostic> found =
                    inverse.diagnostics(graph.net(), graph.input(poses, 3, 29), new ImageSpec(9, 9, 1));
            assertThat(found.stream().map(Diagnostic::name))
                    .containsExactly("floored_determinants", "inverse_residual");
            Operand<TFloat32> floored = found.get(0).value();
            assertThat(graph.fetch(floored)).containsExactly(0, 1, 1);
        }
    }

    @Test
    void oneAloneIsItself() {
        Affine affine = new Affine();
        assertThat(ComposedTransform.of(List.of(affine))).isSameAs(affine);
    }
}
