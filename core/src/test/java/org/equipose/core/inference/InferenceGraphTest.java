package org.equipose.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Targets;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.Net;
import org.equipose.core.run.RunDirectoryException;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Values;
import org.equipose.core.training.Linear;
import org.equipose.core.training.TrainedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** The functions of a model whose weights are chosen here, against sums done by hand. */
class InferenceGraphTest {
    private static final float[] ENCODER = {0.5f, -1, 0.25f, 2, 0, -0.5f};
    private static final float[] DECODER = {1, -2, 0.5f, 0, 3, -0.25f};
    private static final float[] IMAGES = {0, 1, 0.5f, 0.25f, 0.75f, 1, 1, 0, 0, 0.5f, 0.5f, 0.125f};

    @TempDir
    Path folder;

    private static TrainedModel trained(Optional<PoseTransform> transform) {
        Map<String, Values> parameters = new LinkedHashMap<>();
        parameters.put("model/z/mean/weights", new Values(new long[] {6, 1}, ENCODER));
        parameters.put("model/z/mean/bias", new Values(new long[] {1}, new float[] {0.1f}));
        parameters.put("model/z/log-scale/weights", new Values(new long[] {6, 1}, new float[6]));
        parameters.put("model/z/log-scale/bias", new Values(new long[] {1}, new float[] {0}));
        parameters.put("model/decoder/weights", new Values(new long[] {1, 6}, DECODER));
        return new TrainedModel(
                new Linear.LinearModel(), transform, Linear.SPEC, Targets.GREY, 1, Device.cpu(1), parameters);
    }

    private static InferenceGraph graph() {
        return new InferenceGraph(trained(Optional.empty()), 2, Device.cpu(1));
    }

    private static Map<String, Tensor> feed(String name, float[] values, long... shape) {
        return Map.of(name, TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values)));
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    @Test
    void encodesToThePosteriorMean() {
        try (InferenceGraph graph = graph()) {
            float[] codes = graph.call("encode", feed("image", IMAGES, 2, 2, 3, 1))
                    .get("z")
                    .data();
            for (int i = 0; i < 2; i++) {
                double expected = 0.1;
                for (int k = 0; k < 6; k++) {
                    expected += ENCODER[k] * IMAGES[i * 6 + k];
                }
                assertThat((double) codes[i]).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void decodes() {
        try (InferenceGraph graph = graph()) {
            Map<String, Values> decoded = graph.call("decode", feed("z", new float[] {0.5f, -2}, 2, 1));
            assertThat(decoded.keySet()).containsExactly("image", "canvas");
            assertThat(decoded.get("image").shape()).containsExactly(2, 2, 3, 1);
            for (int k = 0; k < 6; k++) {
                assertThat((double) decoded.get("image").row(0)[k]).isCloseTo(sigmoid(0.5 * DECODER[k]), within(1e-6));
                assertThat((double) decoded.get("image").row(1)[k]).isCloseTo(sigmoid(-2 * DECODER[k]), within(1e-6));
            }
        }
    }

    @Test
    void samplesFromThePriorByNumber() {
        try (InferenceGraph graph = graph()) {
            double sum = 0;
            double squares = 0;
            for (int draw = 0; draw < 1000; draw++) {
                Map<String, Values> sample = graph.sample(draw);
                for (int i = 0; i < 2; i++) {
                    double z = sample.get("z").data()[i];
                    sum += z;
                    squares += z * z;
                    assertThat((double) sample.get("image").row(i)[4]).isCloseTo(sigmoid(3 * z), within(1e-6));
                }
            }
            // 2,000 standard normal numbers: five standard errors.
            assertThat(sum / 2000).isCloseTo(0, within(0.11));
            assertThat(squares / 2000).isCloseTo(1, within(0.16));
            assertThat(graph.sample(7).get("z").data())
                    .isEqualTo(graph.sample(7).get("z").data())
                    .isNotEqualTo(graph.sample(8).get("z").data());
        }
    }

    @Test
    void hasNoWarpWithoutAPose() {
        PoseTransform unused = new PoseTransform() {
            @Override
            public int poseSize(ImageSpec image) {
                return 1;
            }

            @Override
            public Operand<TFloat32> apply(
                    Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                throw new IllegalStateException("the model has no pose");
            }
        };
        try (InferenceGraph graph = new InferenceGraph(trained(Optional.of(unused)), 2, Device.cpu(1))) {
            assertThat(graph.has("warp")).isFalse();
            assertThat(graph.has("decode")).isTrue();
        }
    }

    @Test
    void refusesTheParametersOfAnotherModel() {
        TrainedModel other = new TrainedModel(
                new Linear.LinearModel(), Optional.empty(), Linear.SPEC, Targets.GREY, 1, Device.cpu(1), Map.of());
        assertThatThrownBy(() -> new InferenceGraph(other, 2, Device.cpu(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model/z/mean/weights is not in the checkpoint");
    }

    @Test
    void aSavedModelGivesTheSameBits() throws IOException {
        Path saved = folder.resolve("saved");
        try (InferenceGraph graph = graph()) {
            assertThat(SavedModelFolder.write(saved, graph)).containsExactly("encode", "decode", "sample");
            try (SavedModelFolder.Loaded loaded = new SavedModelFolder.Loaded(saved)) {
                assertThat(loaded.functions()).containsExactly("decode", "encode", "sample");
                Map<String, Tensor> images = feed("image", IMAGES, 2, 2, 3, 1);
                assertThat(loaded.call("encode", images).get("z").data())
                        .isEqualTo(graph.call("encode", images).get("z").data());
                try (TInt64 draw = TInt64.scalarOf(5)) {
                    assertThat(loaded.call("sample", Map.of("draw", draw))
                                    .get("image")
                                    .data())
                            .isEqualTo(graph.sample(5).get("image").data());
                }
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.toList()).containsExactly(saved);
        }
    }

    @Test
    void aFolderThatExistsIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("mine"), "text");
        try (InferenceGraph graph = graph()) {
            assertThatThrownBy(() -> SavedModelFolder.write(folder.resolve("mine"), graph))
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessageEndingWith("mine exists already; delete it, or choose another folder with --to");
            assertThatThrownBy(() -> SavedModelFolder.write(folder.resolve("mine/below"), graph))
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessageContaining("cannot export to ");
        }
        assertThat(folder.resolve("mine")).hasContent("text");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("mine");
        }
    }
}
