package org.equipose.core.distribution;

import java.util.List;
import java.util.Optional;
import org.equipose.core.graph.CustomGradient;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Normal law with independent coordinates.
 *
 * @param loc mean, {@code [rows, size]}
 * @param logScale logarithm of the standard deviation, {@code [rows, size]}
 */
public record Normal(Operand<TFloat32> loc, Operand<TFloat32> logScale) implements Distribution {
    private static final float HALF_LOG_2PI = (float) (0.5 * Math.log(2 * Math.PI));

    /** Returns N(0, I) on {@code size} coordinates, one row. */
    public static Normal standard(Ops tf, int size) {
        Operand<TFloat32> zero = tf.zeros(tf.constant(new int[] {1, size}), TFloat32.class);
        return new Normal(zero, zero);
    }

    @Override
    public Draw draw(Net net, int times) {
        Ops tf = net.ops();
        Operand<TFloat32> mean = Rows.repeat(tf, loc, times);
        Operand<TFloat32> log = Rows.repeat(tf, logScale, times);
        Operand<TFloat32> noise = net.normal(mean.shape().asArray());
        return new Draw(tf.math.add(mean, tf.math.mul(tf.math.exp(log), noise)), standardised(tf, noise, log));
    }

    @Override
    public Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value) {
        Operand<TFloat32> log = Rows.match(tf, logScale, value);
        Operand<TFloat32> shift = tf.math.sub(Rows.match(tf, value, loc), Rows.match(tf, loc, value));
        return standardised(tf, tf.math.mul(shift, tf.math.exp(tf.math.neg(log))), log);
    }

    /** log N(x) = −½ Σ ((x−μ)/σ)² − Σ log σ − ½ size log 2π. */
    private static Operand<TFloat32> standardised(Ops tf, Operand<TFloat32> noise, Operand<TFloat32> logScale) {
        Operand<TFloat32> square = tf.math.mul(tf.constant(-0.5f), tf.math.square(noise));
        return Rows.sum(tf, tf.math.sub(square, tf.math.add(logScale, tf.constant(HALF_LOG_2PI))));
    }

    @Override
    public Operand<TFloat32> mean(Ops tf) {
        return loc;
    }

    /** KL = ½ Σ [(σ² + (μ−ν)²)/τ² − 1] − Σ log(σ/τ) (Vivé 2017, eq. 7). */
    @Override
    public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
        if (!(prior instanceof Normal p)) {
            return Optional.empty();
        }
        Operand<TFloat32> logRatio = tf.math.sub(logScale, p.logScale);
        Operand<TFloat32> precision = tf.math.exp(tf.math.neg(p.logScale)); // of the prior, as 1/τ
        Operand<TFloat32> shift = tf.math.mul(tf.math.sub(loc, p.loc), precision);
        Operand<TFloat32> variance = tf.math.square(tf.math.exp(logRatio));
        Operand<TFloat32> squares = tf.math.add(variance, tf.math.square(shift));
        Operand<TFloat32> half = tf.math.mul(tf.constant(0.5f), squares);
        Operand<TFloat32> value = Rows.sum(tf, tf.math.sub(half, tf.math.add(logRatio, tf.constant(0.5f))));
        long rows = value.shape().get(0);
        long[] perRow = Rows.perRow(rows, loc.shape());
        List<Operand<TFloat32>> inputs = List.of(loc, logScale, p.loc, p.logScale);
        long[] own = inputs.stream().mapToLong(input -> input.shape().get(0)).toArray();
        // Only where all factors below have a row for each: one that is shared must be summed as often as it is used.
        boolean whole = Math.max(own[0], own[2]) == rows && Math.max(own[1], own[3]) == rows;
        return Optional.of(CustomGradient.of(tf, value, inputs, (t, gradient) -> {
            Operand<TFloat32> g = whole ? Rows.perRow(t, gradient, perRow) : t.reshape(gradient, t.constant(perRow));
            Operand<TFloat32> one = t.constant(1f);
            Operand<TFloat32> byLoc = t.math.mul(t.math.mul(shift, precision), g);
            return List.of(
                    Rows.total(t, byLoc, own[0], rows),
                    Rows.total(t, t.math.mul(t.math.sub(variance, one), g), own[1], rows),
                    Rows.total(t, t.math.neg(byLoc), own[2], rows),
                    Rows.total(t, t.math.mul(t.math.sub(one, squares), g), own[3], rows));
        }));
    }

    /** H = Σ log σ + ½ size (1 + log 2π), 1.4189 for each coordinate of N(0, I). */
    @Override
    public Optional<Operand<TFloat32>> entropy(Ops tf) {
        return Optional.of(Rows.sum(tf, tf.math.add(logScale, tf.constant(0.5f + HALF_LOG_2PI))));
    }

    @Override
    public Optional<Distribution> marginal(Ops tf, int from, int to) {
        return Optional.of(new Normal(Rows.columns(tf, loc, from, to), Rows.columns(tf, logScale, from, to)));
    }
}
