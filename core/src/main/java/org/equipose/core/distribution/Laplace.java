package org.equipose.core.distribution;

import java.util.Optional;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Laplace law with independent coordinates.
 *
 * @param loc mean, {@code [rows, size]}
 * @param logScale logarithm of the scale b; the standard deviation is b√2; {@code [rows, size]}
 */
public record Laplace(Operand<TFloat32> loc, Operand<TFloat32> logScale) implements Distribution {
    private static final float LOG_2 = (float) Math.log(2);

    /** Returns the Laplace law of mean 0 and scale 1 on {@code size} coordinates, one row. */
    public static Laplace standard(Ops tf, int size) {
        Operand<TFloat32> zero = tf.zeros(tf.constant(new int[] {1, size}), TFloat32.class);
        return new Laplace(zero, zero);
    }

    /** Inverts the distribution function: x = μ − b sign(v) log(1 − 2|v|), v uniform on [−½, ½). */
    @Override
    public Draw draw(Net net, int times) {
        Ops tf = net.ops();
        Operand<TFloat32> mean = Rows.repeat(tf, loc, times);
        Operand<TFloat32> log = Rows.repeat(tf, logScale, times);
        Operand<TFloat32> v = tf.math.sub(net.uniform(mean.shape().asArray()), tf.constant(0.5f));
        // The floor keeps v = −½, which has probability 2⁻²³, from giving infinity.
        Operand<TFloat32> tail = tf.math.maximum(
                tf.math.sub(tf.constant(1f), tf.math.mul(tf.constant(2f), tf.math.abs(v))), tf.constant(6e-8f));
        Operand<TFloat32> unit = tf.math.mul(tf.math.neg(tf.math.sign(v)), tf.math.log(tail));
        return new Draw(tf.math.add(mean, tf.math.mul(tf.math.exp(log), unit)), standardised(tf, unit, log));
    }

    @Override
    public Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value) {
        Operand<TFloat32> log = Rows.match(tf, logScale, value);
        Operand<TFloat32> shift = tf.math.sub(Rows.match(tf, value, loc), Rows.match(tf, loc, value));
        return standardised(tf, tf.math.mul(shift, tf.math.exp(tf.math.neg(log))), log);
    }

    /** log p(x) = −Σ |x−μ|/b − Σ log b − size log 2. */
    private static Operand<TFloat32> standardised(Ops tf, Operand<TFloat32> unit, Operand<TFloat32> logScale) {
        Operand<TFloat32> penalty = tf.math.add(tf.math.abs(unit), tf.math.add(logScale, tf.constant(LOG_2)));
        return tf.math.neg(Rows.sum(tf, penalty));
    }

    @Override
    public Operand<TFloat32> mean(Ops tf) {
        return loc;
    }

    /** KL = Σ |m−n|/c + (b/c) exp(−|m−n|/b) − 1 − log(b/c), for scales b of this and c of the prior. */
    @Override
    public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
        if (!(prior instanceof Laplace p)) {
            return Optional.empty();
        }
        Operand<TFloat32> logRatio = tf.math.sub(logScale, p.logScale);
        Operand<TFloat32> distance = tf.math.abs(tf.math.sub(loc, p.loc));
        Operand<TFloat32> far = tf.math.mul(distance, tf.math.exp(tf.math.neg(p.logScale)));
        Operand<TFloat32> near =
                tf.math.exp(tf.math.sub(logRatio, tf.math.mul(distance, tf.math.exp(tf.math.neg(logScale)))));
        Operand<TFloat32> both = tf.math.add(far, near);
        return Optional.of(Rows.sum(tf, tf.math.sub(both, tf.math.add(logRatio, tf.constant(1f)))));
    }

    /** H = Σ log b + size (1 + log 2). */
    @Override
    public Optional<Operand<TFloat32>> entropy(Ops tf) {
        return Optional.of(Rows.sum(tf, tf.math.add(logScale, tf.constant(1 + LOG_2))));
    }

    @Override
    public Optional<Distribution> marginal(Ops tf, int from, int to) {
        return Optional.of(new Laplace(Rows.columns(tf, loc, from, to), Rows.columns(tf, logScale, from, to)));
    }
}
