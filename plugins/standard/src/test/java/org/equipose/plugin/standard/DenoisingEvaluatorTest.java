package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Trained;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.LinearGaussian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenoisingEvaluatorTest extends EvaluatorTck {
    private static final int PIXELS = 200_000;

    @TempDir
    Path folder;

    @Override
    protected Evaluator evaluator() {
        return new DenoisingEvaluator(new DenoisingEvaluator.Settings(List.of(0.1), List.of(0.2, 1.0), 3));
    }

    @Test
    void withoutNoiseItIsThePlainReconstructionToTheLastBit() throws IOException {
        Map<String, Double> plain = values(new ReconstructionEvaluator(), model(), data());
        Map<String, Double> found = values(
                new DenoisingEvaluator(new DenoisingEvaluator.Settings(List.of(0.0), List.of(0.0), 1)),
                model(),
                data());
        assertThat(found)
                .containsEntry("salt_and_pepper_0", plain.get("reconstruction_at_mean"))
                .containsEntry("gaussian_0", plain.get("reconstruction_at_mean"));
    }

    @Test
    void aCorruptedImageScoresThirteenNatsForEveryPixelThatWasFlipped() throws IOException {
        byte[] white = new byte[20 * 144];
        Arrays.fill(white, (byte) 255);
        Split test = new Split(data().spec(), white, Optional.empty(), Optional.empty());
        double share = 0.5;
        double flipped = share / 2 * 144;
        double found = values(
                        new DenoisingEvaluator(new DenoisingEvaluator.Settings(List.of(share), List.of(), 1)),
                        model(),
                        new DataSets(test, test))
                .get("identity_salt_and_pepper_0_5");
        double deviation = Math.sqrt(share / 2 * (1 - share / 2) * 144 / 20);
        assertThat(found / -Math.log(1e-6)).isCloseTo(flipped, within(4 * deviation));
    }

    @Test
    void pixelsThatAreNotBinaryHaveNoScoreOfTheirOwn() throws IOException {
        byte[] grey = new byte[3 * 16];
        Split test = new Split(LinearGaussian.IMAGE, grey, Optional.empty(), Optional.empty());
        assertThat(values(
                        evaluator(),
                        new FreshModel(LinearGaussian.withExactPosterior(), LinearGaussian.IMAGE),
                        new DataSets(test, test)))
                .containsOnlyKeys("salt_and_pepper_0_1", "gaussian_0_2", "gaussian_1");
    }

    @Test
    void saltAndPepperSetTheShareAskedFor() {
        float[] pixels = corrupted(true, 0.3);
        assertThat(share(pixels, 0)).isCloseTo(0.15, within(4 * Math.sqrt(0.15 * 0.85 / PIXELS)));
        assertThat(share(pixels, 1)).isCloseTo(0.15, within(4 * Math.sqrt(0.15 * 0.85 / PIXELS)));
        assertThat(share(pixels, 0) + share(pixels, 0.5f) + share(pixels, 1)).isCloseTo(1, within(1e-9));
    }

    @Test
    void normalNoiseHasTheDeviationAskedFor() {
        float[] pixels = corrupted(false, 0.1); // five deviations from the edges
        double squares = 0;
        double sum = 0;
        for (float pixel : pixels) {
            sum += pixel - 0.5;
            squares += (pixel - 0.5) * (pixel - 0.5);
        }
        assertThat(sum / PIXELS).isCloseTo(0, within(4 * 0.1 / Math.sqrt(PIXELS)));
        assertThat(Math.sqrt(squares / PIXELS)).isCloseTo(0.1, within(4 * 0.1 / Math.sqrt(2.0 * PIXELS)));
    }

    @Test
    void whatLeavesTheRangeIsClipped() {
        float[] pixels = corrupted(false, 0.5); // the edges are one deviation away: 15.87 % on either side
        assertThat(share(pixels, 0)).isCloseTo(0.1587, within(0.004));
        assertThat(share(pixels, 1)).isCloseTo(0.1587, within(0.004));
        for (float pixel : pixels) {
            assertThat(pixel).isBetween(0f, 1f);
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new DenoisingEvaluator.Settings(List.of(1.5), List.of(), 1))
                .hasMessage("salt-and-pepper must be different numbers from 0 to 1 but was [1.5]");
        assertThatThrownBy(() -> new DenoisingEvaluator.Settings(List.of(), List.of(0.1, 0.1), 1))
                .hasMessage("gaussian must be different numbers from 0 to 10 but was [0.1, 0.1]");
        assertThatThrownBy(() -> new DenoisingEvaluator.Settings(List.of(), List.of(), 1))
                .hasMessage("salt-and-pepper and gaussian must not both be empty");
        assertThatThrownBy(() -> new DenoisingEvaluator.Settings(List.of(0.1), List.of(), 0))
                .hasMessage("columns must be from 1 to 100 but was 0");
    }

    private static float[] corrupted(boolean saltAndPepper, double level) {
        float[] grey = new float[PIXELS];
        Arrays.fill(grey, 0.5f);
        try (GraphFixture graph = new GraphFixture()) {
            return graph.fetch(new DenoisingEvaluator.Corruption(saltAndPepper, level)
                    .apply(graph.net(), graph.input(grey, 20, 100, 100, 1)));
        }
    }

    private static double share(float[] pixels, float value) {
        int count = 0;
        for (float pixel : pixels) {
            count += pixel == value ? 1 : 0;
        }
        return (double) count / pixels.length;
    }

    private Map<String, Double> values(Evaluator evaluator, Trained model, DataSets data) throws IOException {
        Path run = folder.resolve(evaluator.getClass().getSimpleName());
        Map<String, Double> values = new LinkedHashMap<>();
        evaluator
                .evaluate(model, data, RunDirectory.create(run))
                .measures()
                .forEach(measure -> values.put(measure.name(), measure.value()));
        return values;
    }
}
