package org.equipose.plugin.standard;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Eigenvalues of a symmetric matrix in descending order, and eigenvectors: A v = λ v.
 *
 * @param values of the matrix
 * @param vectors of length one, the row of each eigenvalue
 */
record Eigensystem(double[] values, double[][] vectors) {
    private static final int MOST_SWEEPS = 100;

    /** What may be left off the diagonal, of the sum of all squares. */
    private static final double NOTHING = 1e-30;

    /** Makes a symmetric matrix diagonal by Jacobi's method: turns of two axes until its entry at both is zero. */
    static Eigensystem of(double[][] symmetric) {
        int size = symmetric.length;
        double[][] matrix = new double[size][];
        double[][] vectors = new double[size][size];
        double squares = 0;
        for (int i = 0; i < size; i++) {
            matrix[i] = symmetric[i].clone();
            vectors[i][i] = 1;
            squares += Arrays.stream(matrix[i]).map(entry -> entry * entry).sum();
        }
        double left = Double.POSITIVE_INFINITY;
        for (int sweep = 0; sweep < MOST_SWEEPS && left > NOTHING * squares; sweep++) {
            left = 0;
            for (int p = 0; p < size; p++) {
                for (int q = p + 1; q < size; q++) {
                    left += matrix[p][q] * matrix[p][q];
                    if (matrix[p][q] != 0) {
                        turn(matrix, vectors, p, q);
                    }
                }
            }
        }
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -matrix[i][i]));
        double[] values = new double[size];
        Arrays.setAll(values, i -> matrix[order[i]][order[i]]);
        double[][] sorted = new double[size][];
        Arrays.setAll(sorted, i -> vectors[order[i]]);
        return new Eigensystem(values, sorted);
    }

    private static void turn(double[][] matrix, double[][] vectors, int p, int q) {
        double angle = Math.atan2(2 * matrix[p][q], matrix[p][p] - matrix[q][q]) / 2;
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        for (double[] row : matrix) {
            double first = row[p];
            row[p] = cos * first + sin * row[q];
            row[q] = cos * row[q] - sin * first;
        }
        turnRows(matrix, p, q, cos, sin);
        turnRows(vectors, p, q, cos, sin);
    }

    private static void turnRows(double[][] matrix, int p, int q, double cos, double sin) {
        for (int k = 0; k < matrix.length; k++) {
            double first = matrix[p][k];
            matrix[p][k] = cos * first + sin * matrix[q][k];
            matrix[q][k] = cos * matrix[q][k] - sin * first;
        }
    }
}
