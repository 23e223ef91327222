package org.equipose.plugin.standard;

import java.util.Arrays;
import org.equipose.core.spi.Values;

/**
 * Mean and variance of each dimension of draws of a random vector: all there is time for where a vector is an image.
 *
 * @param mean by dimension
 * @param variance by dimension
 */
record Marginals(double[] mean, double[] variance) {

    /** Computes those of the rows. */
    static Marginals of(Values draws) {
        int size = draws.rowSize();
        double[] mean = new double[size];
        double[] variance = new double[size];
        for (int i = 0; i < draws.data().length; i++) {
            mean[i % size] += draws.data()[i];
        }
        // Divided at the end: what is constant has a variance of exactly 0.
        Arrays.setAll(mean, i -> mean[i] / draws.rows());
        for (int i = 0; i < draws.data().length; i++) {
            double deviation = draws.data()[i] - mean[i % size];
            variance[i % size] += deviation * deviation / draws.rows();
        }
        return new Marginals(mean, variance);
    }

    /** Returns the standard deviation of a dimension. */
    double standardDeviation(int dimension) {
        return Math.sqrt(variance[dimension]);
    }
}
