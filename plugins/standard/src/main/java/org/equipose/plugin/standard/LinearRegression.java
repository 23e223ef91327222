package org.equipose.plugin.standard;

/**
 * Linear least squares: y ≈ W (x, 1). Where the data leave weights open, small ones are taken.
 *
 * @param weights {@code [outputs][inputs + 1]}
 */
record LinearRegression(double[][] weights) {
    /** Of the largest diagonal entry of the normal equations; far below what data in single precision can tell. */
    private static final double RIDGE = 1e-9;

    /**
     * Fits by the normal equations.
     *
     * @param x {@code [rows][inputs]}
     * @param y {@code [rows][outputs]}
     */
    static LinearRegression fit(float[][] x, double[][] y) {
        int size = x[0].length + 1;
        int outputs = y[0].length;
        double[][] system = new double[size][size + outputs];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < size; i++) {
                double xi = input(x[row], i);
                for (int j = 0; j < size; j++) {
                    system[i][j] += xi * input(x[row], j);
                }
                for (int k = 0; k < outputs; k++) {
                    system[i][size + k] += xi * y[row][k];
                }
            }
        }
        double largest = 0;
        for (int i = 0; i < size; i++) {
            largest = Math.max(largest, system[i][i]);
        }
        for (int i = 0; i < size; i++) {
            system[i][i] += RIDGE * largest;
        }
        eliminate(system);
        double[][] weights = new double[outputs][size];
        for (int k = 0; k < outputs; k++) {
            for (int i = 0; i < size; i++) {
                weights[k][i] = system[i][size + k];
            }
        }
        return new LinearRegression(weights);
    }

    /** Turns [A | B] into [I | A⁻¹B]; A is positive definite, so that no pivot is needed. */
    private static void eliminate(double[][] system) {
        for (int c = 0; c < system.length; c++) {
            double pivot = system[c][c];
            for (int k = c; k < system[c].length; k++) {
                system[c][k] /= pivot;
            }
            for (int r = 0; r < system.length; r++) {
                double factor = r == c ? 0 : system[r][c];
                for (int k = c; k < system[c].length && factor != 0; k++) {
                    system[r][k] -= factor * system[c][k];
                }
            }
        }
    }

    private static double input(float[] x, int index) {
        return index < x.length ? x[index] : 1;
    }

    /** Returns y for one x. */
    double[] predict(float[] x) {
        double[] y = new double[weights.length];
        for (int k = 0; k < y.length; k++) {
            for (int i = 0; i <= x.length; i++) {
                y[k] += weights[k][i] * input(x, i);
            }
        }
        return y;
    }
}
