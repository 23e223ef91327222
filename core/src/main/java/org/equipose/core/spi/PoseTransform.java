package org.equipose.core.spi;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A family of image transformations indexed by a pose u in R^S; u = 0 is the identity, bit for bit at equal size. */
public interface PoseTransform {

    /**
     * Returns S, the number of pose parameters. It may depend on the channels, but not on height and width: one pose moves the
     * canvas and the image, whose sizes may differ.
     */
    int poseSize(ImageSpec image);

    /**
     * Moves every image by its pose: T_u(image).
     *
     * @param image {@code [rows, height, width, channels]}
     * @param pose {@code [rows, S]}
     * @param out size of the result
     * @param border what lies outside the image
     * @return {@code [rows, out.height, out.width, channels]}
     */
    Operand<TFloat32> apply(Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border);

    /** Returns the transform that undoes this one for the same u, if there is one. */
    default Optional<PoseTransform> inverse() {
        return Optional.empty();
    }

    /**
     * Returns numbers that tell how well {@link #apply} does with these poses, for a transform that is not exact everywhere.
     *
     * @param pose {@code [rows, S]}
     * @param out size of the result
     * @return of different names, each {@code [rows]}
     */
    default List<Diagnostic> diagnostics(Net net, Operand<TFloat32> pose, ImageSpec out) {
        return List.of();
    }
}
