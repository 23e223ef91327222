package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import org.equipose.core.graph.TestGraph;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class NormalTest {

    @Test
    void logDensityOfKnownPoints() {
        try (TestGraph graph = new TestGraph()) {
            Normal standard = Normal.standard(graph.tf(), 1);
            Operand<TFloat32> points = graph.floats(new double[] {0, 1, -3}, 3, 1);
            double[] logProb = graph.values(standard.logProb(graph.tf(), points));
            assertThat(logProb[0]).isCloseTo(-0.9189385332046727, offset(1e-6));
            assertThat(logProb[1]).isCloseTo(-1.4189385332046727, offset(1e-6));
            assertThat(logProb[2]).isCloseTo(-5.418938533204672, offset(2e-6));
        }
    }

    /** N(2 | 1, 3²) N(−1 | 0, ½²): −½/9 − log 3 − ½·4 − log ½ − log 2π. */
    @Test
    void logDensityAddsUpOverTheEvent() {
        try (TestGraph graph = new TestGraph()) {
            Normal law = normal(graph, new double[] {1, 0}, new double[] {3, 0.5}, 1, 2);
            Operand<TFloat32> point = graph.floats(new double[] {2, -1}, 1, 2);
            assertThat(graph.values(law.logProb(graph.tf(), point))[0])
                    .isCloseTo(-0.5 / 9 - Math.log(3) - 2 - Math.log(0.5) - Math.log(2 * Math.PI), offset(2e-6));
        }
    }

    @Test
    void divergenceOfKnownPairs() {
        try (TestGraph graph = new TestGraph()) {
            Normal q = normal(graph, new double[] {1, 0, 0.3}, new double[] {1, 2, 0.1}, 3, 1);
            double[] toStandard = graph.values(
                    q.kl(graph.tf(), Normal.standard(graph.tf(), 1)).orElseThrow());
            assertThat(toStandard[0]).isCloseTo(0.5, offset(1e-6));
            assertThat(toStandard[1]).isCloseTo(0.8068528194400547, offset(1e-6)); // 2 − ½ − log 2
            assertThat(toStandard[2]).isCloseTo(0.5 * (0.01 + 0.09 - 1) - Math.log(0.1), offset(2e-6));

            Normal p = normal(graph, new double[] {-1}, new double[] {2}, 1, 1);
            double[] kl = graph.values(q.kl(graph.tf(), p).orElseThrow());
            double[] mean = {1, 0, 0.3};
            double[] sd = {1, 2, 0.1};
            for (int i = 0; i < 3; i++) {
                double expected = 0.5 * ((sd[i] * sd[i] + (mean[i] + 1) * (mean[i] + 1)) / 4 - 1) - Math.log(sd[i] / 2);
                assertThat(kl[i]).as("row %d", i).isCloseTo(expected, offset(2e-6));
            }
        }
    }

    @Test
    void divergenceFromItselfIsZero() {
        try (TestGraph graph = new TestGraph()) {
            Normal law = normal(graph, new double[] {1, -20}, new double[] {3, 1e-2}, 1, 2);
            assertThat(graph.values(law.kl(graph.tf(), law).orElseThrow())[0]).isZero();
        }
    }

    /** Each of a prior's numbers is compared with a difference quotient over all rows, weighted differently. */
    @Test
    void gradientsReachAPriorThatAllRowsShare() {
        double[] mean = {1.5, -0.4, 0.2, 0.9, -1.1, 0.6};
        double[] logScale = {-0.3, 0.1, -0.8, 0.4, 0, -0.2};
        double[] weight = {1, -2, 3};
        double[] prior = {0.3, -0.5, 0.2, -0.1}; // ν, ν, log τ, log τ
        try (TestGraph graph = new TestGraph()) {
            Normal q = new Normal(graph.floats(mean, 3, 2), graph.floats(logScale, 3, 2));
            Operand<TFloat32> nu = graph.floats(new double[] {prior[0], prior[1]}, 1, 2);
            Operand<TFloat32> logTau = graph.floats(new double[] {prior[2], prior[3]}, 1, 2);
            Operand<TFloat32> kl = q.kl(graph.tf(), new Normal(nu, logTau)).orElseThrow();
            List<double[]> found =
                    graph.gradients(graph.tf().math.mul(kl, graph.floats(weight, 3)), List.of(nu, logTau, q.loc()));
            for (int i = 0; i < 4; i++) {
                double[] up = prior.clone();
                double[] low = prior.clone();
                up[i] += 1e-5;
                low[i] -= 1e-5;
                double slope = (weighted(mean, logScale, up, weight) - weighted(mean, logScale, low, weight)) / 2e-5;
                assertThat(found.get(i / 2)[i % 2])
                        .as("number %d of the prior", i)
                        .isCloseTo(slope, offset(2e-5));
            }
            assertThat(found.get(2)).hasSize(6);
            assertThat(found.get(2)[4]).isCloseTo(3 * (mean[4] - prior[0]) / Math.exp(2 * prior[2]), offset(1e-5));
        }
    }

    /** Rows share their scales; the mean over rows hands the same gradient to each of them. */
    @Test
    void gradientsReachALawThatAllRowsShare() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> loc = graph.floats(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
            Operand<TFloat32> logScale = graph.floats(new double[] {0.3, -0.2}, 1, 2);
            Operand<TFloat32> logTau = graph.floats(new double[] {-0.1, 0.4}, 1, 2);
            Normal q = new Normal(loc, logScale);
            Normal p = new Normal(graph.floats(new double[] {0, 1}, 1, 2), logTau);
            Operand<TFloat32> mean = Rows.mean(graph.tf(), q.kl(graph.tf(), p).orElseThrow());
            List<double[]> found = graph.gradients(mean, List.of(logScale, logTau));
            assertThat(found.get(0)[0]).isCloseTo(Math.exp(0.8) - 1, offset(1e-5));
            assertThat(found.get(0)[1]).isCloseTo(Math.exp(-1.2) - 1, offset(1e-5));
            // 1 − σ²/τ² − the mean of (μ − ν)²/τ²
            assertThat(found.get(1)[0]).isCloseTo(1 - Math.exp(0.8) - 35 / 3.0 * Math.exp(0.2), offset(1e-4));
            assertThat(found.get(1)[1]).isCloseTo(1 - Math.exp(-1.2) - 35 / 3.0 * Math.exp(-0.8), offset(1e-4));
        }
    }

    private static double weighted(double[] mean, double[] logScale, double[] prior, double[] weight) {
        double sum = 0;
        for (int i = 0; i < mean.length; i++) {
            double shift = mean[i] - prior[i % 2];
            double logRatio = logScale[i] - prior[2 + i % 2];
            double kl = 0.5 * (Math.exp(2 * logRatio) + shift * shift / Math.exp(2 * prior[2 + i % 2]) - 1) - logRatio;
            sum += weight[i / 2] * kl;
        }
        return sum;
    }

    @Test
    void gradientsOfDivergenceAndDensity() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> loc = graph.floats(new double[] {1.5}, 1, 1);
            Operand<TFloat32> logScale = graph.floats(new double[] {Math.log(0.7)}, 1, 1);
            Normal q = new Normal(loc, logScale);
            Normal p = normal(graph, new double[] {-1}, new double[] {2}, 1, 1);
            List<double[]> ofKl =
                    graph.gradients(q.kl(graph.tf(), p).orElseThrow(), List.of(loc, logScale, p.loc(), p.logScale()));
            assertThat(ofKl.get(0)[0]).isCloseTo(2.5 / 4, offset(1e-6));
            assertThat(ofKl.get(1)[0]).isCloseTo(0.49 / 4 - 1, offset(1e-6));
            assertThat(ofKl.get(2)[0]).isCloseTo(-2.5 / 4, offset(1e-6));
            assertThat(ofKl.get(3)[0]).isCloseTo(1 - (0.49 + 6.25) / 4, offset(1e-6));

            Operand<TFloat32> x = graph.floats(new double[] {2.2}, 1, 1);
            List<double[]> ofDensity = graph.gradients(q.logProb(graph.tf(), x), List.of(loc, logScale, x));
            assertThat(ofDensity.get(0)[0]).isCloseTo(0.7 / 0.49, offset(1e-5));
            assertThat(ofDensity.get(1)[0]).isCloseTo(0.49 / 0.49 - 1, offset(1e-5));
            assertThat(ofDensity.get(2)[0]).isCloseTo(-0.7 / 0.49, offset(1e-5));
        }
    }

    @Test
    void drawsAreSampleMajorAndKnowTheirDensity() {
        try (TestGraph graph = new TestGraph()) {
            // Rows far apart, so that the order of the draws can be read off their values.
            Normal law = normal(graph, new double[] {-100, 100}, new double[] {1, 2}, 2, 1);
            Distribution.Draw draw = law.draw(graph.net(), 3);
            double[] value = graph.values(draw.value());
            assertThat(draw.value().shape().asArray()).containsExactly(6, 1);
            for (int i = 0; i < 6; i++) {
                assertThat(value[i]).isCloseTo(i % 2 == 0 ? -100 : 100, offset(20.0));
            }
            assertThat(value).doesNotHaveDuplicates();
            double[] told = graph.values(draw.logProb());
            double[] asked = graph.values(law.logProb(graph.tf(), draw.value()));
            for (int i = 0; i < 6; i++) {
                assertThat(told[i]).isCloseTo(asked[i], offset(1e-4));
            }
        }
    }

    @Test
    void drawsWithoutNoiseAreTheMean() {
        try (TestGraph graph = new TestGraph()) {
            Normal law = normal(graph, new double[] {-1.25, 4}, new double[] {1, 2}, 2, 1);
            assertThat(graph.values(law.draw(graph.net().noiseless(), 2).value()))
                    .containsExactly(-1.25, 4, -1.25, 4);
        }
    }

    @Test
    void marginalKeepsItsCoordinates() {
        try (TestGraph graph = new TestGraph()) {
            Normal law = normal(graph, new double[] {1, 2, 3, 4, 5, 6}, new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
            Normal part = (Normal) law.marginal(graph.tf(), 1, 3).orElseThrow();
            assertThat(graph.values(part.loc())).containsExactly(2, 3, 5, 6);
            assertThat(graph.values(graph.tf().math.exp(part.logScale()))[3]).isCloseTo(6, offset(1e-5));
        }
    }

    private static Normal normal(TestGraph graph, double[] mean, double[] deviation, long rows, long size) {
        double[] log = java.util.Arrays.stream(deviation).map(Math::log).toArray();
        return new Normal(graph.floats(mean, rows, size), graph.floats(log, rows, size));
    }
}
