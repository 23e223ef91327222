package org.equipose.plugin.spatialvae;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * A family of affine sampling maps (x, y) ↦ A (x, y, 1). Maps are written as A − identity, entries in row order,
 * {@code [rows, 6]}: zero is the map that leaves points where they are.
 */
interface AffineMap extends SpatialTransform {
    float LEAST_DETERMINANT = 0.05f;

    /** What counts as zero beside one, in double precision. */
    double TINY = 1e-9;

    /** Returns A − identity for each pose. */
    Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose);

    @Override
    default Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        return displacement(net.ops(), map(net.ops(), pose), points);
    }

    /** Returns where the points look under maps A − identity. */
    static Displacement displacement(Ops tf, Operand<TFloat32> map, Grid points) {
        return new Displacement(along(tf, map, points, 0), along(tf, map, points, 3));
    }

    /** A family need not be closed under inversion: the inverse of a map is not another pose, but another transform. */
    @Override
    default Optional<PoseTransform> inverse() {
        return Optional.of(new Inverse(this));
    }

    /** Undoes another family. */
    record Inverse(AffineMap forward) implements AffineMap {
        @Override
        public int poseSize(ImageSpec image) {
            return forward.poseSize(image);
        }

        @Override
        public Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose) {
            return AffineMap.inverse(tf, forward.map(tf, pose));
        }

        @Override
        public Optional<PoseTransform> inverse() {
            return Optional.of(forward);
        }

        @Override
        public List<Diagnostic> diagnostics(Net net, Operand<TFloat32> pose, ImageSpec out) {
            Operand<TFloat32> map = forward.map(net.ops(), pose);
            return List.of(floored(net.ops(), determinant(net.ops(), columns(net.ops(), map, 6))));
        }
    }

    /** Says for each determinant {@code [rows, 1]} whether it is too small for the inverse to be exact. */
    private static Diagnostic floored(Ops tf, Operand<TFloat32> determinant) {
        Operand<TBool> small = tf.math.less(tf.math.abs(determinant), tf.constant(LEAST_DETERMINANT));
        Operand<TFloat32> perRow = tf.reshape(tf.dtypes.cast(small, TFloat32.class), tf.constant(new int[] {-1}));
        return new Diagnostic("floored_determinants", "share of images", perRow);
    }

    /** Returns the determinant of A, {@code [rows, 1]}, from the six columns of A − identity. */
    private static Operand<TFloat32> determinant(Ops tf, List<Operand<TFloat32>> m) {
        Operand<TFloat32> one = tf.constant(1f);
        Operand<TFloat32> diagonal = tf.math.mul(tf.math.add(m.get(0), one), tf.math.add(m.get(4), one));
        return tf.math.sub(diagonal, tf.math.mul(m.get(1), m.get(3)));
    }

    /** Rows of the other axis are zero, so that one product does without slicing the map. */
    private static Operand<TFloat32> along(Ops tf, Operand<TFloat32> map, Grid points, int first) {
        float[][] basis = new float[6][points.points()];
        for (int p = 0; p < points.points(); p++) {
            basis[first][p] = (float) points.x(p);
            basis[first + 1][p] = (float) points.y(p);
            basis[first + 2][p] = 1;
        }
        return tf.linalg.matMul(map, tf.constant(basis));
    }

    /**
     * Inverts A, with a determinant of at least 0.05 in size: a map that squeezes the image flat has no inverse, and near
     * it the gradient would explode.
     */
    static Operand<TFloat32> inverse(Ops tf, Operand<TFloat32> map) {
        Operand<TFloat32> one = tf.constant(1f);
        List<Operand<TFloat32>> m = columns(tf, map, 6);
        Operand<TFloat32> a = tf.math.add(m.get(0), one);
        Operand<TFloat32> b = m.get(1);
        Operand<TFloat32> c = m.get(3);
        Operand<TFloat32> d = tf.math.add(m.get(4), one);
        Operand<TFloat32> determinant = awayFromZero(tf, determinant(tf, m), LEAST_DETERMINANT);
        Operand<TFloat32> ia = tf.math.div(d, determinant);
        Operand<TFloat32> ib = tf.math.neg(tf.math.div(b, determinant));
        Operand<TFloat32> ic = tf.math.neg(tf.math.div(c, determinant));
        Operand<TFloat32> id = tf.math.div(a, determinant);
        Operand<TFloat32> x = m.get(2);
        Operand<TFloat32> y = m.get(5);
        Operand<TFloat32> ix = tf.math.neg(tf.math.add(tf.math.mul(ia, x), tf.math.mul(ib, y)));
        Operand<TFloat32> iy = tf.math.neg(tf.math.add(tf.math.mul(ic, x), tf.math.mul(id, y)));
        return tf.concat(List.of(tf.math.sub(ia, one), ib, ix, ic, tf.math.sub(id, one), iy), tf.constant(1));
    }

    /** Makes a divisor at least so large in size; its sign is kept. */
    static Operand<TFloat32> awayFromZero(Ops tf, Operand<TFloat32> exact, float least) {
        Operand<TFloat32> size = tf.math.maximum(tf.math.abs(exact), tf.constant(least));
        // Zero counts as positive: sign(0) would bring the zero back.
        Operand<TFloat32> sign = tf.select(tf.math.less(exact, tf.constant(0f)), tf.constant(-1f), tf.constant(1f));
        return tf.math.mul(sign, size);
    }

    /** Splits {@code [rows, count]} into columns {@code [rows, 1]}. */
    static List<Operand<TFloat32>> columns(Ops tf, Operand<TFloat32> pose, int count) {
        List<Operand<TFloat32>> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(tf.slice(pose, tf.constant(new int[] {0, i}), tf.constant(new int[] {-1, 1})));
        }
        return columns;
    }
}
