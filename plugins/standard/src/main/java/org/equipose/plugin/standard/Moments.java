package org.equipose.plugin.standard;

import org.equipose.core.spi.Values;

/**
 * Mean and covariance of draws of a random vector.
 *
 * @param mean by dimension
 * @param covariance by pairs of dimensions
 */
record Moments(double[] mean, double[][] covariance) {

    /** Computes the moments of the rows. */
    static Moments of(Values draws) {
        int size = draws.rowSize();
        double[] mean = Marginals.of(draws).mean();
        double[][] covariance = new double[size][size];
        for (int start = 0; start < draws.data().length; start += size) {
            for (int i = 0; i < size; i++) {
                double share = (draws.data()[start + i] - mean[i]) / draws.rows();
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += share * (draws.data()[start + j] - mean[j]);
                }
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                covariance[j][i] = covariance[i][j];
            }
        }
        return new Moments(mean, covariance);
    }

    /** Returns the number of dimensions. */
    int size() {
        return mean.length;
    }

    /** Returns the standard deviation of a dimension. */
    double standardDeviation(int dimension) {
        return Math.sqrt(covariance[dimension][dimension]);
    }

    /** Returns the correlation of two dimensions; that of a constant with anything else is 0. */
    double correlation(int i, int j) {
        double product = standardDeviation(i) * standardDeviation(j);
        if (i == j) {
            return 1;
        }
        return product == 0 ? 0 : covariance[i][j] / product;
    }

    /** Returns the largest absolute correlation of two different dimensions; 0 where there is only one. */
    double largestCorrelation() {
        double largest = 0;
        for (int i = 0; i < size(); i++) {
            for (int j = 0; j < i; j++) {
                largest = Math.max(largest, Math.abs(correlation(i, j)));
            }
        }
        return largest;
    }

    /**
     * Returns the effective rank (Roy and Vetterli 2007): exp(−Σ p log p), where p are the eigenvalues of the covariance divided
     * by their sum. It is k where k eigenvalues are equal and the others 0, and 0 where nothing varies.
     */
    double effectiveRank() {
        double[] eigenvalues = Eigensystem.of(covariance).values();
        double trace = 0;
        for (double value : eigenvalues) {
            trace += Math.max(0, value);
        }
        if (trace == 0) {
            return 0;
        }
        double entropy = 0;
        for (double value : eigenvalues) {
            double share = Math.max(0, value) / trace;
            entropy -= share == 0 ? 0 : share * Math.log(share);
        }
        return Math.exp(entropy);
    }
}
