package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Gives a parameter its first value. */
@FunctionalInterface
public interface Initializer {

    /**
     * Builds the first value of a parameter.
     *
     * @param tf where to add the operations
     * @param shape shape of the parameter
     * @param seed {@code [2]}, differs for every parameter of a run and is the same in every run with one seed
     * @return the value, of the given shape
     */
    Operand<TFloat32> value(Ops tf, Shape shape, Operand<TInt64> seed);

    /** Fills a parameter with one number. */
    static Initializer constant(float value) {
        return (tf, shape, seed) -> tf.fill(tf.constant(shape), tf.constant(value));
    }

    /** Draws from the uniform law on {@code [-limit, limit]}. */
    static Initializer uniform(double limit) {
        return (tf, shape, seed) -> {
            Operand<TFloat32> unit = tf.random.statelessRandomUniform(tf.constant(shape), seed);
            return tf.math.mul(tf.math.sub(unit, tf.constant(0.5f)), tf.constant((float) (2 * limit)));
        };
    }

    /** Draws from the normal law with mean zero. */
    static Initializer normal(double standardDeviation) {
        return (tf, shape, seed) -> tf.math.mul(
                tf.random.statelessRandomNormal(tf.constant(shape), seed), tf.constant((float) standardDeviation));
    }

    /**
     * Draws a matrix {@code [rows, columns]}, rows ≤ columns, whose rows point in random directions, each at right angles to
     * all others, and have the same length.
     */
    static Initializer orthogonalRows(double length) {
        return (tf, shape, seed) -> {
            Shape upright = Shape.of(shape.get(1), shape.get(0));
            Operand<TFloat32> random = tf.random.statelessRandomNormal(tf.constant(upright), seed);
            Operand<TFloat32> directions = tf.linalg.qr(random).q();
            return tf.math.mul(
                    tf.linalg.transpose(directions, tf.constant(new int[] {1, 0})), tf.constant((float) length));
        };
    }

    /** Draws from U(±1/√inputs), so that a layer's outputs are of the order of its inputs. */
    static Initializer fanIn(long inputs) {
        return uniform(1 / Math.sqrt((double) inputs));
    }
}
