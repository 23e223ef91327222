package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Nonlinearity of a layer. */
public enum Activation {
    /** x. */
    LINEAR,
    /** max(x, 0). */
    RELU,
    /** log(1 + exp x). */
    SOFTPLUS,
    /** Hyperbolic tangent. */
    TANH;

    /** Applies it element by element. */
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x) {
        return switch (this) {
            case LINEAR -> x;
            case RELU -> tf.nn.relu(x);
            case SOFTPLUS -> tf.math.softplus(x);
            case TANH -> tf.math.tanh(x);
        };
    }
}
