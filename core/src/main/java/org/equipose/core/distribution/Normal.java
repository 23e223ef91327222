package org.equipose.core.distribution;

import java.util.Optional;
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
        Operand<TFloat32> variance = tf.math.exp(tf.math.mul(tf.constant(2f), logRatio));
        Operand<TFloat32> shift =
                tf.math.square(tf.math.mul(tf.math.sub(loc, p.loc), tf.math.exp(tf.math.neg(p.logScale))));
        Operand<TFloat32> quadratic = tf.math.mul(tf.constant(0.5f), tf.math.add(variance, shift));
        return Optional.of(Rows.sum(tf, tf.math.sub(quadratic, tf.math.add(logRatio, tf.constant(0.5f)))));
    }

    @Override
    public Optional<Distribution> marginal(Ops tf, int from, int to) {
        return Optional.of(new Normal(Rows.columns(tf, loc, from, to), Rows.columns(tf, logScale, from, to)));
    }
}
