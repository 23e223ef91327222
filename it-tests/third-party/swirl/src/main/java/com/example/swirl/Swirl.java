package com.example.swirl;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Turns the middle of an image by u radians clockwise; the turn fades with the distance r from the centre, as 2^−(r/radius)².
 * Every point stays on its circle, so the swirl the other way undoes it.
 */
@Named("swirl")
@About("turn that fades with the distance from the centre")
public final class Swirl implements SpatialTransform {

    /**
     * Settings.
     *
     * @param radius where half of the turn is left
     */
    public record Settings(
            @About("distance from the centre where half of the turn is left; 1 is the edge")
            double radius) {

        /** Makes the defaults. */
        public Settings() {
            this(0.7);
        }

        /** Checks the range. */
        public Settings {
            if (!(radius > 0 && radius <= 10)) {
                throw new IllegalArgumentException("radius must be above 0 and at most 10 but was " + radius);
            }
        }
    }

    private final Settings settings;
    private final int direction;

    /** Makes the transform with its defaults. */
    public Swirl() {
        this(new Settings());
    }

    /** Makes the transform. */
    @Inject
    public Swirl(Settings settings) {
        this(settings, 1);
    }

    private Swirl(Settings settings, int direction) {
        this.settings = settings;
        this.direction = direction;
    }

    @Override
    public int poseSize(ImageSpec image) {
        return 1;
    }

    @Override
    public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        float[][] share = new float[1][points.points()];
        float[] x = new float[points.points()];
        float[] y = new float[points.points()];
        for (int p = 0; p < points.points(); p++) {
            x[p] = (float) points.x(p);
            y[p] = (float) points.y(p);
            double square = points.x(p) * points.x(p) + points.y(p) * points.y(p);
            share[0][p] = (float) (direction * Math.pow(2, -square / (settings.radius() * settings.radius())));
        }
        Ops tf = net.ops();
        Operand<TFloat32> angle = tf.linalg.matMul(pose, tf.constant(share)); // [rows, points]
        Operand<TFloat32> sin = tf.math.sin(angle);
        // cos − 1 with all its digits, also where the angle is small.
        Operand<TFloat32> half = tf.math.sin(tf.math.mul(angle, tf.constant(0.5f)));
        Operand<TFloat32> cosLessOne = tf.math.mul(tf.constant(-2f), tf.math.square(half));
        // What is turned clockwise was found a turn counterclockwise from here.
        return new Displacement(
                tf.math.add(tf.math.mul(cosLessOne, tf.constant(x)), tf.math.mul(sin, tf.constant(y))),
                tf.math.sub(tf.math.mul(cosLessOne, tf.constant(y)), tf.math.mul(sin, tf.constant(x))));
    }

    @Override
    public Optional<PoseTransform> inverse() {
        return Optional.of(new Swirl(settings, -direction));
    }
}
