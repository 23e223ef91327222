package org.equipose.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.Optional;
import org.equipose.core.distribution.Delta;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Laplace;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.graph.TestGraph;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class LatentTest {
    private static final Head HEAD = Head.code(3, -6);

    /** A prior that may differ from the posterior in family, and puts {@code size} numbers behind the parameters. */
    private record SomePrior(Family posterior, Optional<Family> law, int size) implements Prior {
        @Override
        public int latentSize(int parameters) {
            return size;
        }

        @Override
        public Optional<Distribution> over(Net net, int latentSize) {
            return law.map(family -> family == Family.LAPLACE
                    ? Laplace.standard(net.ops(), latentSize)
                    : Normal.standard(net.ops(), latentSize));
        }

        @Override
        public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
            return Layers.dense(net.sub("push"), latent, parameters, Activation.LINEAR);
        }
    }

    private static Operand<TFloat32> features(TestGraph graph) {
        return graph.floats(new double[] {1, 2, -1, 0.5, 0, 0.25}, 2, 3);
    }

    private static Latent infer(TestGraph graph, Prior prior, int samples) {
        return Latent.infer(graph.net().sub("z"), "z", features(graph), prior, 4, samples, HEAD);
    }

    @Test
    void shapesAreSampleMajor() {
        try (TestGraph graph = new TestGraph()) {
            Latent latent = infer(graph, new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 5), 3);
            assertThat(latent.draw().shape().asArray()).containsExactly(6, 5);
            assertThat(latent.logQ().shape().asArray()).containsExactly(6);
            assertThat(latent.parameters().shape().asArray()).containsExactly(6, 4);
            assertThat(latent.posterior().mean(graph.tf()).shape().asArray()).containsExactly(2, 5);
            assertThat(latent.divergence(graph.tf(), 3).shape().asArray()).containsExactly(3, 2);
            assertThat(graph.net().parameters().stream().map(Parameter::path))
                    .containsExactlyInAnyOrder(
                            "z/mean/weights",
                            "z/mean/bias",
                            "z/log-scale/weights",
                            "z/log-scale/bias",
                            "z/prior/push/weights",
                            "z/prior/push/bias");
            double[] told = graph.values(latent.logQ());
            double[] asked = graph.values(latent.posterior().logProb(graph.tf(), latent.draw()));
            for (int i = 0; i < 6; i++) {
                assertThat(told[i]).isCloseTo(asked[i], offset(1e-4));
            }
        }
    }

    @Test
    void theClosedFormIsRepeatedForEverySample() {
        try (TestGraph graph = new TestGraph()) {
            Latent latent = infer(graph, new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 5), 3);
            double[] kl = graph.values(latent.posterior()
                    .kl(graph.tf(), latent.prior().orElseThrow())
                    .orElseThrow());
            assertThat(kl[0]).isNotEqualTo(kl[1]);
            assertThat(graph.values(latent.divergence(graph.tf(), 3)))
                    .containsExactly(kl[0], kl[1], kl[0], kl[1], kl[0], kl[1]);
        }
    }

    /** Where features were made with draws of another latent, each of their rows has a posterior and a draw of its own. */
    @Test
    void aPosteriorPerDrawIsNotRepeated() {
        try (TestGraph graph = new TestGraph()) {
            // Three draws of each of two images.
            double[] values = {1, 2, -1, 0.5, 0, 0.25, 2, 1, 0, 1, 1, 1, -1, 0, 1, 0.5, 2, 2};
            Latent latent = Latent.infer(
                    graph.net().sub("z"),
                    "z",
                    graph.floats(values, 6, 3),
                    new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 5),
                    4,
                    1,
                    HEAD);
            assertThat(latent.draw().shape().asArray()).containsExactly(6, 5);
            Normal q = (Normal) latent.posterior();
            double[] mean = graph.values(q.loc());
            double[] log = graph.values(q.logScale());
            double[] divergence = graph.values(latent.divergence(graph.tf(), 3));
            assertThat(latent.divergence(graph.tf(), 3).shape().asArray()).containsExactly(3, 2);
            double[] draw = graph.values(latent.draw());
            double[] logQ = graph.values(latent.logQ());
            for (int row = 0; row < 6; row++) {
                double kl = 0; // against a standard normal prior
                double density = 0;
                for (int i = 5 * row; i < 5 * row + 5; i++) {
                    kl += 0.5 * (Math.exp(2 * log[i]) + mean[i] * mean[i] - 1) - log[i];
                    double off = (draw[i] - mean[i]) / Math.exp(log[i]);
                    density -= 0.5 * off * off + log[i] + 0.5 * Math.log(2 * Math.PI);
                }
                assertThat(divergence[row]).as("KL of row %d", row).isCloseTo(kl, offset(1e-4));
                assertThat(logQ[row]).as("log q of row %d", row).isCloseTo(density, offset(1e-4));
            }
        }
    }

    /** The bound is on the mean, and a small mean hardly feels it. */
    @Test
    void theMeanStaysWithinItsBound() {
        try (TestGraph graph = new TestGraph()) {
            Prior prior = new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 2);
            Head free = new Head(Initializer.constant(1), 0, -6);
            Latent unbounded = Latent.infer(graph.net().sub("u"), "u", features(graph), prior, 4, 1, free);
            Latent bounded = Latent.infer(graph.net().sub("u"), "u", features(graph), prior, 4, 1, free.within(0.5));
            double[] linear = graph.values(unbounded.posterior().mean(graph.tf()));
            double[] within = graph.values(bounded.posterior().mean(graph.tf()));
            for (int i = 0; i < linear.length; i++) {
                assertThat(within[i]).isCloseTo(0.5 * Math.tanh(linear[i] / 0.5), offset(1e-6));
            }
            assertThat(linear[0]).isGreaterThan(0.5);
            assertThat(graph.values(((Normal) bounded.posterior()).logScale()))
                    .isEqualTo(graph.values(((Normal) unbounded.posterior()).logScale()));
        }
    }

    /** A Laplace prior under a normal posterior has no closed form here: the mean over draws is compared with an integral. */
    @Test
    void withoutAClosedFormItIsAMonteCarloEstimate() {
        int samples = 20_000;
        try (TestGraph graph = new TestGraph()) {
            Ops tf = graph.tf();
            Latent latent = infer(graph, new SomePrior(Family.NORMAL, Optional.of(Family.LAPLACE), 1), samples);
            Normal q = (Normal) latent.posterior();
            assertThat(q.kl(tf, latent.prior().orElseThrow())).isEmpty();
            double[] mean = graph.values(q.loc());
            double[] deviation = graph.values(tf.math.exp(q.logScale()));
            double[] estimates = graph.values(latent.divergence(tf, samples));
            for (int image = 0; image < 2; image++) {
                int offset = image;
                double[] own = java.util.stream.IntStream.range(0, samples)
                        .mapToDouble(k -> estimates[2 * k + offset])
                        .toArray();
                double average = Arrays.stream(own).average().orElseThrow();
                double variance = Arrays.stream(own)
                        .map(x -> (x - average) * (x - average))
                        .average()
                        .orElseThrow();
                double integral = normalToLaplace(mean[image], deviation[image]);
                assertThat(average)
                        .as("image %d, seed 1", image)
                        .isCloseTo(integral, offset(5 * Math.sqrt(variance / samples)));
            }
        }
    }

    private static double normalToLaplace(double mean, double deviation) {
        double sum = 0;
        double width = 1e-3;
        for (double t = -10 + width / 2; t < 10; t += width) {
            double logQ = -0.5 * t * t - 0.5 * Math.log(2 * Math.PI) - Math.log(deviation);
            double logP = -Math.abs(mean + deviation * t) - Math.log(2);
            sum += width * deviation * Math.exp(logQ) * (logQ - logP);
        }
        return sum;
    }

    @Test
    void aPointHasNoDivergence() {
        try (TestGraph graph = new TestGraph()) {
            Latent latent = infer(graph, new SomePrior(Family.DELTA, Optional.empty(), 5), 3);
            assertThat(latent.posterior()).isInstanceOf(Delta.class);
            assertThat(latent.divergence(graph.tf(), 3).shape().asArray()).containsExactly(3, 2);
            assertThat(graph.values(latent.divergence(graph.tf(), 3))).containsOnly(0.0);
            double[] mean = graph.values(latent.posterior().mean(graph.tf()));
            double[] draw = graph.values(latent.draw());
            assertThat(Arrays.copyOf(draw, 10)).isEqualTo(mean);
            assertThat(Arrays.copyOfRange(draw, 20, 30)).isEqualTo(mean);
        }
    }

    @Test
    void thePriorSharesItsParametersWithThePass() {
        try (TestGraph graph = new TestGraph()) {
            Prior prior = new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 5);
            infer(graph, prior, 1);
            int before = graph.net().parameters().size();
            Latent drawn =
                    Latent.fromPrior(graph.net().sub("z"), "z", prior, 4, 7).orElseThrow();
            assertThat(graph.net().parameters()).hasSize(before);
            assertThat(drawn.draw().shape().asArray()).containsExactly(7, 5);
            assertThat(drawn.parameters().shape().asArray()).containsExactly(7, 4);
            assertThat(drawn.logQ().shape().asArray()).containsExactly(7);
            assertThat(graph.values(drawn.draw())).doesNotHaveDuplicates();
            Prior improper = new SomePrior(Family.DELTA, Optional.empty(), 5);
            assertThat(Latent.fromPrior(graph.net().sub("u"), "u", improper, 4, 7))
                    .isEmpty();
        }
    }

    /** Whatever the image, the first mean of a pose is the identity, and its scale is one tenth or so. */
    @Test
    void aPoseHeadStartsAtTheIdentity() {
        try (TestGraph graph = new TestGraph()) {
            Latent latent = Latent.infer(
                    graph.net().sub("u"),
                    "u",
                    features(graph),
                    new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 6),
                    6,
                    1,
                    Head.pose(-6));
            assertThat(graph.values(latent.posterior().mean(graph.tf()))).containsOnly(0.0);
        }
    }

    @Test
    void theScaleHasAFloor() {
        try (TestGraph graph = new TestGraph()) {
            Head narrow = new Head(Initializer.fanIn(3), -100, -6);
            Latent latent = Latent.infer(
                    graph.net(),
                    "z",
                    features(graph),
                    new SomePrior(Family.NORMAL, Optional.of(Family.NORMAL), 2),
                    4,
                    1,
                    narrow);
            assertThat(graph.values(((Normal) latent.posterior()).logScale())).containsOnly(-6.0);
        }
    }
}
