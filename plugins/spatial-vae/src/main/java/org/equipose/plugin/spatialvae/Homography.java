package org.equipose.plugin.spatialvae;

import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * All projective maps that leave the source of the centre finite: H = I + [[u1, u2, u3], [u4, u5, u6], [u7, u8, 0]], and the source of
 * the point (x, y) is (X/w, Y/w) with (X, Y, w) = H (x, y, 1).
 *
 * <p>Where w = 0 lies the horizon, whose source is infinitely far away. There w counts as ±0.01, with its sign kept and
 * zero as positive: such a point looks a hundred times as far as an ordinary one, so that it finds the border, and neither
 * its value nor its gradient is infinite. Points with |w| ≥ 0.01 look exactly where the division says; w = 1 for u = 0, and
 * w ≥ 0.01 all over the image as long as |u7| + |u8| ≤ 0.99.
 */
@Named("homography")
@About("projective map, 8 parameters of the sampling matrix")
public final class Homography implements SpatialTransform {
    private static final float LEAST_W = 0.01f;

    @Override
    public int poseSize(ImageSpec image) {
        return 8;
    }

    @Override
    public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        return displacement(net.ops(), map(net.ops(), pose), points);
    }

    /** Returns H − I, entries in row order, {@code [rows, 9]}. */
    private static Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose) {
        return tf.pad(pose, tf.constant(new int[][] {{0, 0}, {0, 1}}), tf.constant(0f));
    }

    /**
     * Returns X/w − x and Y/w − y. With M = H − I they are (M1·p − x M3·p)/w and (M2·p − y M3·p)/w at p = (x, y, 1), where
     * w = 1 + M3·p: three products of the map with constants, and exactly zero for M = 0.
     */
    private static Displacement displacement(Ops tf, Operand<TFloat32> map, Grid points) {
        float[][] alongX = new float[9][points.points()];
        float[][] alongY = new float[9][points.points()];
        for (int p = 0; p < points.points(); p++) {
            double[] point = {points.x(p), points.y(p), 1};
            for (int i = 0; i < 3; i++) {
                alongX[i][p] = (float) point[i];
                alongY[3 + i][p] = (float) point[i];
                alongX[6 + i][p] = (float) (-points.x(p) * point[i]);
                alongY[6 + i][p] = (float) (-points.y(p) * point[i]);
            }
        }
        Operand<TFloat32> w = AffineMap.awayFromZero(tf, depth(tf, map, points), LEAST_W);
        return new Displacement(
                tf.math.div(tf.linalg.matMul(map, tf.constant(alongX)), w),
                tf.math.div(tf.linalg.matMul(map, tf.constant(alongY)), w));
    }

    /** Returns w of each point before it is kept away from zero, {@code [rows, points]}. */
    private static Operand<TFloat32> depth(Ops tf, Operand<TFloat32> map, Grid points) {
        float[][] depth = new float[9][points.points()];
        for (int p = 0; p < points.points(); p++) {
            depth[6][p] = (float) points.x(p);
            depth[7][p] = (float) points.y(p);
            depth[8][p] = 1;
        }
        return tf.math.add(tf.linalg.matMul(map, tf.constant(depth)), tf.constant(1f));
    }

    /** All motions of a person are affine maps. */
    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        float[] pose = new float[8];
        for (int i = 0; i < 6; i++) {
            pose[i] = (float) (map[i] - (i % 4 == 0 ? 1 : 0));
        }
        return Optional.of(pose);
    }

    @Override
    public Optional<PoseTransform> inverse() {
        return Optional.of(new Inverse(this));
    }

    /**
     * Undoes it: H⁻¹ = adj H / det H. The determinant is kept at least 0.05 in size, so that the entries stay finite; it cancels in
     * X/w and Y/w, and what it was does not matter. Not exact are points with |w| below 0.01, as in the other direction.
     */
    private record Inverse(Homography forward) implements SpatialTransform {
        @Override
        public int poseSize(ImageSpec image) {
            return forward.poseSize(image);
        }

        @Override
        public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
            return displacement(net.ops(), inverse(net.ops(), pose), points);
        }

        /** Returns H⁻¹ − I, entries in row order, {@code [rows, 9]}. */
        private static Operand<TFloat32> inverse(Ops tf, Operand<TFloat32> pose) {
            Cofactors found = cofactors(tf, pose);
            List<Operand<TFloat32>> columns = new ArrayList<>();
            for (int row = 0; row < 3; row++) {
                columns.addAll(List.of(
                        found.first().get(row),
                        found.second().get(row),
                        found.third().get(row)));
            }
            Operand<TFloat32> adjugate = tf.concat(columns, tf.constant(1));
            Operand<TFloat32> determinant =
                    AffineMap.awayFromZero(tf, found.determinant(), AffineMap.LEAST_DETERMINANT);
            Operand<TFloat32> identity = tf.constant(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
            return tf.math.sub(tf.math.div(adjugate, determinant), identity);
        }

        /** Says of each image whether the horizon is so near to some of its points that they look elsewhere than they should. */
        @Override
        public List<Diagnostic> diagnostics(Net net, Operand<TFloat32> pose, ImageSpec out) {
            Ops tf = net.ops();
            Operand<TFloat32> w = depth(tf, inverse(tf, pose), new Grid(out.height(), out.width()));
            Operand<TBool> small = tf.math.less(tf.math.abs(w), tf.constant(LEAST_W));
            Operand<TFloat32> some = tf.max(tf.dtypes.cast(small, TFloat32.class), tf.constant(1));
            return List.of(new Diagnostic("floored_w", "share of images", some));
        }

        /** Columns of the adjugate of H, and its determinant {@code [rows, 1]}. */
        private record Cofactors(
                List<Operand<TFloat32>> first,
                List<Operand<TFloat32>> second,
                List<Operand<TFloat32>> third,
                Operand<TFloat32> determinant) {}

        private static Cofactors cofactors(Ops tf, Operand<TFloat32> pose) {
            List<Operand<TFloat32>> m = AffineMap.columns(tf, map(tf, pose), 9);
            Operand<TFloat32> one = tf.constant(1f);
            List<Operand<TFloat32>> top = List.of(tf.math.add(m.get(0), one), m.get(1), m.get(2));
            List<Operand<TFloat32>> middle = List.of(m.get(3), tf.math.add(m.get(4), one), m.get(5));
            List<Operand<TFloat32>> bottom = List.of(m.get(6), m.get(7), tf.math.add(m.get(8), one));
            // The cross product of two rows is a column of the adjugate; times the third row it is the determinant.
            List<Operand<TFloat32>> first = cross(tf, middle, bottom);
            List<Operand<TFloat32>> second = cross(tf, bottom, top);
            List<Operand<TFloat32>> third = cross(tf, top, middle);
            Operand<TFloat32> determinant = tf.math.addN(List.of(
                    tf.math.mul(top.get(0), first.get(0)),
                    tf.math.mul(top.get(1), first.get(1)),
                    tf.math.mul(top.get(2), first.get(2))));
            return new Cofactors(first, second, third, determinant);
        }

        private static List<Operand<TFloat32>> cross(Ops tf, List<Operand<TFloat32>> a, List<Operand<TFloat32>> b) {
            return List.of(minor(tf, a, b, 1, 2), minor(tf, a, b, 2, 0), minor(tf, a, b, 0, 1));
        }

        private static Operand<TFloat32> minor(
                Ops tf, List<Operand<TFloat32>> a, List<Operand<TFloat32>> b, int i, int j) {
            return tf.math.sub(tf.math.mul(a.get(i), b.get(j)), tf.math.mul(a.get(j), b.get(i)));
        }

        @Override
        public Optional<PoseTransform> inverse() {
            return Optional.of(forward);
        }
    }
}
