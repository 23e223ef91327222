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
import org.equipose.core.spi.PoseTransform;
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
    /** Along a side. The spline through more of them would take its time to be solved. */
    private static final int MOST_NODES = 32;

    /** Settings. */
    public record Settings(
            @About("control points along each side of the image")
            int gridSize,

            @About("nodes of the inverse for each control point along a side; between them it is interpolated")
            int inverseNodes,

            @About("Newton steps of the inverse") int inverseSteps) {
        /** The defaults. */
        public Settings() {
            this(3, 4, 3);
        }

        /** Checks ranges. */
        public Settings {
            if (gridSize < 2 || gridSize > 16) {
                throw new IllegalArgumentException("grid-size must be from 2 to 16 but was " + gridSize);
            }
            if (inverseNodes < 2 || inverseNodes > 16) {
                throw new IllegalArgumentException("inverse-nodes must be from 2 to 16 but was " + inverseNodes);
            }
            if (inverseSteps < 1 || inverseSteps > 100) {
                throw new IllegalArgumentException("inverse-steps must be from 1 to 100 but was " + inverseSteps);
            }
        }
    }

    private final Settings settings;
    private final SplineSystem system;

    /** Makes the transform with its defaults. */
    public ThinPlateSpline() {
        this(new Settings());
    }

    /** Makes the transform. */
    @Inject
    public ThinPlateSpline(Settings settings) {
        this.settings = settings;
        system = new SplineSystem(settings.gridSize());
    }

    @Override
    public int poseSize(ImageSpec image) {
        return 2 * system.controls();
    }

    @Override
    public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        double[][] basis = system.basis(points);
        return new Displacement(along(net, pose, basis, 0), along(net, pose, basis, 1));
    }

    /** A spline through points that are moved by an affine map is that map, and all motions of a person are affine. */
    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        float[] pose = new float[2 * system.controls()];
        for (int i = 0; i < system.controls(); i++) {
            double x = system.x(i);
            double y = system.y(i);
            pose[2 * i] = (float) (map[0] * x + map[1] * y + map[2] - x);
            pose[2 * i + 1] = (float) (map[3] * x + map[4] * y + map[5] - y);
        }
        return Optional.of(pose);
    }

    /** The sum over both axes of 16π oᵀ W o, with offsets o and weights W o of the kernel: ∬ f ΔΔf, where ΔΔU = 16π δ. */
    @Override
    public Optional<double[]> bendingEnergy(float[][] poses) {
        double[][] weights = system.coefficients();
        int controls = system.controls();
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

    @Override
    public Optional<PoseTransform> inverse() {
        int nodes = Math.min(MOST_NODES, settings.inverseNodes() * settings.gridSize());
        return Optional.of(new SplineInverse(this, system, nodes, settings.inverseSteps()));
    }

    /** Rows of the other axis are zero, so that one product does without slicing the pose. */
    private Operand<TFloat32> along(Net net, Operand<TFloat32> pose, double[][] basis, int axis) {
        float[][] matrix = new float[2 * system.controls()][basis.length];
        for (int p = 0; p < basis.length; p++) {
            for (int i = 0; i < system.controls(); i++) {
                matrix[2 * i + axis][p] = (float) basis[p][i];
            }
        }
        return net.ops().linalg.matMul(pose, net.ops().constant(matrix));
    }
}
