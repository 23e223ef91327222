package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.graph.Parameter;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Assertions whose messages say what was promised. */
final class Check {
    private Check() {}

    /** Appends the seed, without which a failure cannot be repeated. */
    static String promise(String text) {
        return text + " (seed " + GraphFixture.SEED + ")";
    }

    /**
     * Asserts that a refusal helps the user who reads it: one line that names what is refused, and after a semicolon what to
     * do instead.
     */
    static void polite(String what, String thing, String message) {
        String said = what + ", but says: " + message;
        assertTrue(message.contains(thing), () -> "the refusal names what is refused, '" + thing + "', of " + said);
        assertTrue(message.lines().count() == 1, () -> "the refusal is one line, of " + said);
        assertTrue(message.matches(".+; \\S.+"), () -> "the refusal tells the remedy after a semicolon, of " + said);
    }

    static void shape(String promise, Operand<TFloat32> actual, long... expected) {
        assertEquals(Arrays.toString(expected), Arrays.toString(actual.shape().asArray()), promise(promise));
    }

    /** Asserts equality of every bit; 0 and −0 are one number. */
    static void same(String promise, float[] expected, float[] actual) {
        close(promise, expected, actual, 0);
    }

    static void close(String promise, float[] expected, float[] actual, double tolerance) {
        assertEquals(expected.length, actual.length, promise("number of values: " + promise));
        for (int i = 0; i < expected.length; i++) {
            // Written so that NaN fails.
            if (!(Math.abs((double) expected[i] - actual[i]) <= tolerance)) {
                fail(promise(promise) + ": at " + i + " expected " + expected[i] + " but was " + actual[i]
                        + (tolerance == 0 ? "" : ", tolerance " + tolerance));
            }
        }
    }

    static boolean equal(float[] a, float[] b) {
        return Arrays.equals(a, b);
    }

    static double distance(float[] a, float[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
        }
        return largest;
    }

    static void finite(String promise, float[] values) {
        for (float value : values) {
            assertTrue(Float.isFinite(value), () -> promise(promise) + ": found " + value);
        }
    }

    /**
     * Asserts that something flows from {@code y} to every one of these parameters. They are moved a little before: at the
     * start a slope may be exactly zero, as that of a divergence by the mean of a prior is where posterior and prior agree.
     */
    static void reaches(GraphFixture graph, Operand<TFloat32> y, List<Parameter> parameters) {
        List<Operand<TFloat32>> by = parameters.stream().map(Parameter::value).toList();
        List<float[]> starts = graph.fetch(by);
        for (int i = 0; i < by.size(); i++) {
            float[] step = normal(starts.get(i).length, 0.02, 70 + i);
            graph.set(by.get(i), along(starts.get(i), 1, step));
        }
        List<Optional<float[]>> gradients = graph.gradients(y, by);
        for (int i = 0; i < parameters.size(); i++) {
            String path = parameters.get(i).path();
            float[] gradient =
                    gradients.get(i).orElseGet(() -> fail(promise("the gradient reaches every parameter, " + path)));
            finite("the gradient of parameter " + path + " is finite", gradient);
            assertTrue(
                    !equal(gradient, new float[gradient.length]),
                    promise("the gradient reaches every parameter: that of " + path + " is zero"));
        }
    }

    /**
     * Asserts that a gradient is the slope. The slope along a random direction may vanish by chance: the error is then
     * compared with what is typical for the gradient's length.
     */
    static void slope(String promise, float[] gradient, float[] direction, double finiteDifference) {
        double along = 0;
        double squares = 0;
        double length = 0;
        for (int i = 0; i < gradient.length; i++) {
            along += (double) gradient[i] * direction[i];
            squares += (double) gradient[i] * gradient[i];
            length += (double) direction[i] * direction[i];
        }
        double typical = Math.sqrt(squares * length / gradient.length);
        double scale = Math.max(Math.max(Math.abs(along), Math.abs(finiteDifference)), 0.3 * typical);
        if (!(Math.abs(along - finiteDifference) <= 1e-2 * scale)) {
            fail(promise(promise) + ": the gradient says " + along + ", the finite difference " + finiteDifference);
        }
    }

    static float[] normal(int count, double deviation, long salt) {
        Random random = new Random(GraphFixture.SEED + salt);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    static float[] uniform(int count, long salt) {
        Random random = new Random(GraphFixture.SEED + salt);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    /** Returns {@code a + t b}. */
    static float[] along(float[] a, double t, float[] b) {
        float[] result = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (float) (a[i] + t * b[i]);
        }
        return result;
    }

    /** Returns Σ a b, in double precision. */
    static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
