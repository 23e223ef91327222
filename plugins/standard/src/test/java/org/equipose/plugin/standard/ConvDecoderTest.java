package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Activation;
import org.equipose.tck.GraphFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class ConvDecoderTest {

    @ParameterizedTest
    @CsvSource({
        "28, 28, 1, 4×4 4×4",
        "32, 32, 1, 5×5 4×4",
        "32, 32, 3, 5×5 4×4",
        "40, 40, 1, 7×7 4×4",
        "42, 42, 1, 8×8 4×4",
        "60, 60, 1, 12×12 4×4",
        "60, 60, 3, 12×12 4×4",
        "8, 33, 3, 1×6 2×4",
        "17, 9, 1, 2×1 4×3",
        "16, 16, 1, 1×1 4×4"
    })
    void everyPixelOfTheCanvasDependsOnTheCode(int height, int width, int channels, String firstFilters) {
        ImageSpec canvas = new ImageSpec(height, width, channels);
        try (GraphFixture graph = new GraphFixture()) {
            // What ReLU leaves of a place may be zero for both codes.
            ConvDecoder decoder = new ConvDecoder(new ConvDecoder.Settings(List.of(128, 64, 32, 32), Activation.TANH));
            Operand<TFloat32> logits = decoder.canvas(graph.net(), code(graph), canvas);
            assertThat(logits.shape().asArray()).containsExactly(2, height, width, channels);
            float[] values = graph.fetch(logits);
            assertThat(values).hasSize(2 * canvas.size());
            for (int i = 0; i < canvas.size(); i++) {
                assertThat(values[i]).as("pixel %d", i).isNotEqualTo(values[canvas.size() + i]);
            }
            assertThat(filters(graph, "hidden1") + " " + filters(graph, "hidden2"))
                    .isEqualTo(firstFilters);
            assertThat(filters(graph, "hidden3")).isEqualTo("4×4");
        }
    }

    private static String filters(GraphFixture graph, String layer) {
        return graph.net().parameters().stream()
                .filter(parameter -> parameter.path().equals(layer + "/weights"))
                .map(parameter ->
                        parameter.shape().get(0) + "×" + parameter.shape().get(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void layersAreThoseOfThePaper() {
        try (GraphFixture graph = new GraphFixture()) {
            new ConvDecoder().canvas(graph.net(), code(graph), new ImageSpec(28, 28, 1));
            assertThat(graph.net().parameters().stream().map(p -> p.path() + " " + p.shape()))
                    .containsExactly(
                            "hidden1/weights [4, 4, 128, 3]",
                            "hidden1/bias [128]",
                            "hidden2/weights [4, 4, 64, 128]",
                            "hidden2/bias [64]",
                            "hidden3/weights [4, 4, 32, 64]",
                            "hidden3/bias [32]",
                            "hidden4/weights [4, 4, 32, 32]",
                            "hidden4/bias [32]",
                            "logits/weights [4, 4, 1, 32]",
                            "logits/bias [1]");
        }
    }

    @Test
    void settingsChooseLayersAndNonlinearity() {
        try (GraphFixture graph = new GraphFixture()) {
            ConvDecoder decoder = new ConvDecoder(new ConvDecoder.Settings(List.of(5, 4, 3), Activation.SOFTPLUS));
            Operand<TFloat32> logits = decoder.canvas(graph.net(), code(graph), new ImageSpec(30, 21, 3));
            assertThat(logits.shape().asArray()).containsExactly(2, 30, 21, 3);
            assertThat(graph.fetch(logits)).hasSize(2 * 30 * 21 * 3);
            assertThat(graph.parameterPaths())
                    .hasSize(8)
                    .contains("hidden3/bias")
                    .doesNotContain("hidden4/bias");
        }
    }

    @Test
    void refusesWhatItCannotTake() {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> deep = graph.input(new float[12], 2, 3, 2);
            assertThatThrownBy(() -> new ConvDecoder().canvas(graph.net(), deep, new ImageSpec(28, 28, 1)))
                    .hasMessage("decoder conv needs [rows, size] but got [2, 3, 2]");
        }
        for (List<Integer> channels : List.of(List.of(8, 8), List.of(8, 0, 8))) {
            assertThatThrownBy(() -> new ConvDecoder.Settings(channels, Activation.RELU))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("channels must list at least 3 layers, each of at least 1 filter, but was " + channels);
        }
    }

    private static Operand<TFloat32> code(GraphFixture graph) {
        return graph.input(new float[] {0.3f, -1, 2, 1, 0.5f, -0.7f}, 2, 3);
    }
}
