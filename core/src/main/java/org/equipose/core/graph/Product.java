package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a layer makes of a batch before bias and nonlinearity: linear in the batch and linear in the weights. Gradients are
 * built where no operand may be asked for its shape ({@link CustomGradient.Rule}), so all sizes are known before.
 */
sealed interface Product {

    /** Returns the whole batch. */
    Operand<TFloat32> x();

    /** Returns the weights. */
    Operand<TFloat32> w();

    /** Multiplies rows of the batch, all or some. */
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> rows);

    /** Returns the gradient with respect to the whole batch. */
    Operand<TFloat32> byX(Ops tf, Operand<TFloat32> gradient);

    /** Returns the gradient with respect to the weights. */
    Operand<TFloat32> byW(Ops tf, Operand<TFloat32> gradient);

    /**
     * The batch times a matrix.
     *
     * @param x {@code [rows, inputs]}
     * @param w {@code [inputs, units]}
     */
    record OfMatrix(Operand<TFloat32> x, Operand<TFloat32> w) implements Product {
        @Override
        public Operand<TFloat32> of(Ops tf, Operand<TFloat32> rows) {
            return tf.linalg.matMul(rows, w);
        }

        @Override
        public Operand<TFloat32> byX(Ops tf, Operand<TFloat32> gradient) {
            return tf.linalg.matMul(gradient, w, MatMul.transposeB(true));
        }

        @Override
        public Operand<TFloat32> byW(Ops tf, Operand<TFloat32> gradient) {
            return tf.linalg.matMul(x, gradient, MatMul.transposeA(true));
        }
    }

    /**
     * Filters laid over images.
     *
     * @param x {@code [rows, height, width, channels]}
     * @param xSizes those of x
     * @param w {@code [filter height, filter width, channels, count]}
     * @param wSizes those of w
     */
    record OfFilters(
            Operand<TFloat32> x, Operand<TInt32> xSizes, Operand<TFloat32> w, Operand<TInt32> wSizes, Filters filters)
            implements Product {

        static OfFilters of(Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Filters filters) {
            return new OfFilters(x, sizes(tf, x), w, sizes(tf, w), filters);
        }

        @Override
        public Operand<TFloat32> of(Ops tf, Operand<TFloat32> rows) {
            return tf.nn.conv2d(rows, w, filters.strides(), filters.padding().name());
        }

        @Override
        public Operand<TFloat32> byX(Ops tf, Operand<TFloat32> gradient) {
            return tf.nn.conv2dBackpropInput(
                    xSizes, w, gradient, filters.strides(), filters.padding().name());
        }

        @Override
        public Operand<TFloat32> byW(Ops tf, Operand<TFloat32> gradient) {
            return tf.nn.conv2dBackpropFilter(
                    x, wSizes, gradient, filters.strides(), filters.padding().name());
        }
    }

    /**
     * The transpose of filters laid over an image: every pixel of x adds a filter to the result, times its value. What is a
     * gradient there is the value here, and the other way round.
     *
     * @param x {@code [rows, height, width, channels]}
     * @param w {@code [filter height, filter width, count, channels]}
     * @param wSizes those of w
     * @param height of the result
     * @param width of the result
     */
    record OfTransposedFilters(
            Operand<TFloat32> x, Operand<TFloat32> w, Operand<TInt32> wSizes, Filters filters, int height, int width)
            implements Product {

        static OfTransposedFilters of(
                Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Filters filters, int height, int width) {
            return new OfTransposedFilters(x, w, sizes(tf, w), filters, height, width);
        }

        @Override
        public Operand<TFloat32> of(Ops tf, Operand<TFloat32> rows) {
            int[] sizes = {(int) rows.shape().get(0), height, width, filters.count()};
            return tf.nn.conv2dBackpropInput(
                    tf.constant(sizes),
                    w,
                    rows,
                    filters.strides(),
                    filters.padding().name());
        }

        @Override
        public Operand<TFloat32> byX(Ops tf, Operand<TFloat32> gradient) {
            return tf.nn.conv2d(
                    gradient, w, filters.strides(), filters.padding().name());
        }

        @Override
        public Operand<TFloat32> byW(Ops tf, Operand<TFloat32> gradient) {
            return tf.nn.conv2dBackpropFilter(
                    gradient, wSizes, x, filters.strides(), filters.padding().name());
        }
    }

    private static Operand<TInt32> sizes(Ops tf, Operand<TFloat32> x) {
        long[] sizes = x.shape().asArray();
        int[] narrow = new int[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            narrow[i] = (int) sizes[i];
        }
        return tf.constant(narrow);
    }
}
