package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import org.equipose.core.graph.TestGraph;
import org.junit.jupiter.api.Test;

class LaplaceTest {

    @Test
    void logDensityOfKnownPoints() {
        try (TestGraph graph = new TestGraph()) {
            Laplace standard = Laplace.standard(graph.tf(), 1);
            double[] logProb = graph.values(standard.logProb(graph.tf(), graph.floats(new double[] {0, 2, -3}, 3, 1)));
            assertThat(logProb[0]).isCloseTo(-0.6931471805599453, offset(1e-6));
            assertThat(logProb[1]).isCloseTo(-2.693147180559945, offset(1e-6));
            assertThat(logProb[2]).isCloseTo(-3.693147180559945, offset(1e-6));

            Laplace wide = laplace(graph, new double[] {1, 0}, new double[] {4, 0.5}, 1, 2);
            // −|−1−1|/4 − log 8 − |1|/½ − log 1
            assertThat(graph.values(wide.logProb(graph.tf(), graph.floats(new double[] {-1, 1}, 1, 2)))[0])
                    .isCloseTo(-0.5 - Math.log(8) - 2, offset(2e-6));
        }
    }

    /** KL(Laplace(m, b) ‖ Laplace(0, 1)) = |m| + b exp(−|m|/b) − 1 − log b. */
    @Test
    void divergenceOfKnownPairs() {
        double[] m = {0, 1, -2, 0.3};
        double[] b = {2, 1, 0.25, 0.01};
        try (TestGraph graph = new TestGraph()) {
            Laplace q = laplace(graph, m, b, 4, 1);
            double[] kl = graph.values(
                    q.kl(graph.tf(), Laplace.standard(graph.tf(), 1)).orElseThrow());
            for (int i = 0; i < m.length; i++) {
                double expected = Math.abs(m[i]) + b[i] * Math.exp(-Math.abs(m[i]) / b[i]) - 1 - Math.log(b[i]);
                assertThat(kl[i]).as("row %d", i).isCloseTo(expected, offset(3e-6));
            }
            assertThat(kl[0]).isCloseTo(0.30685281944005466, offset(1e-6)); // 1 − log 2
            assertThat(kl[1]).isCloseTo(0.36787944117144233, offset(1e-6)); // 1/e
        }
    }

    /** The general case against the midpoint rule. */
    @Test
    void divergenceIsTheIntegral() {
        double m = 0.7;
        double b = 0.6;
        double n = -0.4;
        double c = 1.3;
        double integral = 0;
        double width = 1e-4;
        for (double x = -30 + width / 2; x < 30; x += width) {
            double q = Math.exp(-Math.abs(x - m) / b) / (2 * b);
            integral += width * q * (Math.abs(x - n) / c - Math.abs(x - m) / b + Math.log(c / b));
        }
        try (TestGraph graph = new TestGraph()) {
            Laplace q = laplace(graph, new double[] {m}, new double[] {b}, 1, 1);
            Laplace p = laplace(graph, new double[] {n}, new double[] {c}, 1, 1);
            assertThat(graph.values(q.kl(graph.tf(), p).orElseThrow())[0]).isCloseTo(integral, offset(2e-6));
        }
    }

    @Test
    void divergenceFromItselfIsZero() {
        try (TestGraph graph = new TestGraph()) {
            Laplace law = laplace(graph, new double[] {1, -20}, new double[] {3, 1e-2}, 1, 2);
            assertThat(graph.values(law.kl(graph.tf(), law).orElseThrow())[0]).isZero();
        }
    }

    @Test
    void gradientsOfDivergence() {
        double m = 0.7;
        double b = 0.6;
        double decay = Math.exp(-m / b);
        try (TestGraph graph = new TestGraph()) {
            Laplace q = laplace(graph, new double[] {m}, new double[] {b}, 1, 1);
            List<double[]> gradients = graph.gradients(
                    q.kl(graph.tf(), Laplace.standard(graph.tf(), 1)).orElseThrow(), List.of(q.loc(), q.logScale()));
            assertThat(gradients.get(0)[0]).isCloseTo(1 - decay, offset(1e-6));
            assertThat(gradients.get(1)[0]).isCloseTo(b * decay + m * decay - 1, offset(1e-6));
        }
    }

    /** Mean |x − μ| is b; the largest of many draws is finite although the inverse of the distribution function is not. */
    @Test
    void drawsHaveTheScale() {
        try (TestGraph graph = new TestGraph()) {
            Laplace law = laplace(graph, new double[] {3}, new double[] {2}, 1, 1);
            int count = 40_000;
            double[] draws = graph.values(law.draw(graph.net(), count).value());
            double spread =
                    Arrays.stream(draws).map(x -> Math.abs(x - 3)).average().orElseThrow();
            assertThat(spread).isCloseTo(2, offset(5 * 2 / Math.sqrt((double) count)));
            assertThat(Arrays.stream(draws).average().orElseThrow())
                    .isCloseTo(3, offset(5 * 2 * Math.sqrt(2.0 / count)));
            assertThat(Arrays.stream(draws).allMatch(Double::isFinite)).isTrue();
        }
    }

    @Test
    void drawsKnowTheirDensity() {
        try (TestGraph graph = new TestGraph()) {
            Laplace law = laplace(graph, new double[] {-1, 1, 0, 5}, new double[] {1, 2, 0.5, 0.1}, 2, 2);
            Distribution.Draw draw = law.draw(graph.net(), 5);
            double[] told = graph.values(draw.logProb());
            double[] asked = graph.values(law.logProb(graph.tf(), draw.value()));
            assertThat(told).hasSize(10);
            for (int i = 0; i < told.length; i++) {
                assertThat(told[i]).isCloseTo(asked[i], offset(1e-4));
            }
            assertThat(graph.values(law.draw(graph.net().noiseless(), 1).value()))
                    .containsExactly(-1, 1, 0, 5);
        }
    }

    private static Laplace laplace(TestGraph graph, double[] mean, double[] scale, long rows, long size) {
        double[] log = Arrays.stream(scale).map(Math::log).toArray();
        return new Laplace(graph.floats(mean, rows, size), graph.floats(log, rows, size));
    }
}
