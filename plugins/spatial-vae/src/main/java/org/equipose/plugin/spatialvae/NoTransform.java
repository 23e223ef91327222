package org.equipose.plugin.spatialvae;

import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.PoseTransform;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The family of one: leaves every image where it is. */
@Named("none")
@About("no pose")
public final class NoTransform implements PoseTransform {

    @Override
    public int poseSize(ImageSpec image) {
        return 0;
    }

    @Override
    public Operand<TFloat32> apply(
            Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
        if (image.shape().get(1) != out.height() || image.shape().get(2) != out.width()) {
            throw new IllegalArgumentException("transform none cannot turn an image " + image.shape() + " into " + out);
        }
        if (pose.shape().get(1) != 0) {
            throw new IllegalArgumentException("transform none needs a pose [rows, 0] but got " + pose.shape());
        }
        return image;
    }

    @Override
    public Optional<PoseTransform> inverse() {
        return Optional.of(this);
    }
}
