package org.equipose.core.distribution;

import java.util.Optional;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A probability law for each row: the first axis counts rows, all others together are one event. A single row stands for
 * as many as are asked for.
 */
public interface Distribution {

    /**
     * A value and its log-density, drawn together.
     *
     * @param value {@code [times·rows, event...]}, sample-major, differentiable in the parameters of the law
     * @param logProb log-density of the value in nats, {@code [times·rows]}
     */
    record Draw(Operand<TFloat32> value, Operand<TFloat32> logProb) {}

    /** Draws every row {@code times} times. */
    Draw draw(Net net, int times);

    /**
     * Returns the log-density in nats, summed over the event.
     *
     * @param value {@code [n, event...]}, n a multiple of the rows of this law or the other way round
     * @return {@code [the larger of n and rows]}
     */
    Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value);

    /** Returns the mean, {@code [rows, event...]}. */
    Operand<TFloat32> mean(Ops tf);

    /**
     * Returns the closed form of KL(this ‖ prior) in nats, where one is known.
     *
     * @return {@code [rows]}
     */
    default Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
        return Optional.empty();
    }

    /**
     * Returns the closed form of the differential entropy in nats, where one is known.
     *
     * @return {@code [rows]}
     */
    default Optional<Operand<TFloat32>> entropy(Ops tf) {
        return Optional.empty();
    }

    /** Returns the law of the coordinates {@code from} (inclusive) to {@code to}, where the law factorises. */
    default Optional<Distribution> marginal(Ops tf, int from, int to) {
        return Optional.empty();
    }
}
