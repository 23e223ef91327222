package org.equipose.plugin.mutualinformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseDraw;
import org.equipose.core.spi.Term;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.LinearGaussian;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The bound is compared with the closed form of a linear-Gaussian channel. */
class MutualInformationTest {
    private static final int BATCH = 100;
    private static final int STEPS = 60;

    private static MutualInformation.Settings settings(int dims, DecodedImage image) {
        return new MutualInformation.Settings(OptionalInt.of(dims), image, false, PoseDraw.BATCH);
    }

    /** Mean and standard error of each term over many steps. */
    private record Found(double mean, double error) {}

    private static Map<String, Found> found(Model model, MutualInformation.Settings settings) {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> images = graph.input(new float[BATCH * 16], BATCH, 4, 4, 1);
            Pass pass = model.pass(graph.net().sub("pass"), new Batch(images), 1);
            List<Term> terms = new MutualInformation(settings).terms(graph.net().sub("mi"), model, pass);
            Map<String, List<Float>> values = new HashMap<>();
            for (int step = 0; step < STEPS; step++) {
                graph.step(step);
                List<float[]> batch =
                        graph.fetch(terms.stream().map(Term::value).toList());
                for (int i = 0; i < terms.size(); i++) {
                    for (float value : batch.get(i)) {
                        values.computeIfAbsent(terms.get(i).name(), any -> new ArrayList<>())
                                .add(value);
                    }
                }
            }
            Map<String, Found> found = new HashMap<>();
            values.forEach((name, all) -> {
                double mean = all.stream().mapToDouble(v -> v).average().orElseThrow();
                double variance = all.stream()
                        .mapToDouble(v -> (v - mean) * (v - mean))
                        .average()
                        .orElseThrow();
                found.put(name, new Found(mean, Math.sqrt(variance / all.size())));
            });
            return found;
        }
    }

    private static double information(int from, int to) {
        return IntStream.range(from, to)
                .mapToDouble(LinearGaussian::information)
                .sum();
    }

    @ParameterizedTest(name = "c is the first {0} of 3")
    @CsvSource({"1", "2"})
    void isTheInformationWhereTheEncoderIsThePosterior(int dims) {
        Map<String, Found> found = found(LinearGaussian.withExactPosterior(), settings(dims, DecodedImage.SAMPLE));
        Found chosen = found.get("mi");
        Found rest = found.get("mi_rest");
        assertThat(chosen.error()).isLessThan(0.02);
        assertThat(chosen.mean()).isCloseTo(information(0, dims), within(2 * chosen.error()));
        assertThat(rest.mean()).isCloseTo(information(dims, LinearGaussian.CODE), within(2 * rest.error()));
    }

    /** By KL(posterior ‖ q) of each coordinate: log s + (1 + d²) / (2 s²) − ½ for a stretch s and a shift d. */
    @ParameterizedTest(name = "stretch {0}, shift {1}")
    @CsvSource({"1.5, 0", "0.7, 0", "1, 0.5", "1.3, 1"})
    void liesBelowByTheDivergenceOfTheEncoderFromThePosterior(double stretch, double shift) {
        Found all = found(new LinearGaussian(stretch, shift, false), settings(3, DecodedImage.SAMPLE))
                .get("mi");
        double gap = 3 * (Math.log(stretch) + (1 + shift * shift) / (2 * stretch * stretch) - 0.5);
        assertThat(gap).isGreaterThan(5 * all.error());
        assertThat(all.mean()).isCloseTo(information(0, 3) - gap, within(3 * all.error()));
    }

    /** log q at the true code, half a standard deviation squared less than on average. */
    @Test
    void meanImagesAreRecognisedBetterThanDrawnOnes() {
        Model model = LinearGaussian.withExactPosterior();
        double drawn = found(model, settings(3, DecodedImage.SAMPLE)).get("mi").mean();
        double mean = found(model, settings(3, DecodedImage.MEAN)).get("mi").mean();
        assertThat(mean).isGreaterThan(drawn + 0.3);
    }

    @Test
    void halfOfTheCodeIsTheDefaultAndMoreThanAllIsRefused() {
        Map<String, Found> half = found(new ToyModel(), new MutualInformation.Settings());
        Map<String, Found> two = found(new ToyModel(), settings(2, DecodedImage.MEAN));
        assertThat(half).isEqualTo(two);
        assertThat(found(new ToyModel(), settings(4, DecodedImage.MEAN))).containsOnlyKeys("mi");
        assertThatThrownBy(() -> found(new ToyModel(), settings(5, DecodedImage.MEAN)))
                .hasMessage(
                        "mutual information is asked for with 5 of the 4 dimensions of the code; choose dims from 1 to 4");
    }

    /** The toy adds its pose to all logits. */
    @Test
    void aPoseWithoutAPriorIsBorrowed() {
        ToyModel toy = ToyModel.withAPointPose();
        try (GraphFixture graph = new GraphFixture()) {
            float[] pixels = new float[4 * 16];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = i % 7 / 7f;
            }
            Pass pass = toy.pass(graph.net().sub("pass"), new Batch(graph.input(pixels, 4, 4, 4, 1)), 1);
            float[] poses = graph.fetch(pass.latents().get("u").parameters());
            float[] mean = new float[4];
            Arrays.fill(mean, (poses[0] + poses[1] + poses[2] + poses[3]) / 4);
            Map<PoseDraw, float[]> expected = Map.of(
                    PoseDraw.IDENTITY, new float[4],
                    PoseDraw.BATCH, new float[] {poses[3], poses[0], poses[1], poses[2]},
                    PoseDraw.MEAN, mean);
            expected.forEach((draw, pose) -> {
                float[][] used = new float[1][];
                Model spy = new Spy(
                        toy,
                        (net, values) ->
                                used[0] = values.containsKey("u") ? graph.fetch(values.get("u")) : new float[4]);
                MutualInformation objective = new MutualInformation(
                        new MutualInformation.Settings(OptionalInt.empty(), DecodedImage.MEAN, false, draw));
                objective.terms(graph.net().sub("mi-" + draw), spy, pass);
                assertThat(used[0]).as(draw.words()).containsExactly(pose, within(1e-6f));
            });
        }
    }

    @Test
    void refusesByNameWhatMakesNoSense() {
        MutualInformation plain = new MutualInformation();
        assertThat(plain.refuses(new Needing(Need.LABELS), Map.of()).orElseThrow())
                .contains("a code for each class;");
        assertThat(plain.refuses(new Needing(Need.VIEWS), Map.of()).orElseThrow())
                .contains("several views of it;");
        MutualInformation posed = new MutualInformation(
                new MutualInformation.Settings(OptionalInt.empty(), DecodedImage.MEAN, true, PoseDraw.BATCH));
        ToyModel toy = ToyModel.withAPointPose();
        assertThat(plain.refuses(toy, toy.priors())).isEqualTo(Optional.empty());
        assertThat(posed.refuses(toy, toy.priors()).orElseThrow()).startsWith("objective.mi.pose needs a pose-prior");
        assertThat(posed.refuses(new ToyModel(), new ToyModel().priors())).isPresent();
    }

    private interface Watcher {
        void see(Net net, Map<String, Operand<TFloat32>> values);
    }

    /** A toy that tells what it is to decode. */
    private record Spy(ToyModel toy, Watcher watcher) implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            return toy.pass(net, batch, samples);
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return toy.prior(net, rows, image);
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            watcher.see(net, values);
            return toy.generate(net, values, image);
        }
    }

    /** A toy that cannot do without something. */
    private record Needing(Need need) implements Model {
        @Override
        public Set<Need> needs() {
            return Set.of(need);
        }

        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            throw new UnsupportedOperationException();
        }
    }
}
