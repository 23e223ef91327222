package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * One trainable array of a model.
 *
 * @param path where it belongs in the model, for example {@code model/encoder/fc1/weights}; the name in checkpoints
 * @param handle the resource variable
 * @param value the variable as read at the start of a step; gradients are taken with respect to it
 * @param initial the value before the first step
 */
public record Parameter(
        String path, Operand<? extends TType> handle, Operand<TFloat32> value, Operand<TFloat32> initial) {

    /** Returns the fixed shape. */
    public org.tensorflow.ndarray.Shape shape() {
        return initial.shape();
    }
}
