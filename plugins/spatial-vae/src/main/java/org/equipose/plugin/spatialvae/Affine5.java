package org.equipose.plugin.spatialvae;

import jakarta.inject.Named;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Motion;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Rotation, scales and shift: u = (ψ, log Sx, log Sy, Tx, Ty) and
 * A = [[Sx cos ψ, −Sx sin ψ, Sx Tx], [Sy sin ψ, Sy cos ψ, Sy Ty]].
 */
@Named("affine5")
@About(value = "rotation, two scales and shift, 5 parameters", paper = "Vivé 2017, section V.iii")
public final class Affine5 implements AffineMap {

    @Override
    public int poseSize(ImageSpec image) {
        return 5;
    }

    @Override
    public Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose) {
        List<Operand<TFloat32>> u = AffineMap.columns(tf, pose, 5);
        Operand<TFloat32> one = tf.constant(1f);
        Operand<TFloat32> cos = tf.math.cos(u.get(0));
        Operand<TFloat32> sin = tf.math.sin(u.get(0));
        Operand<TFloat32> sx = tf.math.exp(u.get(1));
        Operand<TFloat32> sy = tf.math.exp(u.get(2));
        return tf.concat(
                List.of(
                        tf.math.sub(tf.math.mul(sx, cos), one),
                        tf.math.neg(tf.math.mul(sx, sin)),
                        tf.math.mul(sx, u.get(3)),
                        tf.math.mul(sy, sin),
                        tf.math.sub(tf.math.mul(sy, cos), one),
                        tf.math.mul(sy, u.get(4))),
                tf.constant(1));
    }

    /** A turn of a picture that is not square shears its coordinates, unless it is by quarters of a circle. */
    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        double sx = Math.hypot(map[0], map[1]);
        double sy = Math.hypot(map[3], map[4]);
        if (Math.abs(map[0] * map[3] + map[1] * map[4]) > TINY * sx * sy) {
            return Optional.empty();
        }
        return Optional.of(new float[] {
            (float) Math.atan2(map[3], map[4]),
            (float) Math.log(sx),
            (float) Math.log(sy),
            (float) (map[2] / sx),
            (float) (map[5] / sy)
        });
    }
}
