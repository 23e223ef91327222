package org.equipose.core.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/** The layers that networks are made of. */
public final class Layers {
    /** Weights of a product that is large enough to be shared by the cores. */
    private static final long WORTH_SPLITTING = 16_000;

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
        Operand<TFloat32> w = net.parameter("weights", weights, x.shape().get(1), units);
        Operand<TFloat32> b = net.parameter("bias", bias, units);
        List<Operand<TFloat32>> blocks = w.shape().size() < WORTH_SPLITTING ? List.of(x) : net.blocks(x);
        return blocks.size() == 1
                ? activation.apply(net.ops(), affine(net.ops(), x, w, b))
                : inBlocks(net, x, blocks, w, b, activation);
    }

    private static Operand<TFloat32> affine(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Operand<TFloat32> b) {
        return tf.nn.biasAdd(tf.linalg.matMul(x, w), b);
    }

    /**
     * The forward pass is a chain of layers, so the blocks of a layer are what several cores can do at the same time. In
     * the backward pass there are two products for each layer, with respect to x and to W; blocks would only make them
     * smaller.
     *
     * @param blocks x in parts
     */
    private static Operand<TFloat32> inBlocks(
            Net net,
            Operand<TFloat32> x,
            List<Operand<TFloat32>> blocks,
            Operand<TFloat32> w,
            Operand<TFloat32> b,
            Activation activation) {
        Ops tf = net.ops();
        List<Operand<TFloat32>> parts = blocks.stream()
                .map(block -> activation.apply(tf, affine(tf, block, w, b)))
                .toList();
        Operand<TFloat32> whole = tf.concat(parts, tf.constant(0));
        Operand<TFloat32> y = CustomGradient.of(tf, whole, List.of(x, w, b), (t, gradient) -> {
            Operand<TFloat32> g = activation.backward(t, whole, gradient);
            return List.of(
                    t.linalg.matMul(g, w, MatMul.transposeB(true)),
                    t.linalg.matMul(x, g, MatMul.transposeA(true)),
                    t.nn.biasAddGrad(g));
        });
        net.madeOf(y, parts);
        return y;
    }

    /** Flattens all axes but the first: {@code [rows, ...]} to {@code [rows, n]}. */
    public static Operand<TFloat32> flatten(Ops tf, Operand<TFloat32> x) {
        long rows = x.shape().get(0);
        return tf.reshape(x, tf.constant(new long[] {rows, x.shape().size() / rows}));
    }
}
