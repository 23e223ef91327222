package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.SpatialTransform;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Thin-plate spline over a square grid of control points: u holds the offsets (x, y) of each point, row by row. The
 * displacement is linear in the offsets (Bookstein 1989), so that a warp is one product of u with a constant basis.
 */
@Named("tps")
@About(value = "thin-plate spline over a grid of control points", paper = "Vivé 2017, section III")
public final class ThinPlateSpline implements SpatialTransform {

    /** Settings. */
    public record Settings(
            @About("control points along each side of the image")
            int gridSize) {
        /** The defaults. */
        public Settings() {
            this(3);
        }

        /** Checks ranges. */
        public Settings {
            if (gridSize < 2 || gridSize > 16) {
                throw new IllegalArgumentException("grid-size must be from 2 to 16 but was " + gridSize);
            }
        }
    }

    private final int controls;
    private final Grid grid;

    /** Makes the transform with its defaults. */
    public ThinPlateSpline() {
        this(new Settings());
    }

    /** Makes the transform. */
    @Inject
    public ThinPlateSpline(Settings settings) {
        controls = settings.gridSize() * settings.gridSize();
        grid = new Grid(settings.gridSize(), settings.gridSize());
    }

    @Override
    public int poseSize(ImageSpec image) {
        return 2 * controls;
    }

    @Override
    public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        double[][] basis = basis(points);
        return new Displacement(along(net, pose, basis, 0), along(net, pose, basis, 1));
    }

    /** A spline through points that are moved by an affine map is that map, and all motions of a person are affine. */
    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        float[] pose = new float[2 * controls];
        for (int i = 0; i < controls; i++) {
            double x = grid.x(i);
            double y = grid.y(i);
            pose[2 * i] = (float) (map[0] * x + map[1] * y + map[2] - x);
            pose[2 * i + 1] = (float) (map[3] * x + map[4] * y + map[5] - y);
        }
        return Optional.of(pose);
    }

    /** The sum over both axes of 16π oᵀ W o, with offsets o and weights W o of the kernel: ∬ f ΔΔf, where ΔΔU = 16π δ. */
    @Override
    public Optional<double[]> bendingEnergy(float[][] poses) {
        double[][] weights = coefficients();
        double[] energy = new double[poses.length];
        for (int row = 0; row < poses.length; row++) {
            for (int i = 0; i < controls; i++) {
                for (int j = 0; j < controls; j++) {
                    double product = (double) poses[row][2 * i] * poses[row][2 * j]
                            + (double) poses[row][2 * i + 1] * poses[row][2 * j + 1];
                    energy[row] += 16 * Math.PI * weights[i][j] * product;
                }
            }
        }
        return Optional.of(energy);
    }

    /** Rows of the other axis are zero, so that one product does without slicing the pose. */
    private Operand<TFloat32> along(Net net, Operand<TFloat32> pose, double[][] basis, int axis) {
        float[][] matrix = new float[2 * controls][basis.length];
        for (int p = 0; p < basis.length; p++) {
            for (int i = 0; i < controls; i++) {
                matrix[2 * i + axis][p] = (float) basis[p][i];
            }
        }
        return net.ops().linalg.matMul(pose, net.ops().constant(matrix));
    }

    /**
     * Returns the weights w of the kernel and the coefficients a of 1, x, y for a unit offset of every control point,
     * {@code [controls + 3][controls]}: they solve [K P; Pᵀ 0] [w; a] = [offsets; 0].
     */
    private double[][] coefficients() {
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
    private double[][] basis(Grid points) {
        double[][] solution = coefficients();
        double[][] basis = new double[points.points()][controls];
        for (int p = 0; p < points.points(); p++) {
            for (int i = 0; i < controls; i++) {
                double value = solution[controls][i]
                        + solution[controls + 1][i] * points.x(p)
                        + solution[controls + 2][i] * points.y(p);
                for (int j = 0; j < controls; j++) {
                    value += solution[j][i] * kernel(points.x(p) - grid.x(j), points.y(p) - grid.y(j));
                }
                basis[p][i] = value;
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
