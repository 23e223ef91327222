package org.equipose.core.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The layers that networks are made of. */
public final class Layers {
    /** Multiplications for each row from which on a layer is worth being shared by the cores. */
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
        return layer(net, new Product.OfMatrix(x, w), b, activation, w.shape().size());
    }

    /**
     * Adds a convolution {@code activation(filters over image + b)}, initialised with U(±1/√inputs), inputs being the numbers
     * below a filter, and zero bias. Its weights are {@code [filter height, filter width, channels, filters]}.
     *
     * @param image {@code [rows, height, width, channels]}
     * @return {@code [rows, places down, places across, filters]}
     * @throws IllegalArgumentException if the input has no such shape, or if no filter has a place in it
     */
    public static Operand<TFloat32> conv(Net net, Operand<TFloat32> image, Filters filters, Activation activation) {
        Shape shape = batch("a convolution", image);
        Initializer weights = Initializer.fanIn((long) filters.height() * filters.width() * shape.get(3));
        return conv(net, image, filters, activation, weights, Initializer.constant(0));
    }

    /** Adds a convolution with given initialisers. */
    public static Operand<TFloat32> conv(
            Net net,
            Operand<TFloat32> image,
            Filters filters,
            Activation activation,
            Initializer weights,
            Initializer bias) {
        Shape shape = batch("a convolution", image);
        long places = filters.rows(shape.get(1)) * filters.columns(shape.get(2));
        if (places == 0) {
            throw new IllegalArgumentException(
                    "a convolution of " + filters + ", has no place in images of " + size(shape.get(1), shape.get(2)));
        }
        Operand<TFloat32> w =
                net.parameter("weights", weights, filters.height(), filters.width(), shape.get(3), filters.count());
        Operand<TFloat32> b = net.parameter("bias", bias, filters.count());
        Product product = Product.OfFilters.of(net.ops(), image, w, filters);
        return layer(net, product, b, activation, w.shape().size() * places);
    }

    /**
     * Adds a transposed convolution: what would make an image of this size of one of the given size, turned round. Where
     * the stride is above 1, several sizes are possible. It is initialised with U(±1/√inputs), inputs being the numbers that are
     * added up for a pixel, and zero bias. Its weights are {@code [filter height, filter width, filters, channels]}.
     *
     * @param image {@code [rows, places down, places across, channels]}
     * @param height of the result
     * @param width of the result
     * @return {@code [rows, height, width, filters]}
     * @throws IllegalArgumentException if the input has no such shape, or if the filters do not have as many places in a result
     *     of that size as the input has pixels
     */
    public static Operand<TFloat32> transposedConv(
            Net net, Operand<TFloat32> image, Filters filters, int height, int width, Activation activation) {
        Shape shape = batch("a transposed convolution", image);
        Initializer weights = Initializer.fanIn(filters.overlapping(shape.get(1), shape.get(2)) * shape.get(3));
        return transposedConv(net, image, filters, height, width, activation, weights, Initializer.constant(0));
    }

    /** Adds a transposed convolution with given initialisers. */
    public static Operand<TFloat32> transposedConv(
            Net net,
            Operand<TFloat32> image,
            Filters filters,
            int height,
            int width,
            Activation activation,
            Initializer weights,
            Initializer bias) {
        Shape shape = batch("a transposed convolution", image);
        if (filters.rows(height) != shape.get(1) || filters.columns(width) != shape.get(2)) {
            throw new IllegalArgumentException("a transposed convolution of " + filters + ", cannot make "
                    + size(height, width) + " of " + size(shape.get(1), shape.get(2)));
        }
        Operand<TFloat32> w =
                net.parameter("weights", weights, filters.height(), filters.width(), filters.count(), shape.get(3));
        Operand<TFloat32> b = net.parameter("bias", bias, filters.count());
        Product product = Product.OfTransposedFilters.of(net.ops(), image, w, filters, height, width);
        return layer(net, product, b, activation, w.shape().size() * shape.get(1) * shape.get(2));
    }

    private static Shape batch(String layer, Operand<TFloat32> image) {
        if (image.shape().numDimensions() != 4) {
            throw new IllegalArgumentException(
                    layer + " needs [rows, height, width, channels] but got " + image.shape());
        }
        return image.shape();
    }

    private static String size(long height, long width) {
        return height + "×" + width;
    }

    /**
     * Adds bias and nonlinearity to a product.
     *
     * @param multiplications of the product, for each row
     */
    private static Operand<TFloat32> layer(
            Net net, Product product, Operand<TFloat32> b, Activation activation, long multiplications) {
        List<Operand<TFloat32>> blocks =
                multiplications < WORTH_SPLITTING ? List.of(product.x()) : net.blocks(product.x());
        return blocks.size() == 1
                ? affine(net.ops(), product.x(), product, b, activation)
                : inBlocks(net, blocks, product, b, activation);
    }

    private static Operand<TFloat32> affine(
            Ops tf, Operand<TFloat32> rows, Product product, Operand<TFloat32> b, Activation activation) {
        return activation.apply(tf, tf.nn.biasAdd(product.of(tf, rows), b));
    }

    /**
     * The forward pass is a chain of layers, so the blocks of a layer are what several cores can do at the same time. In
     * the backward pass there are two products for each layer, with respect to x and to W; blocks would only make them
     * smaller.
     *
     * @param blocks x in parts
     */
    private static Operand<TFloat32> inBlocks(
            Net net, List<Operand<TFloat32>> blocks, Product product, Operand<TFloat32> b, Activation activation) {
        Ops tf = net.ops();
        List<Operand<TFloat32>> parts = blocks.stream()
                .map(block -> affine(tf, block, product, b, activation))
                .toList();
        Operand<TFloat32> whole = tf.concat(parts, tf.constant(0));
        Operand<TFloat32> y = CustomGradient.of(tf, whole, List.of(product.x(), product.w(), b), (t, gradient) -> {
            Operand<TFloat32> g = activation.backward(t, whole, gradient);
            return List.of(product.byX(t, g), product.byW(t, g), t.nn.biasAddGrad(g));
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
