package org.equipose.tck;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** All affine maps, u = A − identity: something sound for the kit to be tried on. Faults are planted in subclasses. */
class ShiftAndTurn implements SpatialTransform {

    @Override
    public int poseSize(ImageSpec image) {
        return 6;
    }

    @Override
    public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        return displacement(net.ops(), pose, points);
    }

    static Displacement displacement(Ops tf, Operand<TFloat32> map, Grid points) {
        return new Displacement(along(tf, map, points, 0), along(tf, map, points, 3));
    }

    private static Operand<TFloat32> along(Ops tf, Operand<TFloat32> map, Grid points, int first) {
        float[][] basis = new float[3][points.points()];
        for (int p = 0; p < points.points(); p++) {
            basis[0][p] = (float) points.x(p);
            basis[1][p] = (float) points.y(p);
            basis[2][p] = 1;
        }
        Operand<TFloat32> row = tf.slice(map, tf.constant(new int[] {0, first}), tf.constant(new int[] {-1, 3}));
        return tf.linalg.matMul(row, tf.constant(basis));
    }

    @Override
    public Optional<float[]> pose(Motion motion, ImageSpec image) {
        double[] map = motion.samplingMap(image);
        float[] pose = new float[6];
        for (int i = 0; i < 6; i++) {
            pose[i] = (float) (map[i] - (i % 4 == 0 ? 1 : 0));
        }
        return Optional.of(pose);
    }

    @Override
    public Optional<PoseTransform> inverse() {
        return Optional.of(new Inverse());
    }

    private record Inverse() implements SpatialTransform {
        @Override
        public int poseSize(ImageSpec image) {
            return 6;
        }

        /** A⁻¹ by the adjugate; written as A⁻¹ − identity without ever subtracting one, so that zero stays zero. */
        @Override
        public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
            Ops tf = net.ops();
            Operand<TFloat32> a = column(tf, pose, 0);
            Operand<TFloat32> b = column(tf, pose, 1);
            Operand<TFloat32> x = column(tf, pose, 2);
            Operand<TFloat32> c = column(tf, pose, 3);
            Operand<TFloat32> d = column(tf, pose, 4);
            Operand<TFloat32> y = column(tf, pose, 5);
            Operand<TFloat32> one = tf.constant(1f);
            Operand<TFloat32> more = tf.math.sub(tf.math.add(tf.math.add(a, d), tf.math.mul(a, d)), tf.math.mul(b, c));
            Operand<TFloat32> determinant = tf.math.add(one, more);
            Operand<TFloat32> ia = tf.math.div(tf.math.sub(d, more), determinant);
            Operand<TFloat32> id = tf.math.div(tf.math.sub(a, more), determinant);
            Operand<TFloat32> ib = tf.math.neg(tf.math.div(b, determinant));
            Operand<TFloat32> ic = tf.math.neg(tf.math.div(c, determinant));
            Operand<TFloat32> ix = tf.math.neg(tf.math.add(x, tf.math.add(tf.math.mul(ia, x), tf.math.mul(ib, y))));
            Operand<TFloat32> iy = tf.math.neg(tf.math.add(y, tf.math.add(tf.math.mul(ic, x), tf.math.mul(id, y))));
            return displacement(tf, tf.concat(List.of(ia, ib, ix, ic, id, iy), tf.constant(1)), points);
        }

        private static Operand<TFloat32> column(Ops tf, Operand<TFloat32> pose, int index) {
            return tf.slice(pose, tf.constant(new int[] {0, index}), tf.constant(new int[] {-1, 1}));
        }
    }
}
