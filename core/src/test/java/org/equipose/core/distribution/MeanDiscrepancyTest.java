package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.equipose.core.graph.GraphSession;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Compared with the definition, pair by pair in double precision. */
class MeanDiscrepancyTest {
    private static final int SIZE = 3;

    private static float[][] points(int count, double mean, long seed) {
        Random random = new Random(seed);
        float[][] points = new float[count][SIZE];
        for (float[] point : points) {
            for (int d = 0; d < SIZE; d++) {
                point[d] = (float) (mean + random.nextGaussian());
            }
        }
        return points;
    }

    private static double variance(float[][] a, float[][] b) {
        double sum = 0;
        for (int d = 0; d < SIZE; d++) {
            double mean = 0;
            for (float[][] cloud : new float[][][] {a, b}) {
                for (float[] point : cloud) {
                    mean += point[d] / (a.length + b.length);
                }
            }
            for (float[][] cloud : new float[][][] {a, b}) {
                for (float[] point : cloud) {
                    sum += (point[d] - mean) * (point[d] - mean) / (a.length + b.length) / SIZE;
                }
            }
        }
        return sum;
    }

    private static double kernel(float[][] a, float[][] b, double variance) {
        double sum = 0;
        for (float[] x : a) {
            for (float[] y : b) {
                double squares = 0;
                for (int d = 0; d < SIZE; d++) {
                    squares += (x[d] - y[d]) * (x[d] - y[d]);
                }
                for (int s : new int[] {1, 2, 4}) {
                    sum += Math.exp(-squares / (2 * s * SIZE * variance));
                }
            }
        }
        return sum / a.length / b.length;
    }

    private static double defined(float[][] a, float[][] b, double variance) {
        return kernel(a, a, variance) + kernel(b, b, variance) - 2 * kernel(a, b, variance);
    }

    /** Returns the discrepancy, and its slope by the first coordinate of the first point. */
    private static float[] found(float[][] a, float[][] b) {
        try (GraphSession session = new GraphSession(1)) {
            Ops tf = session.ops();
            Operand<TFloat32> points = tf.constant(a);
            Operand<TFloat32> squared = MeanDiscrepancy.squared(tf, points, tf.constant(b));
            Output<?> slope = session.graph().addGradients(squared.asOutput(), new Output<?>[] {points.asOutput()})[0];
            try (Result result = session.runner().fetch(squared).fetch(slope).run()) {
                TFloat32 value = (TFloat32) result.get(0);
                float[] slopes = new float[a.length * SIZE];
                ((TFloat32) result.get(1)).copyTo(DataBuffers.of(slopes));
                return new float[] {value.getFloat(), slopes[0]};
            }
        }
    }

    @Test
    void isTheDefinition() {
        float[][] a = points(7, 0, 1);
        float[][] b = points(5, 1.5, 2);
        assertThat((double) found(a, b)[0]).isCloseTo(defined(a, b, variance(a, b)), within(1e-5));
        assertThat(found(a, a)[0]).isCloseTo(0, within(1e-5f));
    }

    /** The width of the kernel stays where it is. */
    @Test
    void itsSlopeIsTheFiniteDifferenceAtAFixedWidth() {
        float[][] a = points(7, 0, 1);
        float[][] b = points(5, 1.5, 2);
        double width = variance(a, b);
        float start = a[0][0];
        float slope = found(a, b)[1];
        a[0][0] = start + 0.01f;
        double up = defined(a, b, width);
        a[0][0] = start - 0.01f;
        double down = defined(a, b, width);
        assertThat((double) slope).isCloseTo((up - down) / 0.02, within(1e-4));
    }

    @Test
    void cloudsOfOneLawAreCloserThanOthers() {
        float[][] a = points(200, 0, 3);
        assertThat(found(a, points(200, 0, 4))[0]).isBetween(0f, 0.05f);
        assertThat(found(a, points(200, 1, 5))[0]).isGreaterThan(0.2f);
    }

    /** All points in one place have no width, and no discrepancy either. */
    @Test
    void pointsThatAreAllTheSameAreNoFault() {
        assertThat(found(new float[4][SIZE], new float[4][SIZE])[0]).isZero();
    }
}
