package org.equipose.core.distribution;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Row bookkeeping: [samples·batch, ...] with the sample as the slower index. */
public final class Rows {
    private Rows() {}

    /** Repeats all rows {@code times} times: {@code [rows, ...]} to {@code [times·rows, ...]}. */
    public static Operand<TFloat32> repeat(Ops tf, Operand<TFloat32> x, int times) {
        if (times == 1) {
            return x;
        }
        int[] multiples = new int[x.shape().numDimensions()];
        Arrays.fill(multiples, 1);
        multiples[0] = times;
        return tf.tile(x, tf.constant(multiples));
    }

    /**
     * Repeats a value until it has at least as many rows as another.
     *
     * @throws IllegalArgumentException if neither number of rows is a multiple of the other
     */
    static Operand<TFloat32> match(Ops tf, Operand<TFloat32> x, Operand<TFloat32> other) {
        long rows = x.shape().get(0);
        long wanted = other.shape().get(0);
        if (wanted % rows != 0 && rows % wanted != 0) {
            throw new IllegalArgumentException("rows do not match: " + x.shape() + " and " + other.shape());
        }
        return repeat(tf, x, (int) Math.max(1, wanted / rows));
    }

    /** Sums over the event: {@code [rows, ...]} to {@code [rows]}. */
    static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x) {
        int[] axes = new int[x.shape().numDimensions() - 1];
        Arrays.setAll(axes, i -> i + 1);
        return tf.sum(x, tf.constant(axes));
    }

    /** Takes the coordinates {@code from} to {@code to} of {@code [rows, size]}. */
    static Operand<TFloat32> columns(Ops tf, Operand<TFloat32> x, int from, int to) {
        return tf.slice(x, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, to - from}));
    }
}
