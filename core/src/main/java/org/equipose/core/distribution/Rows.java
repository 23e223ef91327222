package org.equipose.core.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.equipose.core.graph.CustomGradient;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/** Row bookkeeping: [samples·batch, ...] with the sample as the slower index. */
public final class Rows {
    /** In the name of a gradient that is the same for all rows. */
    private static final String EVENLY = "Evenly";

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

    /** Gives the sample an axis of its own: {@code [samples·batch]} to {@code [samples, batch]}. */
    public static Operand<TFloat32> bySample(Ops tf, Operand<TFloat32> rows, int samples) {
        long count = rows.shape().get(0);
        if (count == Shape.UNKNOWN_SIZE) {
            return tf.reshape(rows, tf.constant(new long[] {samples, -1}));
        }
        Operand<TFloat32> value = tf.reshape(rows, tf.constant(new long[] {samples, count / samples}));
        return CustomGradient.of(
                tf,
                value,
                List.of(rows),
                (t, gradient) -> List.of(t.reshape(gradient, t.constant(new long[] {count}))));
    }

    /**
     * Averages the first axis: {@code [n, ...]} to {@code [...]}. TensorFlow's own gradient asks for the shape of x when it
     * runs, so that the backward pass would wait for the value of the loss, which it does not need; this one knows it.
     */
    public static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
        Shape shape = x.shape();
        if (shape.hasUnknownDimension()) {
            return tf.math.mean(x, tf.constant(0));
        }
        boolean one = shape.get(0) == 1;
        Operand<TFloat32> value = one ? tf.reshape(x, tf.constant(shape.tail())) : tf.math.mean(x, tf.constant(0));
        return CustomGradient.of(tf, value, List.of(x), (t, gradient) -> {
            if (one) {
                return List.of(t.reshape(gradient, t.constant(shape)));
            }
            Operand<TFloat32> share = t.math.mul(gradient, t.constant(1f / shape.get(0)));
            Ops named = shape.numDimensions() == 1 ? t.withName(EVENLY) : t;
            return List.of(named.broadcastTo(share, t.constant(shape)));
        });
    }

    /**
     * Undoes the broadcasting of a single row in a backward pass.
     *
     * @param wanted rows of what was broadcast
     * @param rows rows of the gradient
     */
    static Operand<TFloat32> total(Ops tf, Operand<TFloat32> gradient, long wanted, long rows) {
        return wanted == rows ? gradient : tf.sum(gradient, tf.constant(0), Sum.keepDims(true));
    }

    /**
     * Brings the gradient of {@code [rows]} into a shape that is broadcast over the event. If every row has the same, that is
     * a scalar: half as costly to multiply by. For use in a backward pass, where shapes cannot be asked for.
     *
     * @param dimensions {@code [rows, 1, ...]}, as {@link #perRow(long, Shape)} returns them
     */
    static Operand<TFloat32> perRow(Ops tf, Operand<TFloat32> gradient, long[] dimensions) {
        return same(tf, gradient.asOutput()).orElseGet(() -> tf.reshape(gradient, tf.constant(dimensions)));
    }

    /** Returns what all rows of a gradient are, if it is known to be the same. */
    @SuppressWarnings("unchecked")
    private static Optional<Operand<TFloat32>> same(Ops tf, Output<?> gradient) {
        GraphOperation maker = (GraphOperation) gradient.op();
        return switch (maker.type()) {
            case "Reshape" -> same(tf, maker.input(0));
            case "Neg" -> same(tf, maker.input(0)).map(tf.math::neg);
            case "BroadcastTo" ->
                maker.name().contains(EVENLY) ? Optional.of((Operand<TFloat32>) maker.input(0)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Returns {@code [rows, 1, ...]}: a number for each row in this shape is broadcast over the event. */
    static long[] perRow(long rows, Shape law) {
        long[] dimensions = new long[law.numDimensions()];
        Arrays.fill(dimensions, 1);
        dimensions[0] = rows;
        return dimensions;
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
