package org.equipose.plugin.standard;

import java.util.Arrays;
import java.util.Comparator;
import org.equipose.core.spi.Values;

/**
 * The plane in which codes vary most: the first two eigenvectors of their covariance. The largest entry of each, by magnitude, is
 * positive.
 *
 * @param mean of the codes, {@code [dimensions]}
 * @param axes of length one, {@code [2][dimensions]}
 * @param shares of the variance along each axis, in [0, 1]
 */
record PrincipalPlane(double[] mean, double[][] axes, double[] shares) {
    private static final int MOST_SWEEPS = 100;

    /** Finds the plane of codes of at least two dimensions, {@code [rows, dimensions]}. */
    static PrincipalPlane of(Values codes) {
        int size = codes.rowSize();
        double[] mean = new double[size];
        for (int i = 0; i < codes.data().length; i++) {
            mean[i % size] += codes.data()[i] / (double) codes.rows();
        }
        double[][] covariance = new double[size][size];
        double total = 0;
        for (int row = 0; row < codes.rows(); row++) {
            for (int i = 0; i < size; i++) {
                double x = codes.data()[row * size + i] - mean[i];
                total += x * x / codes.rows();
                for (int j = 0; j < size; j++) {
                    covariance[i][j] += x * (codes.data()[row * size + j] - mean[j]) / codes.rows();
                }
            }
        }
        double[][] vectors = diagonalise(covariance);
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -covariance[i][i]));
        double[][] axes = new double[2][];
        double[] shares = new double[2];
        for (int k = 0; k < 2; k++) {
            axes[k] = pointed(vectors[order[k]]);
            shares[k] = total == 0 ? 0 : covariance[order[k]][order[k]] / total;
        }
        return new PrincipalPlane(mean, axes, shares);
    }

    /**
     * Makes a symmetric matrix diagonal by Jacobi's method: turns of two axes until their covariance is zero.
     *
     * @return the eigenvectors as rows, in the order of the diagonal
     */
    private static double[][] diagonalise(double[][] matrix) {
        int size = matrix.length;
        double[][] vectors = new double[size][size];
        for (int i = 0; i < size; i++) {
            vectors[i][i] = 1;
        }
        boolean turned = true;
        for (int sweep = 0; sweep < MOST_SWEEPS && turned; sweep++) {
            turned = false;
            for (int p = 0; p < size; p++) {
                for (int q = p + 1; q < size; q++) {
                    double scale = Math.sqrt(Math.abs(matrix[p][p] * matrix[q][q]));
                    if (Math.abs(matrix[p][q]) > 1e-14 * scale) {
                        double angle = Math.atan2(2 * matrix[p][q], matrix[p][p] - matrix[q][q]) / 2;
                        turn(matrix, vectors, p, q, Math.cos(angle), Math.sin(angle));
                        turned = true;
                    }
                }
            }
        }
        return vectors;
    }

    private static void turn(double[][] matrix, double[][] vectors, int p, int q, double cos, double sin) {
        for (double[] row : matrix) {
            double first = row[p];
            row[p] = cos * first + sin * row[q];
            row[q] = cos * row[q] - sin * first;
        }
        for (int k = 0; k < matrix.length; k++) {
            double first = matrix[p][k];
            matrix[p][k] = cos * first + sin * matrix[q][k];
            matrix[q][k] = cos * matrix[q][k] - sin * first;
            double entry = vectors[p][k];
            vectors[p][k] = cos * entry + sin * vectors[q][k];
            vectors[q][k] = cos * vectors[q][k] - sin * entry;
        }
    }

    private static double[] pointed(double[] axis) {
        double largest = 0;
        for (double entry : axis) {
            largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
        }
        double sign = Math.signum(largest);
        return Arrays.stream(axis).map(entry -> sign * entry).toArray();
    }

    /** Returns where codes lie along an axis. */
    double[] project(Values codes, int axis) {
        double[] places = new double[codes.rows()];
        for (int i = 0; i < codes.data().length; i++) {
            int dimension = i % mean.length;
            places[i / mean.length] += axes[axis][dimension] * (codes.data()[i] - mean[dimension]);
        }
        return places;
    }
}
