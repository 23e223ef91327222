package org.equipose.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class LayersTest {
    private static final int UNITS = 130; // squared, more weights than are left in one piece

    /** Two layers in two blocks, against the same layers in one piece, differentiated by TensorFlow. */
    @ParameterizedTest
    @EnumSource(Activation.class)
    void blocksOfRowsChangeNeitherValuesNorGradients(Activation activation) {
        List<double[]> whole = layers(activation, 6, 1);
        List<double[]> parts = layers(activation, 6, 2);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(parts.get(i)).as("number %d", i).containsExactly(whole.get(i), offset(2e-5));
        }
    }

    @Test
    void rowsThatCannotBePartedEvenlyByAllMakeFewerBlocks() {
        try (TestGraph graph = new TestGraph(1, 4)) {
            assertThat(graph.net().blocks(random(graph, 9, 2))).hasSize(3);
            assertThat(graph.net().blocks(random(graph, 8, 2))).hasSize(4);
            Operand<TFloat32> five = random(graph, 5, 2);
            assertThat(graph.net().blocks(five)).containsExactly(five);
            assertThat(graph.net().blocks(random(graph, 2, 2))).hasSize(2);
        }
    }

    @Test
    void theBlocksOfALayerGoOnToTheNext() {
        try (TestGraph graph = new TestGraph(1, 2)) {
            Operand<TFloat32> y = Layers.dense(graph.net(), random(graph, 4, UNITS), UNITS, Activation.RELU);
            List<Operand<TFloat32>> blocks = graph.net().blocks(y);
            assertThat(blocks).hasSize(2);
            assertThat(blocks.get(0).op().type()).isEqualTo("Relu");
            double[] values = graph.values(y);
            double[] second = graph.values(blocks.get(1));
            assertThat(second).hasSize(2 * UNITS);
            assertThat(java.util.Arrays.copyOfRange(values, 2 * UNITS, 4 * UNITS))
                    .isEqualTo(second);
        }
    }

    @Test
    void aSmallLayerStaysWhole() {
        try (TestGraph graph = new TestGraph(1, 2)) {
            Operand<TFloat32> y = Layers.dense(graph.net(), random(graph, 4, 3), 5, Activation.LINEAR);
            assertThat(y.op().type()).isEqualTo("BiasAdd");
        }
    }

    private static List<double[]> layers(Activation activation, int rows, int blocks) {
        try (TestGraph graph = new TestGraph(7, blocks)) {
            Ops tf = graph.tf();
            Operand<TFloat32> x = random(graph, rows, UNITS);
            Initializer bias = Initializer.normal(0.3);
            Initializer weights = Initializer.normal(0.1);
            Operand<TFloat32> h = Layers.dense(graph.net().sub("one"), x, UNITS, activation, weights, bias);
            Operand<TFloat32> y = Layers.dense(graph.net().sub("two"), h, UNITS, activation, weights, bias);
            Operand<TFloat32> score = tf.math.mul(y, random(graph, rows, UNITS));
            List<Operand<TFloat32>> by = new ArrayList<>(List.of(x));
            graph.net().parameters().forEach(parameter -> by.add(parameter.value()));
            List<double[]> numbers = new ArrayList<>(List.of(graph.values(y)));
            numbers.addAll(graph.gradients(score, by));
            assertThat(numbers)
                    .hasSize(6)
                    .allSatisfy(values -> assertThat(values).isNotEmpty());
            return numbers;
        }
    }

    private static Operand<TFloat32> random(TestGraph graph, int rows, int columns) {
        Random random = new Random(31L * rows + columns);
        return graph.floats(random.doubles((long) rows * columns, -1, 1).toArray(), rows, columns);
    }
}
