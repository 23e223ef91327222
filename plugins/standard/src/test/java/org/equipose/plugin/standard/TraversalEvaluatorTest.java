package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Trained;
import org.equipose.plugin.standard.TraversalEvaluator.Settings;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class TraversalEvaluatorTest extends EvaluatorTck {
    /** Images of 12 × 12, five times as large, with lines of 2 pixels; captions are to the left and above. */
    private static final int STEP = 12 * 5 + 2;

    @Override
    protected Evaluator evaluator() {
        return new TraversalEvaluator(new Settings(3, 18, 5, 3, List.of()));
    }

    @Test
    void theDimensionsThatVaryMostComeFirst(@TempDir Path folder) throws Exception {
        Report all = new TraversalEvaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve("all")));
        assertThat(all.measures())
                .hasSize(4)
                .isSortedAccordingTo(Comparator.comparingDouble((Report.Measure measure) -> -measure.value()));
        Report three = evaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve("three")));
        assertThat(three.measures()).isEqualTo(all.measures().subList(0, 3));
    }

    /** An improper prior has no scale of its own: variances are in the units of the pose. */
    @Test
    void aPoseFollowsTheCode(@TempDir Path folder) throws Exception {
        Trained model = modelWithAPointPose().orElseThrow();
        Report report = evaluator().evaluate(model, data(), RunDirectory.create(folder.resolve("run")));
        assertThat(report.measures()).hasSize(4);
        assertThat(report.measures().get(2).unit()).isEqualTo("variances of the prior");
        Report.Measure pose = report.measures().get(3);
        float[] means = model.map(
                        data().test(),
                        (net, batch) -> List.of(model.model()
                                .pass(net.noiseless(), batch, 1)
                                .latents()
                                .get("u")
                                .parameters()))
                .get(0)
                .data();
        double square = 0;
        double sum = 0;
        for (float mean : means) {
            square += mean * mean / means.length;
            sum += mean / means.length;
        }
        assertThat(pose.name()).isEqualTo("variance_u_0");
        assertThat(pose.value())
                .isCloseTo(square - sum * sum, withinPercentage(1))
                .isGreaterThan(1e-4);
        assertThat(pose.unit()).isEqualTo("squared units of u");
        assertThat(pose.protocol()).contains("improper");
    }

    /** Grey images whose brightness is 0.5 + 0.1 z0, whatever z1; the prior of z0 is N(0.5, 1.5²), that of z1 N(0, 1). */
    private static final class Dimmer implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Normal posterior = law(net, new float[batch.size()][2], new float[batch.size()][2]);
            Latent z = latent(posterior, posterior.draw(net.sub("z"), samples));
            return Pass.of(
                    net.ops(),
                    batch,
                    samples,
                    generate(net, Map.of("z", z.parameters()), batch.spec()),
                    Map.of("z", z));
        }

        private static Normal law(Net net, float[][] mean, float[][] logScale) {
            return new Normal(net.ops().constant(mean), net.ops().constant(logScale));
        }

        private static Latent latent(Normal law, Distribution.Draw draw) {
            return new Latent("z", law, Optional.of(law), draw.value(), draw.logProb(), draw.value());
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            Normal law = law(net, new float[][] {{0.5f, 0}}, new float[][] {{(float) Math.log(1.5), 0}});
            return Map.of("z", latent(law, law.draw(net.sub("z"), rows)));
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            float[][] weights = new float[2][image.size()];
            Arrays.fill(weights[0], 0.1f);
            Operand<TFloat32> flat = net.ops()
                    .math
                    .add(
                            net.ops().linalg.matMul(values.get("z"), net.ops().constant(weights)),
                            net.ops().constant(0.5f));
            Operand<TFloat32> grey =
                    net.ops().reshape(flat, net.ops().constant(new int[] {-1, image.height(), image.width(), 1}));
            return new Generated(grey, grey, Bernoulli.ofProbabilities(grey));
        }
    }

    /** z0 goes from 0.5 − 3 · 1.5 to 0.5 + 3 · 1.5; z1 changes nothing. */
    @Test
    void aRowGoesThreeStandardDeviationsOfThePriorEitherWay(@TempDir Path folder) throws Exception {
        BufferedImage picture = evaluator()
                .evaluate(
                        new FreshModel(new Dimmer(), new ImageSpec(12, 12, 1)),
                        data(),
                        RunDirectory.create(folder.resolve("run")))
                .pictures()
                .get(0)
                .image();
        int first = left(picture);
        int top = picture.getHeight() - 12 - 2 * STEP;
        double[] expected = {0.1, 0.325, 0.55, 0.775, 1};
        for (int column = 0; column < expected.length; column++) {
            int x = first + column * STEP + STEP / 2;
            // Moments of the prior are known to 0.3 %, grey levels to 1/255.
            assertThat(brightness(picture, x, top + STEP / 2)).isCloseTo(expected[column], within(0.01));
            assertThat(brightness(picture, x, top + STEP + STEP / 2)).isCloseTo(0.55, within(0.01));
        }
    }

    /** z0 makes the columns brighter; z1, from row to row, changes nothing. */
    @Test
    void aPlaneHasOneDimensionAcrossAndOneDown(@TempDir Path folder) throws Exception {
        Trained dimmer = new FreshModel(new Dimmer(), new ImageSpec(12, 12, 1));
        for (boolean swapped : new boolean[] {false, true}) {
            List<Integer> asked = swapped ? List.of(1, 0) : List.of();
            BufferedImage picture = new TraversalEvaluator(new Settings(3, 18, 5, 3, asked))
                    .evaluate(dimmer, data(), RunDirectory.create(folder.resolve("run" + swapped)))
                    .pictures()
                    .get(1)
                    .image();
            int left = left(picture) + STEP / 2;
            int top = picture.getHeight() - 12 - 5 * STEP + STEP / 2;
            for (int i = 0; i < 5; i++) {
                double expected = 0.1 + 0.225 * i;
                for (int j = 0; j < 5; j++) {
                    int x = left + (swapped ? j : i) * STEP;
                    int y = top + (swapped ? i : j) * STEP;
                    assertThat(brightness(picture, x, y)).isCloseTo(expected, within(0.01));
                }
            }
        }
        assertThatThrownBy(() -> new TraversalEvaluator(new Settings(3, 18, 5, 3, List.of(0, 2)))
                        .evaluate(dimmer, data(), RunDirectory.create(folder.resolve("far"))))
                .hasMessage("evaluator.traversal.plane asks for dimension 2 of a code that has 2, counted from 0");
        assertThatThrownBy(() -> new Settings(3, 18, 5, 3, List.of(1, 1)))
                .hasMessage("plane must be two different dimensions such as 0,10 but was [1, 1]");
    }

    private static double brightness(BufferedImage picture, int x, int y) {
        return (picture.getRGB(x, y) & 0xff) / 255.0;
    }

    /** The image in the middle of each row is the same, at the means; the others are not. */
    @Test
    void everyRowGoesThroughTheMean(@TempDir Path folder) throws Exception {
        BufferedImage picture = evaluator()
                .evaluate(model(), data(), RunDirectory.create(folder.resolve("run")))
                .pictures()
                .get(0)
                .image();
        int top = picture.getHeight() - 12 - 3 * STEP;
        int left = left(picture);
        List<int[]> middle = Arrays.asList(
                tile(picture, left + 2 * STEP, top),
                tile(picture, left + 2 * STEP, top + STEP),
                tile(picture, left + 2 * STEP, top + 2 * STEP));
        assertThat(middle.get(1)).isEqualTo(middle.get(0));
        assertThat(middle.get(2)).isEqualTo(middle.get(0));
        assertThat(tile(picture, left, top)).isNotEqualTo(middle.get(0));
        assertThat(tile(picture, left, top)).isNotEqualTo(tile(picture, left, top + STEP));
        assertThat(tile(picture, left, top)).isNotEqualTo(tile(picture, left + 4 * STEP, top));
    }

    /** Returns where the first image of each row begins. */
    private static int left(BufferedImage picture) {
        int left = 0;
        while ((picture.getRGB(left, picture.getHeight() - 12 - STEP) & 0xffffff) != 0x9a9a9a) { // the line around it
            left++;
        }
        return left + 2;
    }

    private static int[] tile(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y, 60, 60, null, 0, 60);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new Settings(0, 0, 11, 3, List.of()))
                .hasMessage("code + pose must be at least 1 but was 0");
        assertThatThrownBy(() -> new Settings(10, 18, 1, 3, List.of()))
                .hasMessage("steps must be from 2 to 51 but was 1");
        assertThatThrownBy(() -> new Settings(10, 18, 11, 0, List.of()))
                .hasMessage("range must be above 0 and at most 100 but was 0.0");
    }

    /** A model with no pose, told to show poses alone, has nothing to show, and says so. */
    @Test
    void nothingToShowIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> new TraversalEvaluator(new Settings(0, 18, 11, 3, List.of()))
                        .evaluate(
                                new FreshModel(new ToyModel(), new ImageSpec(12, 12, 1)),
                                data(),
                                RunDirectory.create(folder.resolve("run"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("evaluator.traversal.code");
    }
}
