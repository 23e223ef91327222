package org.equipose.core.spi;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * One summand of what is minimised: weight · mean(value). It is logged under its name, without its weight.
 *
 * @param name in metrics, lower case with underscores
 * @param value in nats per image, {@code [batch]}, or a scalar for what compares whole batches
 * @param weight scalar; may change with the step
 */
public record Term(String name, Operand<TFloat32> value, Operand<TFloat32> weight) {

    /** Makes a term of weight one. */
    public static Term of(Ops tf, String name, Operand<TFloat32> value) {
        return new Term(name, value, tf.constant(1f));
    }
}
