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

    /**
     * Returns the gradient with respect to x.
     *
     * @param y its value at x
     * @param gradient with respect to y
     */
    Operand<TFloat32> backward(Ops tf, Operand<TFloat32> y, Operand<TFloat32> gradient) {
        return switch (this) {
            case LINEAR -> gradient;
            case RELU -> tf.nn.reluGrad(gradient, y);
            case SOFTPLUS -> tf.math.mul(gradient, tf.math.neg(tf.math.expm1(tf.math.neg(y)))); // sigmoid(x) = 1 − e⁻ʸ
            case TANH -> tf.math.mul(gradient, tf.math.sub(tf.constant(1f), tf.math.square(y)));
        };
    }
}
