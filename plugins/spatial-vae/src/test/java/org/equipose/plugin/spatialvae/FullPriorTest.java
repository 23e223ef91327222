package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Prior;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.PriorTck;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class FullPriorTest {
    private static final int POSES = 6;

    private static FullPrior ofRank(int rank) {
        return new FullPrior(new FullPrior.Settings(OptionalInt.of(rank), 0.2));
    }

    private static Operand<TFloat32> weights(Net net, int rank) {
        return net.sub("prior").parameter("weights", Initializer.constant(0), rank, POSES);
    }

    private static Operand<TFloat32> bias(Net net) {
        return net.sub("prior").parameter("bias", Initializer.constant(0), POSES);
    }

    @Nested
    class Contract extends PriorTck {
        @Override
        protected Prior prior() {
            return new FullPrior();
        }
    }

    @Nested
    class ContractOfALowerRank extends PriorTck {
        @Override
        protected Prior prior() {
            return ofRank(2);
        }
    }

    /** Moments of 200,000 draws against b and W Wᵀ; the standard error of a covariance is about 0.01 here. */
    @Test
    void thePoseIsNormalWithMeanBAndCovarianceWW() {
        int rank = 3;
        int draws = 200_000;
        float[] w = normal(rank * POSES, 1);
        float[] b = normal(POSES, 2);
        try (GraphFixture graph = new GraphFixture()) {
            Latent u = Latent.fromPrior(graph.net(), "u", ofRank(rank), POSES, draws)
                    .orElseThrow();
            graph.set(weights(graph.net(), rank), w);
            graph.set(bias(graph.net()), b);
            float[] poses = graph.fetch(u.parameters());
            for (int i = 0; i < POSES; i++) {
                for (int j = 0; j <= i; j++) {
                    double covariance = 0;
                    for (int n = 0; n < draws; n++) {
                        covariance += (poses[n * POSES + i] - b[i]) * (poses[n * POSES + j] - b[j]) / draws;
                    }
                    double expected = 0;
                    for (int k = 0; k < rank; k++) {
                        expected += w[k * POSES + i] * w[k * POSES + j];
                    }
                    assertThat(covariance).as("covariance of %d and %d", i, j).isCloseTo(expected, within(0.04));
                }
                double mean = 0;
                for (int n = 0; n < draws; n++) {
                    mean += poses[n * POSES + i] / draws;
                }
                assertThat(mean).as("mean of %d", i).isCloseTo(b[i], within(0.02));
            }
        }
    }

    /** KL(N(m, diag σ²) ‖ N(0, I)) = ½ Σ (σ² + m² − 1 − log σ²), on v. */
    @Test
    void theDivergenceIsThatOfTheLatentBehindThePose() {
        float[] mean = {0.5f, -1};
        float[] logScale = {-1, 0.3f};
        double expected = 0;
        for (int i = 0; i < 2; i++) {
            double variance = Math.exp(2 * logScale[i]);
            expected += 0.5 * (variance + mean[i] * mean[i] - 1 - Math.log(variance));
        }
        try (GraphFixture graph = new GraphFixture()) {
            Normal posterior = new Normal(graph.input(mean, 1, 2), graph.input(logScale, 1, 2));
            var prior = ofRank(2).over(graph.net(), 2).orElseThrow();
            float[] kl = graph.fetch(posterior.kl(graph.tf(), prior).orElseThrow());
            assertThat((double) kl[0]).isCloseTo(expected, within(1e-5));
        }
    }

    /**
     * With W = diag τ and b = ν it is {@code diagonal} in other coordinates: where v has the posterior N(m, σ²), u has
     * N(τ m + ν, τ² σ²), and the divergence is the same on either side.
     */
    @Test
    void withADiagonalMatrixItIsTheDiagonalPrior() {
        float[] tau = {0.3f, 0.05f, 1.5f, 0.2f, 0.7f, 0.1f};
        float[] nu = normal(POSES, 4);
        float[] features = normal(2 * POSES, 5);
        float[] diagonal = new float[POSES * POSES];
        float[] logTau = new float[POSES];
        for (int i = 0; i < POSES; i++) {
            diagonal[i * POSES + i] = tau[i];
            logTau[i] = (float) Math.log(tau[i]);
        }
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Operand<TFloat32> x = graph.input(features, 2, POSES);
            Head head = new Head(Initializer.normal(0.5), -1, -6);
            Latent full = Latent.infer(graph.net().sub("full"), "u", x, new FullPrior(), POSES, 1, head);
            graph.set(weights(graph.net().sub("full"), POSES), diagonal);
            graph.set(bias(graph.net().sub("full")), nu);

            Normal v = (Normal) full.posterior();
            Operand<TFloat32> scale = graph.input(tau, 1, POSES);
            Operand<TFloat32> shift = graph.input(nu, 1, POSES);
            Normal u = new Normal(
                    tf.math.add(tf.math.mul(v.loc(), scale), shift), tf.math.add(v.logScale(), tf.math.log(scale)));
            Net net = graph.net().sub("diagonal");
            var prior = new DiagonalPrior().over(net, POSES).orElseThrow();
            graph.set(net.parameter("mean", Initializer.constant(0), 1, POSES), nu);
            graph.set(net.parameter("log-scale", Initializer.constant(0), 1, POSES), logTau);

            List<float[]> found = graph.fetch(
                    List.of(full.divergence(tf, 1), u.kl(tf, prior).orElseThrow(), full.parameters(), full.draw()));
            for (int row = 0; row < 2; row++) {
                assertThat((double) found.get(0)[row]).isCloseTo(found.get(1)[row], within(1e-3));
                for (int i = 0; i < POSES; i++) {
                    double expected = tau[i] * found.get(3)[row * POSES + i] + nu[i];
                    assertThat((double) found.get(2)[row * POSES + i]).isCloseTo(expected, within(1e-5));
                }
            }
        }
    }

    /** Slope of Σ c u by a weight and by a bias, against differences. */
    @Test
    void theGradientByWeightsAndBiasIsTheSlope() {
        int rank = 2;
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Operand<TFloat32> v = graph.input(normal(4 * rank, 6), 4, rank);
            Operand<TFloat32> u = ofRank(rank).push(graph.net().sub("prior"), v, POSES);
            Operand<TFloat32> score = tf.math.square(u);
            for (Operand<TFloat32> parameter : List.of(weights(graph.net(), rank), bias(graph.net()))) {
                float[] start = graph.fetch(parameter);
                Optional<float[]> gradient = graph.gradient(score, parameter);
                for (int i = 0; i < start.length; i += 5) {
                    double slope = (sum(graph, score, parameter, start, i, 0.01f)
                                    - sum(graph, score, parameter, start, i, -0.01f))
                            / 0.02;
                    assertThat((double) gradient.orElseThrow()[i]).isCloseTo(slope, within(1e-3));
                }
                graph.set(parameter, start);
            }
        }
    }

    private static double sum(
            GraphFixture graph, Operand<TFloat32> score, Operand<TFloat32> by, float[] start, int at, float step) {
        float[] moved = start.clone();
        moved[at] += step;
        graph.set(by, moved);
        double sum = 0;
        for (float value : graph.fetch(score)) {
            sum += value;
        }
        return sum;
    }

    /** Rows at right angles to each other, so long that the variances of the parameters are 0.2² on average. */
    @Test
    void aFreshPriorHasTheSetSpread() {
        int rank = 4;
        try (GraphFixture graph = new GraphFixture()) {
            ofRank(rank).push(graph.net().sub("prior"), graph.input(new float[rank], 1, rank), POSES);
            float[] w = graph.fetch(weights(graph.net(), rank));
            for (int i = 0; i < rank; i++) {
                for (int j = 0; j < rank; j++) {
                    double product = 0;
                    for (int k = 0; k < POSES; k++) {
                        product += w[i * POSES + k] * w[j * POSES + k];
                    }
                    assertThat(product).isCloseTo(i == j ? 0.04 * POSES / rank : 0, within(1e-6));
                }
            }
            assertThat(graph.fetch(bias(graph.net()))).containsOnly(0);
        }
    }

    @Test
    void aRankAboveTheNumberOfParametersIsRefused() {
        assertThat(ofRank(7).refuses(6).orElse("")).contains("full", "rank 7", "only 6 parameters", "6 or less");
        assertThat(ofRank(6).refuses(6)).isEmpty();
        assertThat(new FullPrior().refuses(2)).isEmpty();
        assertThatThrownBy(() -> new FullPrior.Settings(OptionalInt.of(0), 1))
                .hasMessageContaining("rank must be at least 1");
        assertThatThrownBy(() -> new FullPrior.Settings(OptionalInt.empty(), -1))
                .hasMessageContaining("scale must be above 0");
    }

    private static float[] normal(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
