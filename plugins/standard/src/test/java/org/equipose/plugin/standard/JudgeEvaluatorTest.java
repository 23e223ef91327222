package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Delta;
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
import org.equipose.core.spi.Prior;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

class JudgeEvaluatorTest {
    private static final ImageSpec IMAGE = new ImageSpec(8, 8, 1);

    private final List<String> heard = new ArrayList<>();

    @TempDir
    Path folder;

    @Nested
    class Contract extends EvaluatorTck {

        /** Each has a cache of its own, so that the contract compares two trainings. */
        @Override
        protected Evaluator evaluator() {
            try {
                return new JudgeEvaluator(new JudgeEvaluator.Settings(1), Files.createTempDirectory(folder, "cache"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Three classes that anybody can tell apart: a bright bar on the left, in the middle or on the right, in noise. */
    private static Split bars(int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * IMAGE.size()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(3);
            for (int p = 0; p < IMAGE.size(); p++) {
                boolean bar = p % 8 / 3 == labels[i];
                pixels[i * IMAGE.size() + p] = (byte) ((bar ? 150 : 0) + random.nextInt(100));
            }
        }
        return new Split(IMAGE, pixels, Optional.of(labels), Optional.empty());
    }

    private Report evaluate(int epochs, Split train) throws IOException {
        heard.clear();
        Split test = bars(200, 2);
        return new JudgeEvaluator(new JudgeEvaluator.Settings(epochs), folder.resolve("judge"))
                .evaluate(
                        Disguised.heard(new FreshModel(new ToyModel(), IMAGE), Targets.FIXED, heard),
                        new DataSets(train, test, test),
                        RunDirectory.create(
                                Files.createTempDirectory(folder, "run").resolve("run")));
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("judge"))) {
            return files.toList();
        }
    }

    @Test
    void aTrainedJudgeIsKept() throws IOException {
        Report first = evaluate(1, bars(250, 1));
        assertThat(heard).containsExactly("judge 0 of 3", "judge 1 of 3", "judge 2 of 3", "judge 3 of 3");
        Report second = evaluate(1, bars(250, 1));
        assertThat(heard).containsExactly("judge: from cache, " + folder.resolve("judge") + " 0 of -1");
        assertThat(second.measures()).isEqualTo(first.measures());
        // Other images or epochs are another judge.
        evaluate(1, bars(250, 3));
        assertThat(heard).contains("judge 3 of 3");
        evaluate(2, bars(250, 1));
        assertThat(heard).contains("judge 6 of 6");
        assertThat(kept()).hasSize(3);
    }

    @Test
    void aDamagedFileIsMadeAnew() throws IOException {
        Report first = evaluate(1, bars(100, 1));
        Path file = kept().get(0);
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 4;
        Files.write(file, damaged);
        Report second = evaluate(1, bars(100, 1));
        assertThat(heard)
                .containsExactly(
                        "warning: " + file + " cannot be read and is made anew: its checksum is wrong 0 of -1",
                        "judge 0 of 1",
                        "judge 1 of 1");
        assertThat(second.measures()).isEqualTo(first.measures());
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    /** A toy that has learned nothing shows grey: the judge is right as often as one in three. */
    @Test
    void theJudgeKnowsTheImagesAndSeesNothingInGrey() throws IOException {
        Report report = evaluate(2, bars(1000, 1));
        Map<String, Double> found = new HashMap<>();
        report.measures().forEach(measure -> found.put(measure.name(), measure.value()));
        assertThat(found)
                .containsOnlyKeys(
                        "accuracy_images",
                        "accuracy_own_pose",
                        "sure_of_images",
                        "entropy_of_images",
                        "classes_of_images",
                        "sure_of_samples",
                        "entropy_of_samples",
                        "classes_of_samples");
        assertThat(found.get("accuracy_images")).isGreaterThan(99);
        assertThat(found.get("accuracy_own_pose")).isLessThan(70);
        assertThat(found.get("classes_of_images")).isCloseTo(3, within(0.05));
        assertThat(found.get("entropy_of_samples")).isGreaterThan(found.get("entropy_of_images"));
    }

    /** The code is how bright each third of the image is; what it says is shown in poses u ≥ 0, and nothing in others. */
    private record HalfOfTheTime() implements Model {
        private static final Prior STANDARD = (net, size) -> Optional.of(Normal.standard(net.ops(), size));

        private static Latent point(Ops tf, String name, Operand<TFloat32> value) {
            Operand<TFloat32> nothing =
                    tf.zeros(tf.constant(new long[] {value.shape().get(0)}), TFloat32.class);
            return new Latent(name, new Delta(value), Optional.empty(), value, nothing, value);
        }

        private static float[][] thirds(float[] weight) {
            float[][] thirds = new float[IMAGE.size()][3];
            for (int p = 0; p < IMAGE.size(); p++) {
                thirds[p][p % 8 / 3] = weight[p % 8 / 3];
            }
            return thirds;
        }

        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Ops tf = net.ops();
            Operand<TFloat32> z = tf.linalg.matMul(
                    Layers.flatten(tf, batch.image()), tf.constant(thirds(new float[] {1 / 24f, 1 / 24f, 1 / 16f})));
            Operand<TFloat32> u = tf.zeros(tf.constant(new long[] {batch.size(), 1}), TFloat32.class);
            Map<String, Latent> latents = new LinkedHashMap<>();
            latents.put("z", point(tf, "z", z));
            latents.put("u", point(tf, "u", u));
            return Pass.of(tf, batch, samples, generate(net, Map.of("z", z, "u", u), batch.spec()), latents);
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return Map.of(
                    "z", Latent.fromPrior(net.sub("z"), "z", STANDARD, 3, rows).orElseThrow(),
                    "u", Latent.fromPrior(net.sub("u"), "u", STANDARD, 1, rows).orElseThrow());
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            Ops tf = net.ops();
            Operand<TFloat32> z = values.get("z");
            Operand<TFloat32> bars =
                    tf.linalg.matMul(z, tf.constant(thirds(new float[] {1, 1, 1})), MatMul.transposeB(true));
            if (values.containsKey("u")) {
                Operand<TFloat32> shown =
                        tf.dtypes.cast(tf.math.greaterEqual(values.get("u"), tf.constant(0f)), TFloat32.class);
                bars = tf.math.mul(bars, shown);
            }
            long[] shape = {z.shape().get(0), image.height(), image.width(), image.channels()};
            Operand<TFloat32> means = tf.reshape(bars, tf.constant(shape));
            return new Generated(means, means, Bernoulli.ofProbabilities(means));
        }
    }

    /** Half of the drawn poses show nothing: the judge is right about the others, and of black it says one class for all. */
    @Test
    void aPosePriorThatHidesTheImageIsFoundOut() throws IOException {
        Split test = bars(600, 2);
        Report report = new JudgeEvaluator(new JudgeEvaluator.Settings(2), folder.resolve("judge"))
                .evaluate(
                        new FreshModel(new HalfOfTheTime(), IMAGE),
                        new DataSets(bars(1000, 1), test, test),
                        RunDirectory.create(folder.resolve("hidden")));
        Map<String, Report.Measure> found = new HashMap<>();
        report.measures().forEach(measure -> found.put(measure.name(), measure));
        assertThat(found.get("accuracy_own_pose").value()).isGreaterThan(99);
        assertThat(found.get("accuracy_reference_pose").value()).isGreaterThan(99);
        assertThat(found.get("accuracy_drawn_pose").value()).isCloseTo(200 / 3.0, within(7.0));
        assertThat(found.get("accuracy_drawn_pose").interval().orElseThrow().high())
                .isCloseTo(found.get("accuracy_drawn_pose").value() + 3.7, within(0.2)); // √(2/9/600) × 1.96
        assertThat(found.get("sure_of_samples").protocol()).endsWith("latents drawn from their priors");
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new JudgeEvaluator.Settings(0)).hasMessageContaining("epochs must be at least 1");
    }
}
