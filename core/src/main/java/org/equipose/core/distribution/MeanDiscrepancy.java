package org.equipose.core.distribution;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/** Maximum mean discrepancy: how far apart two clouds of points are, without densities (Gretton et al. 2012). */
public final class MeanDiscrepancy {
    private static final float[] WIDTHS = {1, 2, 4};
    private static final float LEAST_VARIANCE = 1e-12f;

    private MeanDiscrepancy() {}

    /**
     * Returns MMD² = E k(a, a') + E k(b, b') − 2 E k(a, b) over all pairs, those of a point with itself included, hence never
     * negative. The kernel is k(a, b) = Σ_s exp(−|a − b|² / (2 s d v)), s ∈ {1, 2, 4}, in d dimensions, where v is the variance per
     * dimension of all points taken together; no gradient flows through v.
     *
     * @param a points, {@code [n, d]}
     * @param b points, {@code [m, d]}
     * @return a scalar from 0 to 6, without unit
     */
    public static Operand<TFloat32> squared(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
        Operand<TFloat32> all = tf.concat(List.of(a, b), tf.constant(0));
        Operand<TFloat32> shift = tf.math.sub(all, tf.math.mean(all, tf.constant(new int[] {0})));
        Operand<TFloat32> variance = tf.math.maximum(
                tf.math.mean(tf.math.square(shift), tf.constant(new int[] {0, 1})), tf.constant(LEAST_VARIANCE));
        Operand<TFloat32> scale = tf.stopGradient(
                tf.math.reciprocal(tf.math.mul(tf.constant(2f * a.shape().get(1)), variance)));
        Operand<TFloat32> within = tf.math.add(kernel(tf, a, a, scale), kernel(tf, b, b, scale));
        return tf.math.sub(within, tf.math.mul(tf.constant(2f), kernel(tf, a, b, scale)));
    }

    /** The mean of the kernel over all pairs. */
    private static Operand<TFloat32> kernel(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b, Operand<TFloat32> scale) {
        Operand<TFloat32> squares = tf.math.add(
                lengths(tf, a, a.shape().get(0), 1), lengths(tf, b, 1, b.shape().get(0)));
        Operand<TFloat32> products = tf.linalg.matMul(a, b, MatMul.transposeB(true));
        // Rounding could make the distance of a point from itself negative.
        Operand<TFloat32> distances = tf.nn.relu(tf.math.sub(squares, tf.math.mul(tf.constant(2f), products)));
        Operand<TFloat32> scaled = tf.math.mul(distances, scale);
        List<Operand<TFloat32>> kernels = new ArrayList<>();
        for (float width : WIDTHS) {
            kernels.add(tf.math.exp(tf.math.mul(scaled, tf.constant(-1 / width))));
        }
        return tf.math.mean(tf.math.addN(kernels), tf.constant(new int[] {0, 1}));
    }

    private static Operand<TFloat32> lengths(Ops tf, Operand<TFloat32> points, long rows, long columns) {
        Operand<TFloat32> squares = tf.sum(tf.math.square(points), tf.constant(1));
        return tf.reshape(squares, tf.constant(new long[] {rows, columns}));
    }
}
