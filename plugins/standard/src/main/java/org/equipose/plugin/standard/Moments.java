package org.equipose.plugin.standard;

import org.equipose.core.spi.Values;

/**
 * Mean and covariance of draws of a random vector.
 *
 * @param mean by dimension
 * @param covariance by pairs of dimensions
 */
record Moments(double[] mean, double[][] covariance) {
    private static final int SWEEPS = 100;
    private static final double NOTHING = 1e-30;

    /** Computes the moments of the rows. */
    static Moments of(Values draws) {
        int size = draws.rowSize();
        double[] mean = new double[size];
        for (int i = 0; i < draws.data().length; i++) {
            mean[i % size] += draws.data()[i] / (double) draws.rows();
        }
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
        double[] eigenvalues = eigenvalues();
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

    /** Returns the eigenvalues of the covariance by Jacobi's method: turns of two axes until they are uncorrelated. */
    double[] eigenvalues() {
        int size = size();
        double[][] a = new double[size][];
        double trace = 0;
        for (int i = 0; i < size; i++) {
            a[i] = covariance[i].clone();
            trace += a[i][i];
        }
        double left = Double.POSITIVE_INFINITY;
        for (int sweep = 0; sweep < SWEEPS && left > NOTHING * trace * trace; sweep++) {
            left = 0;
            for (int p = 0; p < size; p++) {
                for (int q = p + 1; q < size; q++) {
                    left += a[p][q] * a[p][q];
                    turn(a, p, q);
                }
            }
        }
        double[] eigenvalues = new double[size];
        for (int i = 0; i < size; i++) {
            eigenvalues[i] = a[i][i];
        }
        return eigenvalues;
    }

    /** Turns the axes p and q of a symmetric matrix such that its entry there becomes 0. */
    private static void turn(double[][] a, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        for (double[] row : a) {
            double before = row[p];
            row[p] = cos * before - sin * row[q];
            row[q] = sin * before + cos * row[q];
        }
        for (int k = 0; k < a.length; k++) {
            double before = a[p][k];
            a[p][k] = cos * before - sin * a[q][k];
            a[q][k] = sin * before + cos * a[q][k];
        }
    }
}
