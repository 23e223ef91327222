package org.equipose.core.spi;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * One summand of what is minimised: weight · mean(value). It is logged under its name, without its weight.
 *
 * @param name in metrics, lower case with underscores
 * @param value in nats per image, {@code [batch]}, or a scalar for what compares whole batches
 * @param weight scalar; may change with the step, and is negative for a reward; empty for what is only logged
 */
public record Term(String name, Operand<TFloat32> value, Optional<Operand<TFloat32>> weight) {

    /** Makes a term with a weight. */
    public Term(String name, Operand<TFloat32> value, Operand<TFloat32> weight) {
        this(name, value, Optional.of(weight));
    }

    /** Makes a term of weight one. */
    public static Term of(Ops tf, String name, Operand<TFloat32> value) {
        return new Term(name, value, tf.constant(1f));
    }

    /** Makes a term that is logged and not minimised. */
    public static Term observed(String name, Operand<TFloat32> value) {
        return new Term(name, value, Optional.empty());
    }
}
