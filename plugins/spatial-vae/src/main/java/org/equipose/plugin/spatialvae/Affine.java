package org.equipose.plugin.spatialvae;

import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Motion;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** All affine maps: u = A − identity, the six entries of the sampling matrix in row order. */
@Named("affine")
@About(value = "affine map, 6 parameters: the entries of the sampling matrix", paper = "Vivé 2017, section III")
public final class Affine implements AffineMap {

    @Override
    public int poseSize(ImageSpec image) {
        return 6;
    }

    @Override
    public Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose) {
        return pose;
    }

    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        return Optional.of(new float[] {
            (float) (map[0] - 1), (float) map[1], (float) map[2], (float) map[3], (float) (map[4] - 1), (float) map[5]
        });
    }
}
