package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Term;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.LinearGaussian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound is compared with the exact marginal of a linear-Gaussian model. */
class IwaeTest {
    private static final int BATCH = 20;
    private static final int SIZE = LinearGaussian.IMAGE.size();

    private static float[] images() {
        Random random = new Random(11);
        float[] pixels = new float[BATCH * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (LinearGaussian.MEAN + 0.2 * random.nextGaussian());
        }
        return pixels;
    }

    private static double[] exact(LinearGaussian model) {
        float[] pixels = images();
        double[] exact = new double[BATCH];
        for (int i = 0; i < BATCH; i++) {
            double[] x = new double[SIZE];
            for (int p = 0; p < SIZE; p++) {
                x[p] = pixels[i * SIZE + p];
            }
            exact[i] = model.logMarginal(x);
        }
        return exact;
    }

    /** Returns the first term, for each image. */
    private static float[] bound(Model model, int samples) {
        try (GraphFixture graph = new GraphFixture()) {
            Iwae objective = new Iwae(new Iwae.Settings(samples));
            Batch batch = new Batch(graph.input(images(), BATCH, 4, 4, 1));
            Pass pass = model.pass(graph.net().sub("pass"), batch, objective.samples());
            List<Term> terms = objective.terms(graph.net().sub("iwae"), model, pass);
            assertThat(terms.stream().map(Term::name)).containsExactly("iwae_k" + samples, "reconstruction", "kl_z");
            assertThat(graph.fetch(terms.get(0).weight().orElseThrow())).containsExactly(-1);
            assertThat(terms.get(1).weight()).isEmpty();
            return graph.fetch(terms.get(0).value());
        }
    }

    @ParameterizedTest(name = "k = {0}")
    @ValueSource(ints = {1, 5})
    void isTheMarginalWhereTheEncoderIsThePosterior(int samples) {
        LinearGaussian model = LinearGaussian.withExactPosterior();
        float[] found = bound(model, samples);
        double[] exact = exact(model);
        for (int i = 0; i < BATCH; i++) {
            assertThat((double) found[i]).isCloseTo(exact[i], within(1e-3));
        }
    }

    @Test
    void comesCloserFromBelowWithMoreDraws() {
        LinearGaussian model = new LinearGaussian(1.5, 0.5, false);
        double exact = Arrays.stream(exact(model)).average().orElseThrow();
        double before = Double.NEGATIVE_INFINITY;
        for (int samples : new int[] {1, 8, 200}) {
            float[] found = bound(model, samples);
            double mean = 0;
            for (float value : found) {
                mean += value / BATCH;
            }
            assertThat(mean).isBetween(before, exact + 0.02);
            before = mean;
        }
        assertThat(before).isCloseTo(exact, within(0.05));
    }
}
