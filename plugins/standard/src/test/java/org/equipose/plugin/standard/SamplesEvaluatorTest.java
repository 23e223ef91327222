package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
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
import org.equipose.core.spi.PoseDraw;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class SamplesEvaluatorTest {
    private static final ImageSpec IMAGE = new ImageSpec(6, 6, 1);

    @Nested
    class Contract extends EvaluatorTck {
        @Override
        protected Evaluator evaluator() {
            return new SamplesEvaluator(new SamplesEvaluator.Settings(3, PoseDraw.MEAN, PoseDraw.BATCH));
        }
    }

    private static Report evaluate(Model model, PoseDraw left, PoseDraw right, Path folder) throws IOException {
        byte[] pixels = new byte[10 * IMAGE.size()];
        new Random(3).nextBytes(pixels);
        Split images = new Split(IMAGE, pixels, Optional.empty(), Optional.empty());
        return new SamplesEvaluator(new SamplesEvaluator.Settings(2, left, right))
                .evaluate(
                        new FreshModel(model, IMAGE),
                        new DataSets(images, images, images),
                        RunDirectory.create(folder));
    }

    /** Returns the pixels of the left and of the right half. */
    private static int[][] halves(PoseDraw left, PoseDraw right, Path folder) throws IOException {
        BufferedImage image = evaluate(ToyModel.withAPointPose(), left, right, folder)
                .pictures()
                .get(0)
                .image();
        // Within a margin of 12 pixels there are 5 columns, each a line of 2 and 6 pixels enlarged 9 times.
        int cell = 2 + 6 * 9;
        int top = image.getHeight() - 12 - 2 - 2 * cell;
        int[] a = image.getRGB(12, top, 2 * cell, 2 * cell, null, 0, 2 * cell);
        int[] b = image.getRGB(12 + 3 * cell, top, 2 * cell, 2 * cell, null, 0, 2 * cell);
        return new int[][] {a, b};
    }

    /** The pose of the toy cannot be drawn from its prior, so the right half is in the pose that is set. */
    @Test
    void bothHalvesAreInThePosesThatAreSet(@TempDir Path folder) throws IOException {
        int[][] same = halves(PoseDraw.IDENTITY, PoseDraw.IDENTITY, folder.resolve("a"));
        int[][] mean = halves(PoseDraw.IDENTITY, PoseDraw.MEAN, folder.resolve("b"));
        int[][] batch = halves(PoseDraw.MEAN, PoseDraw.BATCH, folder.resolve("c"));
        assertThat(same[0]).isEqualTo(same[1]).isEqualTo(mean[0]);
        assertThat(Arrays.stream(same[0]).distinct().count()).isGreaterThan(3);
        assertThat(mean[1]).isNotEqualTo(mean[0]);
        assertThat(batch[0]).isEqualTo(mean[1]);
        assertThat(batch[1]).isNotEqualTo(batch[0]).isNotEqualTo(mean[0]);
    }

    /** Two numbers with N(0, I) before them; an image is as bright as z1 on the left and as z2 on the right. */
    private static final class Flat implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            throw new UnsupportedOperationException("only what is drawn from the prior is looked at");
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            Distribution law = Normal.standard(net.ops(), 2);
            Distribution.Draw draw = law.draw(net, rows);
            return Map.of("z", new Latent("z", law, Optional.of(law), draw.value(), draw.logProb(), draw.value()));
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            float[][] spread = new float[2][image.size()];
            for (int i = 0; i < image.size(); i++) {
                spread[i % image.width() < image.width() / 2 ? 0 : 1][i] = 1;
            }
            Operand<TFloat32> logits = net.ops()
                    .reshape(
                            net.ops().linalg.matMul(values.get("z"), net.ops().constant(spread)),
                            net.ops().constant(new int[] {-1, image.height(), image.width(), 1}));
            Operand<TFloat32> means = net.ops().math.sigmoid(logits);
            return new Generated(means, means, Bernoulli.ofLogits(logits));
        }
    }

    @Test
    void theManifoldHasTheQuantilesOfTheCode() {
        FreshModel model = new FreshModel(new Flat(), IMAGE);
        float[][] images = SamplesEvaluator.manifold(model).orElseThrow().images();
        assertThat(images).hasDimensions(400, 36);
        // The quantile 2.5 % of a standard normal is -1.96, and its sigmoid 0.1235: bottom left.
        assertThat(images[380][0]).isBetween(0.11f, 0.14f);
        assertThat(images[380][3]).isBetween(0.11f, 0.14f);
        // z1 to the right, z2 up.
        assertThat(images[399][0]).isBetween(0.86f, 0.89f);
        assertThat(images[399][3]).isEqualTo(images[380][3]);
        assertThat(images[0][3]).isBetween(0.86f, 0.89f);
        assertThat(SamplesEvaluator.manifold(new FreshModel(new ToyModel(), IMAGE)))
                .isEmpty();
    }
}
