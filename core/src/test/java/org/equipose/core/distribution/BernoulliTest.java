package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.equipose.core.graph.TestGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class BernoulliTest {

    /** Sizes of events: fewer pixels than a group of logarithms, a prime number, and several groups. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 32, 37, 96, 784})
    void logitsAgreeWithThePlainFormula(int pixels) {
        Random random = new Random(pixels);
        double[] logits = random.doubles(2L * pixels, -8, 8).map(x -> (float) x).toArray();
        double[] x = random.doubles(2L * pixels, 0, 1).map(v -> (float) v).toArray();
        double[] expected = new double[2];
        for (int i = 0; i < logits.length; i++) {
            expected[i / pixels] += x[i] * logits[i] - Math.log1p(Math.exp(logits[i]));
        }
        try (TestGraph graph = new TestGraph()) {
            Bernoulli law = Bernoulli.ofLogits(graph.floats(logits, 2, pixels));
            double[] logProb = graph.values(law.logProb(graph.tf(), graph.floats(x, 2, pixels)));
            for (int row = 0; row < 2; row++) {
                assertThat(logProb[row]).isCloseTo(expected[row], offset(2e-6 * Math.max(1, Math.abs(expected[row]))));
            }
        }
    }

    @Test
    void knownProbabilities() {
        try (TestGraph graph = new TestGraph()) {
            Bernoulli law = Bernoulli.ofProbabilities(graph.floats(new double[] {0.25, 0.9}, 1, 2));
            Operand<TFloat32> points = graph.floats(new double[] {0, 0, 1, 0, 1, 1, 0.5, 0.5}, 4, 2);
            double[] p = graph.values(graph.tf().math.exp(law.logProb(graph.tf(), points)));
            assertThat(p[0]).isCloseTo(0.075, offset(1e-6));
            assertThat(p[1]).isCloseTo(0.025, offset(1e-6));
            assertThat(p[2]).isCloseTo(0.225, offset(1e-6));
            assertThat(p[3]).isCloseTo(Math.sqrt(0.25 * 0.75 * 0.9 * 0.1), offset(1e-6));
        }
    }

    @Test
    void logitsAndProbabilitiesAgree() {
        Random random = new Random(3);
        double[] logits = random.doubles(60, -6, 6).toArray();
        double[] probabilities =
                Arrays.stream(logits).map(l -> 1 / (1 + Math.exp(-l))).toArray();
        double[] pixels = random.doubles(60).toArray();
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(pixels, 2, 5, 6, 1);
            Bernoulli one = Bernoulli.ofLogits(graph.floats(logits, 2, 5, 6, 1));
            Bernoulli other = Bernoulli.ofProbabilities(graph.floats(probabilities, 2, 5, 6, 1));
            double[] a = graph.values(one.logProb(graph.tf(), x));
            double[] b = graph.values(other.logProb(graph.tf(), x));
            assertThat(a[0]).isCloseTo(b[0], offset(1e-3));
            assertThat(a[1]).isCloseTo(b[1], offset(1e-3));
            assertThat(graph.values(one.mean(graph.tf()))[7]).isCloseTo(probabilities[7], offset(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-50, 50, -1000, 1000})
    void extremeLogitsAreFinite(double logit) {
        double[] logits = new double[64];
        Arrays.fill(logits, logit);
        double[] pixels = new double[64];
        pixels[0] = 1;
        pixels[1] = 0.5;
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> l = graph.floats(logits, 1, 64);
            Operand<TFloat32> x = graph.floats(pixels, 1, 64);
            Operand<TFloat32> logProb = Bernoulli.ofLogits(l).logProb(graph.tf(), x);
            double expected = logit > 0 ? -62.5 * logit : 1.5 * logit;
            assertThat(graph.values(logProb)[0]).isCloseTo(expected, offset(1e-5 * Math.abs(expected)));
            double[] gradient = graph.gradient(logProb, l);
            double p = logit > 0 ? 1 : 0;
            for (int i = 0; i < 64; i++) {
                assertThat(gradient[i]).isCloseTo(pixels[i] - p, offset(1e-6));
            }
        }
    }

    /** Probabilities of exactly 0 and 1 are clipped: finite scores, and nothing flows. */
    @Test
    void extremeProbabilitiesAreFinite() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> p = graph.floats(new double[] {0, 1, 0, 1, 0.5}, 1, 5);
            Operand<TFloat32> x = graph.floats(new double[] {1, 0, 0, 1, 1}, 1, 5);
            Operand<TFloat32> logProb = Bernoulli.ofProbabilities(p).logProb(graph.tf(), x);
            // In float 1 − (1 − 1e-6) is 1.0133e-6.
            assertThat(graph.values(logProb)[0]).isCloseTo(2 * Math.log(1e-6) + Math.log(0.5), offset(0.02));
            close(graph.gradient(logProb, p), new double[] {0, 0, 0, 0, 2}, 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handWrittenGradientsAreThoseOfThePlainFormula(boolean logits) {
        Random random = new Random(5);
        double[] parameters =
                random.doubles(4 * 40, logits ? -5 : 0.01, logits ? 5 : 0.99).toArray();
        double[] pixels = random.doubles(2 * 40).toArray();
        double[] weights = {0.3, -1.5, 2, 1};
        try (TestGraph graph = new TestGraph()) {
            Ops tf = graph.tf();
            Operand<TFloat32> parameter = graph.floats(parameters, 4, 5, 8, 1);
            Operand<TFloat32> x = graph.floats(pixels, 2, 5, 8, 1);
            Operand<TFloat32> weight = graph.floats(weights, 4);
            Bernoulli law = logits ? Bernoulli.ofLogits(parameter) : Bernoulli.ofProbabilities(parameter);
            // Two rows of pixels for four of the law: the gradient of the repetition is checked as well.
            Operand<TFloat32> score = tf.math.mul(weight, law.logProb(tf, x));

            Operand<TFloat32> p = logits ? tf.math.sigmoid(parameter) : parameter;
            Operand<TFloat32> twice = Rows.repeat(tf, x, 2);
            Operand<TFloat32> one = tf.constant(1f);
            Operand<TFloat32> each = tf.math.add(
                    tf.math.mul(twice, tf.math.log(p)),
                    tf.math.mul(tf.math.sub(one, twice), tf.math.log(tf.math.sub(one, p))));
            Operand<TFloat32> plain = tf.math.mul(weight, Rows.sum(tf, each));

            close(graph.values(score), graph.values(plain), 1e-4);
            List<double[]> written = graph.gradients(score, List.of(parameter, x));
            List<double[]> automatic = graph.gradients(plain, List.of(parameter, x));
            close(written.get(0), automatic.get(0), 1e-4);
            close(written.get(1), automatic.get(1), 1e-4);
        }
    }

    private static void close(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i])
                    .as("at %d", i)
                    .isCloseTo(expected[i], offset(tolerance * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void drawsAreZerosAndOnesInTheRightProportion() {
        int count = 20_000;
        double[] probabilities = {0.1, 0.5, 0.97};
        try (TestGraph graph = new TestGraph()) {
            Bernoulli law = Bernoulli.ofProbabilities(graph.floats(probabilities, 1, 3));
            double[] draws = graph.values(law.draw(graph.net(), count).value());
            assertThat(draws).containsOnly(0.0, 1.0);
            for (int j = 0; j < 3; j++) {
                double ones = 0;
                for (int i = 0; i < count; i++) {
                    ones += draws[3 * i + j];
                }
                double p = probabilities[j];
                assertThat(ones / count).isCloseTo(p, offset(5 * Math.sqrt(p * (1 - p) / count)));
            }
        }
    }

    /** Straight through: d draw / d p is taken for 1, and with logits the sigmoid's slope follows. */
    @Test
    void drawsPassTheGradientThrough() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> p = graph.floats(new double[] {0.2, 0.7}, 1, 2);
            Operand<TFloat32> draw =
                    Bernoulli.ofProbabilities(p).draw(graph.net(), 3).value();
            assertThat(graph.gradient(draw, p)).containsExactly(3, 3);

            Operand<TFloat32> logit = graph.floats(new double[] {0, 1}, 1, 2);
            Operand<TFloat32> soft =
                    Bernoulli.ofLogits(logit).draw(graph.net(), 1).value();
            double[] gradient = graph.gradient(soft, logit);
            assertThat(gradient[0]).isCloseTo(0.25, offset(1e-6));
            assertThat(gradient[1]).isCloseTo(0.19661193324148185, offset(1e-6));
        }
    }

    @Test
    void drawsKnowTheirDensity() {
        try (TestGraph graph = new TestGraph()) {
            Bernoulli law = Bernoulli.ofLogits(graph.floats(new double[] {-1, 0, 2, 3}, 2, 2));
            Distribution.Draw draw = law.draw(graph.net(), 4);
            double[] value = graph.values(draw.value());
            double[] logProb = graph.values(draw.logProb());
            assertThat(logProb).hasSize(8);
            double[] logits = {-1, 0, 2, 3};
            for (int i = 0; i < 8; i++) {
                double expected = 0;
                for (int j = 0; j < 2; j++) {
                    double l = logits[i % 2 * 2 + j];
                    expected += value[2 * i + j] * l - Math.log1p(Math.exp(l));
                }
                assertThat(logProb[i]).isCloseTo(expected, offset(1e-5));
            }
        }
    }
}
