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
 * Rotation, one scale and shift: u = (ψ, log s, tx, ty) and A = s [[cos ψ, −sin ψ, tx], [sin ψ, cos ψ, ty]], which is
 * {@link Affine5} with Sx = Sy = s.
 */
@Named("similarity")
@About("rotation, one scale and shift, 4 parameters")
public final class Similarity implements AffineMap {

    @Override
    public int poseSize(ImageSpec image) {
        return 4;
    }

    @Override
    public Operand<TFloat32> map(Ops tf, Operand<TFloat32> pose) {
        List<Operand<TFloat32>> u = AffineMap.columns(tf, pose, 4);
        Operand<TFloat32> s = tf.math.exp(u.get(1));
        Operand<TFloat32> cos = tf.math.sub(tf.math.mul(s, tf.math.cos(u.get(0))), tf.constant(1f));
        Operand<TFloat32> sin = tf.math.mul(s, tf.math.sin(u.get(0)));
        return tf.concat(
                List.of(cos, tf.math.neg(sin), tf.math.mul(s, u.get(2)), sin, cos, tf.math.mul(s, u.get(3))),
                tf.constant(1));
    }

    /** A turn of a picture that is not square stretches its coordinates, unless it is by half a circle. */
    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        double scale = Math.hypot(map[3], map[4]);
        if (Math.abs(map[1] + map[3]) > TINY * scale) {
            return Optional.empty();
        }
        return Optional.of(new float[] {
            (float) Math.atan2(map[3], map[4]),
            (float) Math.log(scale),
            (float) (map[2] / scale),
            (float) (map[5] / scale)
        });
    }
}
