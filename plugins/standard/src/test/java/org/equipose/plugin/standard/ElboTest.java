package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Term;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElboTest {
    private static final int IMAGES = 5;

    @Test
    void itsTermsAddUpToTheNegativeBoundAveragedOverDraws() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, 4);
            List<Term> terms =
                    new Elbo(new Elbo.Settings(4, 1, 0)).terms(graph.net().sub("elbo"), new ToyModel(), pass);
            float[] likelihood = graph.fetch(pass.logLikelihood());
            float[] divergence = graph.fetch(pass.divergence().get("z"));
            float[] sum = new float[IMAGES];
            for (Term term : terms) {
                float[] values = graph.fetch(term.value());
                for (int i = 0; i < IMAGES; i++) {
                    sum[i] += values[i];
                }
            }
            for (int i = 0; i < IMAGES; i++) {
                double bound = 0;
                for (int sample = 0; sample < 4; sample++) {
                    bound += (likelihood[sample * IMAGES + i] - divergence[sample * IMAGES + i]) / 4.0;
                }
                assertThat((double) sum[i]).as("image %d", i).isCloseTo(-bound, within(1e-3));
            }
        }
    }

    @ParameterizedTest(name = "beta {0}, warm-up {1}, step {2}: weight {3}")
    @CsvSource({"1, 0, 0, 1", "2, 0, 7, 2", "1, 100, 0, 0", "1, 100, 25, 0.25", "4, 100, 50, 2", "1, 100, 500, 1"})
    void divergencesAreWeightedByBetaAfterTheWarmUp(double beta, int warmup, long step, double weight) {
        try (GraphFixture graph = new GraphFixture()) {
            List<Term> terms = new Elbo(new Elbo.Settings(1, beta, warmup))
                    .terms(graph.net().sub("elbo"), new ToyModel(), pass(graph, 1));
            graph.step(step);
            for (Term term : terms) {
                double expected = term.name().startsWith("kl_") ? weight : 1;
                assertThat((double) graph.fetch(term.weight().orElseThrow())[0])
                        .as(term.name())
                        .isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new Elbo.Settings(0, 1, 0)).hasMessageContaining("samples must be at least 1");
        assertThatThrownBy(() -> new Elbo.Settings(1, Double.NaN, 0)).hasMessageContaining("beta must be at least 0");
        assertThatThrownBy(() -> new Elbo.Settings(1, 1, -1)).hasMessageContaining("warmup must be at least 0 steps");
    }

    private static Pass pass(GraphFixture graph, int samples) {
        Random random = new Random(5);
        float[] pixels = new float[IMAGES * 16];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        return new ToyModel()
                .at("model")
                .pass(graph.net().sub("pass"), new Batch(graph.input(pixels, IMAGES, 4, 4, 1)), samples);
    }
}
