package org.equipose.plugin.spatialvae;

import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Motion;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Shifts: u = (tx, ty), in units of half the image. */
@Named("translation")
@About("shift, 2 parameters")
public final class Translation implements AffineMap {

    @Override
    public int poseSize(ImageSpec image) {
        return 2;
    }

    @Override
    public Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose) {
        return tf.linalg.matMul(pose, tf.constant(new float[][] {{0, 0, 1, 0, 0, 0}, {0, 0, 0, 0, 0, 1}}));
    }

    /** Nothing turns and nothing grows in this family. */
    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        if (motion.scale() != 1 || Math.IEEEremainder(motion.turn(), 360) != 0) {
            return Optional.empty();
        }
        double[] map = motion.samplingMap(image);
        return Optional.of(new float[] {(float) map[2], (float) map[5]});
    }
}
