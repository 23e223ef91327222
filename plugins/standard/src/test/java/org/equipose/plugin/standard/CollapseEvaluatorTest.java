package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Values;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class CollapseEvaluatorTest {
    private static final ImageSpec IMAGE = new ImageSpec(6, 6, 1);

    @Nested
    class Contract extends EvaluatorTck {
        @Override
        protected Evaluator evaluator() {
            return new CollapseEvaluator(new CollapseEvaluator.Settings(3));
        }
    }

    /** A toy whose decoder does not look at the code. */
    private record Blind(ToyModel toy) implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Map<String, Latent> latents = toy.pass(net, batch, samples).latents();
            Map<String, Operand<TFloat32>> values = new HashMap<>();
            latents.forEach((name, latent) -> values.put(name, latent.parameters()));
            return Pass.of(net.ops(), batch, samples, generate(net.sub("blind"), values, batch.spec()), latents);
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return toy.prior(net, rows, image);
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            Map<String, Operand<TFloat32>> seen = new HashMap<>(values);
            seen.put("z", net.ops().zerosLike(values.get("z")));
            return toy.generate(net, seen, image);
        }
    }

    private static Split images(int count) {
        byte[] pixels = new byte[count * IMAGE.size()];
        new Random(3).nextBytes(pixels);
        return new Split(IMAGE, pixels, Optional.empty(), Optional.empty());
    }

    private static Report evaluate(FreshModel model, Split images, Path folder) throws IOException {
        return new CollapseEvaluator()
                .evaluate(model, new DataSets(images, images, images), RunDirectory.create(folder.resolve("run")));
    }

    private static double measure(Report report, String name) {
        return report.measures().stream()
                .filter(measure -> measure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void aCodeThatIsNotLookedAtCostsNothing(@TempDir Path folder) throws IOException {
        Report report = evaluate(new FreshModel(new Blind(new ToyModel()), IMAGE), images(19), folder);
        assertThat(measure(report, "shuffling_z_costs")).isZero();
        assertThat(measure(report, "canvas_variance")).isCloseTo(0, within(1e-20));
        assertThat(measure(report, "canvas_mean")).isBetween(0.3, 0.7); // probabilities of logits around 0
        assertThat(measure(report, "input_mean")).isCloseTo(0.5, within(0.02));
        assertThat(measure(report, "input_variance")).isCloseTo(1 / 12.0, within(0.01)); // that of a uniform law
    }

    @Test
    void aPoseThatIsLookedAtCostsSomethingAllTheSame(@TempDir Path folder) throws IOException {
        Report report = evaluate(new FreshModel(new Blind(ToyModel.withAPointPose()), IMAGE), images(19), folder);
        assertThat(measure(report, "shuffling_z_costs")).isZero();
        assertThat(measure(report, "shuffling_u_costs")).isNotZero();
    }

    /** Two images have each other's codes, however they are shuffled. */
    @Test
    void twoImagesAreScoredWithEachOthersCodes(@TempDir Path folder) throws IOException {
        FreshModel model = new FreshModel(new ToyModel(), IMAGE);
        Split pair = images(2);
        List<Values> found = model.map(pair, (net, batch) -> {
            Pass pass = model.model().pass(net.noiseless(), batch, 1);
            return List.of(
                    pass.latents().get("z").parameters(),
                    net.ops().squeeze(pass.divergence().get("z")));
        });
        float[][] codes = found.get(0).toRows();
        List<Values> swapped = model.map(
                pair,
                (net, batch) -> List.of(model.model()
                        .generate(net, Map.of("z", net.ops().constant(new float[][] {codes[1], codes[0]})), IMAGE)
                        .likelihood()
                        .logProb(net.ops(), batch.image())));

        Report report = evaluate(model, pair, folder);
        assertThat(measure(report, "reconstruction_z_shuffled"))
                .isCloseTo(-swapped.get(0).mean(), within(1e-3));
        int active = 0;
        double divergence = 0;
        for (int i = 0; i < codes[0].length; i++) {
            double half = (codes[0][i] - codes[1][i]) / 2;
            active += half * half > 0.01 ? 1 : 0;
            List<String> row = report.tables().get(0).rows().get(i);
            assertThat(row.get(0)).isEqualTo(Integer.toString(i));
            assertThat(Double.parseDouble(row.get(1))).isCloseTo(half * half, within(1e-6));
            divergence += Double.parseDouble(row.get(2));
        }
        assertThat(measure(report, "active_units")).isEqualTo(active);
        assertThat(divergence).isCloseTo(found.get(1).mean(), within(1e-4));
    }

    /** Nine images, eight in a batch: the one that is left over has the code of the one before it, too. */
    @Test
    void everyImageIsScoredWithTheCodeOfTheOneBefore(@TempDir Path folder) throws IOException {
        FreshModel model = new FreshModel(new ToyModel(), IMAGE);
        Split nine = images(9);
        Split shuffled = nine.select(Shuffle.order(9, new Random(20170801)));
        float[][] codes = model.map(
                        shuffled,
                        (net, batch) -> List.of(model.model()
                                .pass(net.noiseless(), batch, 1)
                                .latents()
                                .get("z")
                                .parameters()))
                .get(0)
                .toRows();
        double expected = 0;
        for (int i = 0; i < 9; i++) {
            float[] code = codes[(i + 8) % 9];
            expected -= model.map(
                            shuffled.select(new int[] {i}),
                            (net, batch) -> List.of(model.model()
                                    .generate(net, Map.of("z", net.ops().constant(new float[][] {code})), IMAGE)
                                    .likelihood()
                                    .logProb(net.ops(), batch.image())))
                    .get(0)
                    .mean();
        }
        assertThat(measure(evaluate(model, nine, folder), "reconstruction_z_shuffled"))
                .isCloseTo(expected / 9, within(1e-4));
    }

    @Test
    void oneImageAloneIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> evaluate(new FreshModel(new ToyModel(), IMAGE), images(1), folder))
                .hasMessage("collapse needs at least 2 test images, not 1: it gives each the code of another");
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new CollapseEvaluator.Settings(1)).hasMessageContaining("columns must be from 2");
    }
}
