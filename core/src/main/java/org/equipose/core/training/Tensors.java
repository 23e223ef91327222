package org.equipose.core.training;

import org.equipose.core.spi.Values;
import org.tensorflow.Tensor;

/** Copies numbers out of tensors. */
public final class Tensors {
    private Tensors() {}

    /** Copies a float tensor, which must still be open: a closed one reads as garbage. */
    public static Values values(Tensor tensor) {
        float[] data = new float[Math.toIntExact(tensor.shape().size())];
        tensor.asRawTensor().data().asFloats().read(data);
        return new Values(tensor.shape().asArray(), data);
    }
}
