package org.equipose.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.equipose.core.graph.Filters.Padding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Convolutions against sums written out in Java, with finite differences of those sums as gradients. */
class ConvolutionTest {
    private static final int ROWS = 2;

    /**
     * A layer.
     *
     * @param small height, width and channels of the side with one pixel for each place of a filter
     * @param large height, width and channels of the other
     * @param turned whether the layer goes from small to large
     * @param blocks parts in which a batch of two is computed
     */
    private record Case(
            int[] large, int[] small, int height, int width, int stride, Padding padding, boolean turned, int blocks) {
        int[] input() {
            return turned ? small : large;
        }

        int[] output() {
            return turned ? large : small;
        }

        Filters filters() {
            return new Filters(output()[2], height, width, stride, padding);
        }

        Operand<TFloat32> layer(Net net, Operand<TFloat32> x, Activation activation) {
            Initializer weights = Initializer.normal(0.3);
            Initializer bias = Initializer.normal(0.3);
            return turned
                    ? Layers.transposedConv(net, x, filters(), large[0], large[1], activation, weights, bias)
                    : Layers.conv(net, x, filters(), activation, weights, bias);
        }

        /** Adds up value × weight for every place of a filter, pixel below it and pair of channels. */
        double[] values(double[] x, double[] w, double[] b) {
            double[] y = new double[ROWS * size(output())];
            Arrays.setAll(y, i -> b[i % output()[2]]);
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < small[0]; i++) {
                    for (int j = 0; j < small[1]; j++) {
                        for (int k = 0; k < height; k++) {
                            for (int l = 0; l < width; l++) {
                                int down = i * stride - before(small[0], large[0], height) + k;
                                int across = j * stride - before(small[1], large[1], width) + l;
                                if (down >= 0 && down < large[0] && across >= 0 && across < large[1]) {
                                    multiply(row, i, j, down, across, k * width + l, x, w, y);
                                }
                            }
                        }
                    }
                }
            }
            Arrays.setAll(y, i -> Math.tanh(y[i]));
            return y;
        }

        private void multiply(
                int row, int i, int j, int down, int across, int point, double[] x, double[] w, double[] y) {
            for (int s = 0; s < small[2]; s++) {
                for (int l = 0; l < large[2]; l++) {
                    int atSmall = ((row * small[0] + i) * small[1] + j) * small[2] + s;
                    int atLarge = ((row * large[0] + down) * large[1] + across) * large[2] + l;
                    double weight = w[(point * large[2] + l) * small[2] + s];
                    if (turned) {
                        y[atLarge] += x[atSmall] * weight;
                    } else {
                        y[atSmall] += x[atLarge] * weight;
                    }
                }
            }
        }

        /** How far the first filter lies outside: half of what all lie outside, the smaller half where it is odd. */
        private int before(int places, int pixels, int side) {
            return padding == Padding.VALID ? 0 : Math.max(0, (places - 1) * stride + side - pixels) / 2;
        }

        @Override
        public String toString() {
            return Arrays.toString(input()) + " to " + Arrays.toString(output()) + " by " + filters() + ", " + blocks
                    + " blocks";
        }
    }

    static Stream<Case> cases() {
        return Stream.of(false, true)
                .flatMap(turned -> Stream.of(
                        shape(turned, 1, 7, 5, 2, 4, 3, 3, 4, 4, 2, Padding.SAME),
                        shape(turned, 1, 8, 6, 1, 4, 3, 2, 4, 4, 2, Padding.SAME),
                        shape(turned, 1, 6, 5, 2, 6, 5, 2, 4, 4, 1, Padding.SAME),
                        shape(turned, 1, 3, 3, 2, 1, 1, 2, 3, 1, 3, Padding.SAME),
                        shape(turned, 1, 8, 5, 3, 3, 2, 2, 3, 2, 2, Padding.VALID),
                        shape(turned, 1, 7, 6, 2, 4, 3, 3, 4, 4, 1, Padding.VALID),
                        shape(turned, 1, 4, 3, 2, 1, 1, 5, 4, 3, 1, Padding.VALID),
                        shape(turned, 1, 9, 10, 3, 5, 5, 16, 4, 4, 2, Padding.SAME),
                        shape(turned, 2, 9, 10, 3, 5, 5, 16, 4, 4, 2, Padding.SAME),
                        shape(turned, 2, 8, 8, 3, 5, 5, 16, 4, 4, 1, Padding.VALID)));
    }

    private static Case shape(
            boolean turned, int blocks, int h, int w, int c, int i, int j, int d, int fh, int fw, int s, Padding p) {
        return new Case(new int[] {h, w, c}, new int[] {i, j, d}, fh, fw, s, p, turned, blocks);
    }

    private static int size(int[] shape) {
        return shape[0] * shape[1] * shape[2];
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valuesAndGradientsAreThoseOfTheSums(Case layer) {
        try (TestGraph graph = new TestGraph(5, layer.blocks())) {
            double[] x = random(1, ROWS * size(layer.input()));
            double[] score = random(2, ROWS * size(layer.output()));
            Operand<TFloat32> input = floats(graph, x, layer.input());
            Operand<TFloat32> y = layer.layer(graph.net(), input, Activation.TANH);
            assertThat(y.shape().asArray())
                    .containsExactly(ROWS, layer.output()[0], layer.output()[1], layer.output()[2]);
            assertThat(y.op().type()).isEqualTo(layer.blocks() == 1 ? "Tanh" : "IdentityN");
            List<Operand<TFloat32>> weights =
                    graph.net().parameters().stream().map(Parameter::value).toList();
            double[] w = graph.values(weights.get(0));
            double[] b = graph.values(weights.get(1));

            assertThat(graph.values(y)).containsExactly(layer.values(x, w, b), offset(1e-5));
            List<double[]> gradients = graph.gradients(
                    graph.tf().math.mul(y, floats(graph, score, layer.output())),
                    List.of(input, weights.get(0), weights.get(1)));
            double[][] by = {x, w, b};
            for (int i = 0; i < by.length; i++) {
                double[] slopes = slopes(layer, score, by, by[i]);
                double scale = DoubleStream.of(slopes).map(Math::abs).max().orElseThrow();
                assertThat(gradients.get(i)).as("gradient %d", i).containsExactly(slopes, offset(1e-5 * (1 + scale)));
            }
        }
    }

    /** Differentiates Σ score · value by each number of {@code moved}, which is one of {@code by}. */
    private static double[] slopes(Case layer, double[] score, double[][] by, double[] moved) {
        double[] slopes = new double[moved.length];
        for (int i = 0; i < moved.length; i++) {
            double here = moved[i];
            for (int sign : new int[] {1, -1}) {
                moved[i] = here + sign * 1e-5;
                double[] y = layer.values(by[0], by[1], by[2]);
                for (int k = 0; k < y.length; k++) {
                    slopes[i] += sign * score[k] * y[k] / 2e-5;
                }
            }
            moved[i] = here;
        }
        return slopes;
    }

    @Test
    void firstWeightsAreSmallerTheMoreNumbersAreAddedUp() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> point = floats(graph, random(3, ROWS * 9), 1, 1, 9);
            Filters large = Filters.square(10, 4, 1, Padding.VALID);
            Operand<TFloat32> map = Layers.transposedConv(graph.net().sub("a"), point, large, 4, 4, Activation.TANH);
            Filters doubling = Filters.square(10, 4, 2, Padding.SAME);
            Operand<TFloat32> twice = Layers.transposedConv(graph.net().sub("b"), map, doubling, 8, 8, Activation.TANH);
            Layers.conv(graph.net().sub("c"), twice, doubling, Activation.TANH);
            assertThat(graph.net().parameters().stream().map(Parameter::path))
                    .containsExactly("a/weights", "a/bias", "b/weights", "b/bias", "c/weights", "c/bias");
            double[] limits = {1 / 3.0, 0, 1 / Math.sqrt(4 * 10), 0, 1 / Math.sqrt(16 * 10), 0};
            int next = 0;
            for (Parameter parameter : graph.net().parameters()) {
                double largest = DoubleStream.of(graph.values(parameter.value()))
                        .map(Math::abs)
                        .max()
                        .orElseThrow();
                assertThat(largest).as(parameter.path()).isBetween(0.98 * limits[next], 1.0001 * limits[next]);
                next++;
            }
        }
    }

    @Test
    void theBlocksOfALayerGoOnToTheNext() {
        try (TestGraph graph = new TestGraph(1, 2)) {
            Filters filters = Filters.square(16, 4, 1, Padding.SAME);
            Operand<TFloat32> image = floats(graph, random(4, 4 * 8 * 8 * 16), 8, 8, 16);
            Operand<TFloat32> y = Layers.conv(graph.net(), image, filters, Activation.RELU);
            List<Operand<TFloat32>> blocks = graph.net().blocks(y);
            assertThat(blocks).hasSize(2);
            assertThat(blocks).allSatisfy(block -> assertThat(block.op().type()).isEqualTo("Relu"));
        }
    }

    @Test
    void refusesWhatCannotBe() {
        try (TestGraph graph = new TestGraph()) {
            Net net = graph.net();
            Operand<TFloat32> flat = graph.floats(new double[6], 2, 3);
            Operand<TFloat32> image = floats(graph, new double[ROWS * 9], 3, 3, 1);
            Filters filters = Filters.square(5, 4, 2, Padding.VALID);
            refused(
                    () -> Layers.conv(net, flat, filters, Activation.RELU),
                    "a convolution needs [rows, height, width, channels] but got [2, 3]");
            refused(
                    () -> Layers.transposedConv(net, flat, filters, 8, 8, Activation.RELU),
                    "a transposed convolution needs [rows, height, width, channels] but got [2, 3]");
            refused(
                    () -> Layers.conv(net, image, filters, Activation.RELU),
                    "a convolution of 5 filters of 4×4 with stride 2, VALID, has no place in images of 3×3");
            refused(
                    () -> Layers.transposedConv(net, image, filters, 8, 10, Activation.RELU),
                    "a transposed convolution of 5 filters of 4×4 with stride 2, VALID, cannot make 8×10 of 3×3");
            refused(
                    () -> new Filters(3, 4, 0, 1, Padding.SAME),
                    "filters need a positive count, height, width and stride but got 3 of 4×0 with stride 1");
            assertThat(net.parameters()).isEmpty();
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private static double[] random(long seed, int count) {
        return new Random(seed).doubles(count, -1, 1).toArray();
    }

    private static Operand<TFloat32> floats(TestGraph graph, double[] values, int... shape) {
        return graph.floats(values, values.length / size(shape), shape[0], shape[1], shape[2]);
    }
}
