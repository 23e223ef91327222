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
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class CalibrationEvaluatorTest {
    private static final ImageSpec IMAGE = new ImageSpec(2, 2, 1);
    private static final int IMAGES = 4000;

    @Nested
    class Contract extends EvaluatorTck {
        @Override
        protected Evaluator evaluator() {
            return new CalibrationEvaluator(new CalibrationEvaluator.Settings(1000, 3));
        }
    }

    /**
     * Says the same of all images, but that the means of white ones are larger and those of black ones smaller; the prior is
     * N(0, 2²) and N(0, 1).
     *
     * @param mean of z_0 and z_1
     * @param scale standard deviations of both
     * @param apart what is added to both means, or taken away
     */
    private record Stubborn(float[] mean, double[] scale, float apart) implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            float[][] logScale = new float[batch.size()][];
            Arrays.setAll(logScale, i -> new float[] {(float) Math.log(scale[0]), (float) Math.log(scale[1])});
            float[][] weights = new float[IMAGE.size()][];
            Arrays.setAll(weights, i -> new float[] {2 * apart / IMAGE.size(), 2 * apart / IMAGE.size()});
            Ops tf = net.ops();
            Operand<TFloat32> shift = tf.linalg.matMul(Layers.flatten(tf, batch.image()), tf.constant(weights));
            float[] black = {mean[0] - apart, mean[1] - apart};
            Normal posterior = new Normal(tf.math.add(shift, tf.constant(black)), tf.constant(logScale));
            Latent z = latent(posterior, posterior.draw(net.sub("z"), samples), prior(net));
            Generated generated = generate(net, Map.of("z", z.parameters()), batch.spec());
            return Pass.of(net.ops(), batch, samples, generated, Map.of("z", z));
        }

        private static Normal prior(Net net) {
            return new Normal(
                    net.ops().constant(new float[][] {{0, 0}}), net.ops().constant(new float[][] {
                        {(float) Math.log(2), 0}
                    }));
        }

        private static Latent latent(Distribution law, Distribution.Draw draw, Distribution prior) {
            return new Latent("z", law, Optional.of(prior), draw.value(), draw.logProb(), draw.value());
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            Normal law = prior(net);
            return Map.of("z", latent(law, law.draw(net.sub("prior-draw"), rows), law));
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            return new ToyModel()
                    .generate(
                            net,
                            Map.of(
                                    "z",
                                    net.ops()
                                            .zeros(
                                                    net.ops().constant(new long[] {
                                                        values.get("z").shape().get(0), 4
                                                    }),
                                                    TFloat32.class)),
                            image);
        }
    }

    /** Every other image is white, the others are black. */
    private static Report evaluate(Model model, Path folder) throws IOException {
        byte[] pixels = new byte[IMAGES * IMAGE.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / IMAGE.size() % 2 * 255);
        }
        Split images = new Split(IMAGE, pixels, Optional.empty(), Optional.empty());
        return new CalibrationEvaluator()
                .evaluate(
                        new FreshModel(model, IMAGE),
                        new DataSets(images, images, images),
                        RunDirectory.create(folder));
    }

    private static Map<String, Double> measures(Report report) {
        Map<String, Double> found = new LinkedHashMap<>();
        report.measures().forEach(measure -> found.put(measure.name(), measure.value()));
        return found;
    }

    /** In standard deviations of the prior, z_0 is N(½, ¼²) and z_1 is N(−½, 1). */
    @Test
    void lawsThatAreKnownAreFound(@TempDir Path folder) throws IOException {
        Report report = evaluate(new Stubborn(new float[] {1, -0.5f}, new double[] {0.5, 1}, 0), folder.resolve("run"));
        Map<String, Double> found = measures(report);
        assertThat(found.get("code_mean")).isCloseTo(0.5, within(0.05));
        assertThat(found.get("code_mean_farthest")).isCloseTo(0.5, within(0.05));
        assertThat(found.get("code_sd")).isCloseTo(Math.sqrt((1 + 1 / 16.0) / 2), within(0.02));
        assertThat(found.get("code_sd_smallest")).isCloseTo(0.25, within(0.01));
        assertThat(found.get("code_sd_largest")).isCloseTo(1, within(0.03));
        // Shares of variance: of the images 1/5 and 4/5, of the prior 4/5 and 1/5.
        double rank = Math.exp(-0.2 * Math.log(0.2) - 0.8 * Math.log(0.8));
        assertThat(found.get("code_effective_rank")).isCloseTo(rank, within(0.03));
        assertThat(found.get("code_prior_effective_rank")).isCloseTo(rank, within(0.01));
        assertThat(found.get("code_correlation_largest")).isLessThan(0.05);
        // Φ(x) − Φ(4x − 2) is largest at x = 0.0832.
        assertThat(found.get("code_ks_largest")).isCloseTo(0.4854, within(0.03));
        List<List<String>> table = report.tables().get(0).rows();
        assertThat(table).extracting(row -> row.get(0)).containsExactly("0", "1");
        assertThat(Double.parseDouble(table.get(0).get(1))).isCloseTo(1, within(0.03));
        assertThat(Double.parseDouble(table.get(0).get(4))).isCloseTo(2, within(0.03));
        assertThat(Double.parseDouble(table.get(1).get(2))).isCloseTo(1, within(0.03));
    }

    /**
     * Both dimensions are N(0, ½²) in standard deviations of the prior, so that the shares within a radius r are 1 − exp(−2r²) of the
     * images and 1 − exp(−r²/2) of the prior. They are furthest apart at r² = ⅔ ln 4: by 4^(−⅓) − 4^(−4/3).
     */
    @Test
    void radiiThatAreKnownAreFound(@TempDir Path folder) throws IOException {
        Report report = evaluate(new Stubborn(new float[2], new double[] {1, 0.5}, 0), folder.resolve("run"));
        assertThat(measures(report).get("code_radius_ks"))
                .isCloseTo(Math.pow(4, -1 / 3.0) - Math.pow(4, -4 / 3.0), within(0.025));
    }

    /** Two means that go up and down together, by 1, and noise of variance ¼: the correlation is 1 / (1 + ¼). */
    @Test
    void aCorrelationThatIsKnownIsFound(@TempDir Path folder) throws IOException {
        Report report = evaluate(new Stubborn(new float[2], new double[] {0.5, 0.5}, 1), folder.resolve("run"));
        assertThat(measures(report).get("code_correlation_largest")).isCloseTo(0.8, within(0.02));
        assertThat(measures(report).get("code_prior_correlation_largest")).isLessThan(0.015);
    }

    @Test
    void aPriorThatCannotBeDrawnFromIsSaidToBe(@TempDir Path folder) throws IOException {
        Report report = evaluate(ToyModel.withAPointPose(), folder.resolve("run"));
        assertThat(report.measures())
                .filteredOn(measure -> measure.name().startsWith("pose_"))
                .isNotEmpty()
                .allSatisfy(measure -> assertThat(measure.protocol()).contains("cannot be drawn from"));
        assertThat(report.tables().get(1).columns()).containsExactly("dimension", "mean", "sd");
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new CalibrationEvaluator.Settings(99, 1))
                .hasMessageContaining("draws must be from 100");
        assertThatThrownBy(() -> new CalibrationEvaluator.Settings(100, 0))
                .hasMessageContaining("panels must be from 1");
    }
}
