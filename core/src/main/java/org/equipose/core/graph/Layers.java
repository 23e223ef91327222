package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The layers that networks are made of. */
public final class Layers {
    private Layers() {}

    /**
     * Adds a fully connected layer {@code activation(x W + b)}, initialised with U(±1/√inputs) and zero bias.
     *
     * @param x {@code [rows, inputs]}
     * @return {@code [rows, units]}
     */
    public static Operand<TFloat32> dense(Net net, Operand<TFloat32> x, int units, Activation activation) {
        Initializer weights = Initializer.fanIn(x.shape().get(1));
        return dense(net, x, units, activation, weights, Initializer.constant(0));
    }

    /** Adds a fully connected layer with given initialisers. */
    public static Operand<TFloat32> dense(
            Net net, Operand<TFloat32> x, int units, Activation activation, Initializer weights, Initializer bias) {
        if (x.shape().numDimensions() != 2) {
            throw new IllegalArgumentException("a dense layer needs [rows, inputs] but got " + x.shape());
        }
        Ops tf = net.ops();
        Operand<TFloat32> w = net.parameter("weights", weights, x.shape().get(1), units);
        Operand<TFloat32> b = net.parameter("bias", bias, units);
        return activation.apply(tf, tf.nn.biasAdd(tf.linalg.matMul(x, w), b));
    }

    /** Flattens all axes but the first: {@code [rows, ...]} to {@code [rows, n]}. */
    public static Operand<TFloat32> flatten(Ops tf, Operand<TFloat32> x) {
        long rows = x.shape().get(0);
        return tf.reshape(x, tf.constant(new long[] {rows, x.shape().size() / rows}));
    }
}
