package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.PoseTransformTck;
import org.junit.jupiter.api.Test;

class HomographyTest extends PoseTransformTck {
    private static final ImageSpec IMAGE = new ImageSpec(9, 9, 1);

    @Override
    protected PoseTransform transform() {
        return new Homography();
    }

    /** The inverse of u7 has w = 1 − u7 x: no less than 0.7 for 0.3, and zero at x = 0.5, a column of the image, for 2. */
    @Test
    void tellsWhereTheHorizonCrossesTheImage() {
        float[] poses = new float[4 * 8];
        poses[8 + 6] = 0.3f;
        poses[2 * 8 + 6] = 2;
        poses[3 * 8] = -0.9f; // a tenth of the width and of the height: determinant 0.01
        poses[3 * 8 + 4] = -0.9f;
        try (GraphFixture graph = new GraphFixture()) {
            List<Diagnostic> found = inverse().diagnostics(graph.net(), graph.input(poses, 4, 8), IMAGE);
            assertThat(found).hasSize(1);
            assertThat(found.get(0).metric()).isEqualTo("floored_w_share_of_images");
            assertThat(graph.fetch(found.get(0).value())).containsExactly(0, 0, 1, 0);
        }
    }

    /** Whatever the determinant, it cancels: a map that shrinks tenfold has an inverse that looks ten times as far. */
    @Test
    void aSmallDeterminantDoesNoHarm() {
        float[] pose = {-0.9f, 0, 0, 0, -0.9f, 0, 0, 0};
        Grid points = new Grid(IMAGE.height(), IMAGE.width());
        try (GraphFixture graph = new GraphFixture()) {
            Displacement found = inverse().warp(graph.net(), graph.input(pose, 1, 8), points);
            float[] x = graph.fetch(found.x());
            for (int p = 0; p < x.length; p++) {
                assertThat((double) x[p]).isCloseTo(9 * points.x(p), within(1e-4));
            }
        }
    }

    private static SpatialTransform inverse() {
        return (SpatialTransform) new Homography().inverse().orElseThrow();
    }
}
