package org.equipose.core.statistics;

import java.util.Arrays;
import org.equipose.core.data.Split;
import org.equipose.core.graph.GraphSession;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.linalg.SelfAdjointEig;
import org.tensorflow.types.TFloat64;

/**
 * Directions of largest variance of images, whose values are in [0, 1]: the eigenvectors of their covariance, in double
 * precision. The largest entry of each, by magnitude, is positive (the first of them where two are equal).
 */
public final class PrincipalComponents {
    /** Rows that are in memory as doubles at a time. */
    private static final int ROWS = 1000;

    private final double[] mean;
    private final double[] variances;

    /** {@code [dimensions][values of an image]}, each of length one. */
    private final double[][] components;

    private PrincipalComponents(double[] mean, double[] variances, double[][] components) {
        this.mean = mean;
        this.variances = variances;
        this.components = components;
    }

    /**
     * Finds the first components of images.
     *
     * @param dimensions number of components, at most the values of an image
     * @throws IllegalArgumentException if there are fewer than two images, or too many components are asked for
     */
    public static PrincipalComponents of(Split images, int dimensions) {
        int size = images.spec().size();
        if (dimensions < 1 || dimensions > size) {
            throw new IllegalArgumentException(
                    "images of " + size + " values have 1 to " + size + " components, not " + dimensions);
        }
        if (images.count() < 2) {
            throw new IllegalArgumentException("components need at least two images, not " + images.count());
        }
        double[] mean = mean(images);
        double[] variances = new double[dimensions];
        double[][] components = new double[dimensions][size];
        try (GraphSession session = new GraphSession(Runtime.getRuntime().availableProcessors())) {
            eigenvectors(session, covariance(session, images, mean), variances, components);
        }
        return new PrincipalComponents(mean, variances, components);
    }

    private static double[] mean(Split images) {
        int size = images.spec().size();
        long[] sum = new long[size]; // of bytes, hence exact
        for (int i = 0; i < images.pixels().length; i++) {
            sum[i % size] += images.pixels()[i] & 0xff;
        }
        return Arrays.stream(sum).mapToDouble(s -> s / (255.0 * images.count())).toArray();
    }

    private static double[] covariance(GraphSession session, Split images, double[] mean) {
        int size = mean.length;
        Ops tf = session.ops();
        Operand<TFloat64> rows = tf.placeholder(TFloat64.class);
        Operand<TFloat64> products = tf.linalg.matMul(rows, rows, MatMul.transposeA(true));
        double[] covariance = new double[size * size];
        double[] part = new double[covariance.length];
        for (int first = 0; first < images.count(); first += ROWS) {
            int count = Math.min(ROWS, images.count() - first);
            double[] centred = new double[count * size];
            for (int i = 0; i < centred.length; i++) {
                centred[i] = (images.pixels()[first * size + i] & 0xff) / 255.0 - mean[i % size];
            }
            try (TFloat64 fed = TFloat64.tensorOf(Shape.of(count, size), DataBuffers.of(centred));
                    Result result =
                            session.runner().feed(rows, fed).fetch(products).run()) {
                result.get(0).asRawTensor().data().asDoubles().read(part);
            }
            for (int i = 0; i < covariance.length; i++) {
                covariance[i] += part[i] / (images.count() - 1);
            }
        }
        return covariance;
    }

    private static void eigenvectors(
            GraphSession session, double[] covariance, double[] variances, double[][] components) {
        int size = components[0].length;
        double[] values = new double[size];
        double[] vectors = new double[size * size];
        Operand<TFloat64> matrix = session.ops().placeholder(TFloat64.class);
        SelfAdjointEig<TFloat64> eigen = session.ops().linalg.selfAdjointEig(matrix);
        try (TFloat64 fed = TFloat64.tensorOf(Shape.of(size, size), DataBuffers.of(covariance));
                Result result = session.runner()
                        .feed(matrix, fed)
                        .fetch(eigen.e())
                        .fetch(eigen.v())
                        .run()) {
            result.get(0).asRawTensor().data().asDoubles().read(values);
            result.get(1).asRawTensor().data().asDoubles().read(vectors);
        }
        for (int k = 0; k < components.length; k++) {
            int column = size - 1 - k; // they come smallest first
            variances[k] = Math.max(0, values[column]);
            for (int i = 0; i < size; i++) {
                components[k][i] = vectors[i * size + column];
            }
            turn(components[k]);
        }
    }

    /** An eigenvector has no sign of its own. */
    private static void turn(double[] component) {
        double largest = 0;
        for (double entry : component) {
            if (Math.abs(entry) > Math.abs(largest)) {
                largest = entry;
            }
        }
        if (largest < 0) {
            for (int i = 0; i < component.length; i++) {
                component[i] = -component[i];
            }
        }
    }

    /** Returns the number of components. */
    public int dimensions() {
        return components.length;
    }

    /** Returns the variance along each component, largest first. */
    public double[] variances() {
        return variances.clone();
    }

    /** Returns the entries of one component, which has length one. */
    public double[] component(int index) {
        return components[index].clone();
    }

    /**
     * Returns the coordinates of images along the components, from the mean of those the components were found on.
     *
     * @return {@code [images][dimensions]}
     * @throws IllegalArgumentException if the images are of another size
     */
    public float[][] project(Split images) {
        int size = mean.length;
        if (images.spec().size() != size) {
            throw new IllegalArgumentException("the components are of images of " + size + " values, not of "
                    + images.spec().size());
        }
        float[][] projected = new float[images.count()][components.length];
        double[] centred = new double[size];
        for (int image = 0; image < projected.length; image++) {
            for (int i = 0; i < size; i++) {
                centred[i] = (images.pixels()[image * size + i] & 0xff) / 255.0 - mean[i];
            }
            for (int k = 0; k < components.length; k++) {
                double sum = 0;
                for (int i = 0; i < size; i++) {
                    sum += components[k][i] * centred[i];
                }
                projected[image][k] = (float) sum;
            }
        }
        return projected;
    }
}
