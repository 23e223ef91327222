package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.equipose.core.graph.Activation;
import org.equipose.tck.GraphFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class ConvEncoderTest {

    @ParameterizedTest
    @CsvSource({
        "28, 28, 1, 2, 2",
        "32, 32, 1, 2, 2",
        "32, 32, 3, 2, 2",
        "40, 40, 1, 3, 3",
        "42, 42, 1, 3, 3",
        "60, 60, 1, 4, 4",
        "60, 60, 3, 4, 4",
        "8, 33, 3, 1, 3",
        "17, 9, 1, 2, 1"
    })
    void featuresAreTheLastMapFlattened(int height, int width, int channels, int rows, int columns) {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> features = new ConvEncoder().features(graph.net(), image(graph, height, width, channels));
            assertThat(features.shape().asArray()).containsExactly(2, 128L * rows * columns);
            assertThat(graph.fetch(features)).hasSize(2 * rows * columns * 128);
        }
    }

    @Test
    void layersAreThoseOfThePaper() {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> features = new ConvEncoder().features(graph.net(), image(graph, 28, 28, 1));
            assertThat(graph.net().parameters().stream().map(p -> p.path() + " " + p.shape()))
                    .containsExactly(
                            "hidden1/weights [4, 4, 1, 32]",
                            "hidden1/bias [32]",
                            "hidden2/weights [4, 4, 32, 32]",
                            "hidden2/bias [32]",
                            "hidden3/weights [4, 4, 32, 64]",
                            "hidden3/bias [64]",
                            "hidden4/weights [4, 4, 64, 128]",
                            "hidden4/bias [128]");
            assertThat(graph.fetch(features)).contains(0f).doesNotContain(-1f);
            for (float feature : graph.fetch(features)) {
                assertThat(feature).isNotNegative();
            }
        }
    }

    @Test
    void settingsChooseLayersAndNonlinearity() {
        try (GraphFixture graph = new GraphFixture()) {
            ConvEncoder encoder = new ConvEncoder(new ConvEncoder.Settings(List.of(5, 3), Activation.TANH));
            Operand<TFloat32> features = encoder.features(graph.net(), image(graph, 28, 20, 3));
            assertThat(features.shape().asArray()).containsExactly(2, 7 * 5 * 3);
            assertThat(graph.parameterPaths())
                    .containsExactly("hidden1/weights", "hidden1/bias", "hidden2/weights", "hidden2/bias");
            boolean negative = false;
            for (float feature : graph.fetch(features)) {
                negative |= feature < 0;
            }
            assertThat(negative).isTrue();
        }
    }

    @Test
    void refusesWhatItCannotTake() {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> flat = graph.input(new float[6], 2, 3);
            assertThatThrownBy(() -> new ConvEncoder().features(graph.net(), flat))
                    .hasMessage("encoder conv needs [rows, height, width, channels] but got [2, 3]");
        }
        for (List<Integer> channels : List.of(List.<Integer>of(), List.of(8, 0))) {
            assertThatThrownBy(() -> new ConvEncoder.Settings(channels, Activation.RELU))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "channels must list at least one layer, each of at least 1 filter, but was " + channels);
        }
    }

    private static Operand<TFloat32> image(GraphFixture graph, int height, int width, int channels) {
        Random random = new Random(4);
        float[] pixels = new float[2 * height * width * channels];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        return graph.input(pixels, 2, height, width, channels);
    }
}
