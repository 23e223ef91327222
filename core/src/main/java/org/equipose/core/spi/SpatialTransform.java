package org.equipose.core.spi;

import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.BilinearSampling;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A transformation that moves pixels: each output point looks somewhere into the source image. */
public interface SpatialTransform extends PoseTransform {

    /**
     * Says where each output point looks, as a displacement that is exactly zero for u = 0.
     *
     * @param pose {@code [rows, S]}
     * @param points the output points
     */
    Displacement warp(Net net, Operand<TFloat32> pose, Grid points);

    @Override
    default Operand<TFloat32> apply(
            Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
        int size = poseSize(out);
        if (pose.shape().numDimensions() != 2 || pose.shape().get(1) != size) {
            throw new IllegalArgumentException(
                    "a spatial transform needs a pose [rows, " + size + "] but got " + pose.shape());
        }
        Grid points = new Grid(out.height(), out.width());
        return BilinearSampling.sample(net.ops(), image, warp(net, pose, points), points, border);
    }

    /**
     * Returns how much each pose bends: ∬ |d_xx|² + 2 |d_xy|² + |d_yy|² dx dy over the plane, where d is the displacement of
     * {@link #warp} in the coordinates of {@link Grid}; a number without unit, zero for affine maps (Bookstein 1989, whose energy
     * leaves out a constant factor). Empty if it is infinite or not known in closed form.
     *
     * @param poses {@code [rows][S]}
     * @return {@code [rows]}
     */
    default Optional<double[]> bendingEnergy(float[][] poses) {
        return Optional.empty();
    }

    /** Returns the pose that moves an object in the given way, if this family has it. */
    default Optional<float[]> pose(Motion motion, ImageSpec image) {
        return Optional.empty();
    }
}
