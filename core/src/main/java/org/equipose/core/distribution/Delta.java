package org.equipose.core.distribution;

import java.util.Optional;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * All mass at one point. It has no density: log-density and divergence count as zero, and what is built on them is a
 * bound <em>given</em> the point, named so (docs: "elbo_given_pose"), not an ELBO.
 *
 * @param loc the point, {@code [rows, size]}
 */
public record Delta(Operand<TFloat32> loc) implements Distribution {

    @Override
    public Draw draw(Net net, int times) {
        Operand<TFloat32> value = Rows.repeat(net.ops(), loc, times);
        return new Draw(value, zeros(net.ops(), value));
    }

    @Override
    public Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value) {
        return zeros(tf, Rows.match(tf, value, loc));
    }

    @Override
    public Operand<TFloat32> mean(Ops tf) {
        return loc;
    }

    @Override
    public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
        return Optional.of(zeros(tf, loc));
    }

    @Override
    public Optional<Distribution> marginal(Ops tf, int from, int to) {
        return Optional.of(new Delta(Rows.columns(tf, loc, from, to)));
    }

    private static Operand<TFloat32> zeros(Ops tf, Operand<TFloat32> value) {
        return tf.zeros(tf.constant(new long[] {value.shape().get(0)}), TFloat32.class);
    }
}
