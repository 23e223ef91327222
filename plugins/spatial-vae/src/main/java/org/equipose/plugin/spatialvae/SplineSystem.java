package org.equipose.plugin.spatialvae;

import org.equipose.core.graph.Grid;

/**
 * The thin-plate splines through control points on a square lattice. Each displacement is
 * f(p) = a₀ + a₁ x + a₂ y + Σ_j w_j U(|p − c_j|), U(r) = r² log r², with Σ w_j = 0 and Σ w_j c_j = 0, and all its coefficients are
 * linear in the offsets of the control points.
 */
final class SplineSystem {
    private final int controls;
    private final Grid grid;

    /** {@code side} control points lie along each side of the image. */
    SplineSystem(int side) {
        controls = side * side;
        grid = new Grid(side, side);
    }

    /** Returns the number of control points. */
    int controls() {
        return controls;
    }

    double x(int control) {
        return grid.x(control);
    }

    double y(int control) {
        return grid.y(control);
    }

    /**
     * Returns the coefficients for a unit offset of every control point, {@code [controls + 3][controls]}: the weights w_j, then
     * a₀, a₁ and a₂.
     */
    double[][] coefficients() {
        // Weights w of the kernel and coefficients a of 1, x, y solve [K P; Pᵀ 0] [w; a] = [offsets; 0].
        double[][] system = new double[controls + 3][2 * controls + 3];
        for (int i = 0; i < controls; i++) {
            for (int j = 0; j < controls; j++) {
                system[i][j] = kernel(grid.x(i) - grid.x(j), grid.y(i) - grid.y(j));
            }
            double[] polynomial = {1, grid.x(i), grid.y(i)};
            for (int k = 0; k < 3; k++) {
                system[i][controls + k] = polynomial[k];
                system[controls + k][i] = polynomial[k];
            }
            system[i][controls + 3 + i] = 1;
        }
        return solve(system);
    }

    /** Returns the displacement of every point for a unit offset of every control point, {@code [points][controls]}. */
    double[][] basis(Grid points) {
        double[][] coefficients = coefficients();
        double[][] basis = new double[points.points()][controls];
        for (int p = 0; p < points.points(); p++) {
            double[] factors = new double[controls + 3];
            for (int j = 0; j < controls; j++) {
                factors[j] = kernel(points.x(p) - grid.x(j), points.y(p) - grid.y(j));
            }
            factors[controls] = 1;
            factors[controls + 1] = points.x(p);
            factors[controls + 2] = points.y(p);
            for (int j = 0; j < factors.length; j++) {
                for (int i = 0; i < controls; i++) {
                    basis[p][i] += factors[j] * coefficients[j][i];
                }
            }
        }
        return basis;
    }

    /** U(r) = r² log r². */
    private static double kernel(double dx, double dy) {
        double square = dx * dx + dy * dy;
        return square == 0 ? 0 : square * Math.log(square);
    }

    /** Solves [A | B] for A⁻¹B by Gauss-Jordan elimination with partial pivoting. */
    private static double[][] solve(double[][] system) {
        int n = system.length;
        int columns = system[0].length;
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int r = c + 1; r < n; r++) {
                if (Math.abs(system[r][c]) > Math.abs(system[pivot][c])) {
                    pivot = r;
                }
            }
            double[] swap = system[c];
            system[c] = system[pivot];
            system[pivot] = swap;
            for (int r = 0; r < n; r++) {
                double factor = r == c ? 0 : system[r][c] / system[c][c];
                for (int k = c; k < columns && factor != 0; k++) {
                    system[r][k] -= factor * system[c][k];
                }
            }
        }
        double[][] solution = new double[n][columns - n];
        for (int r = 0; r < n; r++) {
            for (int k = n; k < columns; k++) {
                solution[r][k - n] = system[r][k] / system[r][r];
            }
        }
        return solution;
    }
}
