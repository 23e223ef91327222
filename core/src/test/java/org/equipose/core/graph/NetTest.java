package org.equipose.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class NetTest {
    private static final Initializer RANDOM = Initializer.normal(1);

    private static List<String> paths(Net net) {
        return net.parameters().stream().map(Parameter::path).toList();
    }

    @Test
    void subExtendsTheParameterPath() {
        try (TestGraph graph = new TestGraph()) {
            graph.net().parameter("w", RANDOM, 2);
            graph.net().sub("encoder").sub("fc1").parameter("w", RANDOM, 2, 3);
            assertThat(paths(graph.net())).containsExactly("w", "encoder/fc1/w");
        }
    }

    @Test
    void againKeepsTheParameters() {
        try (TestGraph graph = new TestGraph()) {
            Net encoder = graph.net().sub("encoder");
            Operand<TFloat32> first = encoder.sub("fc1").parameter("w", RANDOM, 2, 3);
            Operand<TFloat32> second = encoder.again("mi").sub("fc1").parameter("w", RANDOM, 2, 3);
            assertThat(paths(graph.net())).containsExactly("encoder/fc1/w");
            assertThat(second).isSameAs(first);
        }
    }

    @Test
    void atMovesTheParametersToAFixedPlace() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> first = graph.net().at("model").sub("fc1").parameter("w", RANDOM, 2);
            Operand<TFloat32> second = graph.net()
                    .sub("objective")
                    .again("x")
                    .at("model")
                    .sub("fc1")
                    .parameter("w", RANDOM, 2);
            assertThat(paths(graph.net())).containsExactly("model/fc1/w");
            assertThat(second).isSameAs(first);
        }
    }

    @Test
    void aParameterHasOneShape() {
        try (TestGraph graph = new TestGraph()) {
            graph.net().sub("a").parameter("w", RANDOM, 2, 3);
            assertThatThrownBy(() -> graph.net().sub("a").parameter("w", RANDOM, 3, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a/w")
                    .hasMessageContaining("[2, 3]")
                    .hasMessageContaining("[3, 2]");
        }
    }

    @Test
    void scopesMayBeOpenedTwice() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> one = graph.net().sub("a").again("b").ops().constant(1f);
            Operand<TFloat32> two = graph.net().sub("a").again("b").ops().constant(2f);
            assertThat(one.op().name()).startsWith("a/b").isNotEqualTo(two.op().name());
            assertThat(graph.values(two)).containsExactly(2);
        }
    }

    @Test
    void initialValuesDependOnSeedAndPathOnly() {
        double[] here;
        double[] elsewhere;
        try (TestGraph graph = new TestGraph(5)) {
            here = graph.values(graph.net().sub("a").parameter("w", RANDOM, 8));
            elsewhere = graph.values(graph.net().sub("b").parameter("w", RANDOM, 8));
        }
        try (TestGraph graph = new TestGraph(5)) {
            // Another parameter comes first, and another caller asks.
            graph.net().parameter("v", RANDOM, 3);
            Operand<TFloat32> w = graph.net().again("other").sub("a").parameter("w", RANDOM, 8);
            assertThat(graph.values(w)).isEqualTo(here);
        }
        try (TestGraph graph = new TestGraph(6)) {
            assertThat(graph.values(graph.net().sub("a").parameter("w", RANDOM, 8)))
                    .isNotEqualTo(here);
        }
        assertThat(elsewhere).isNotEqualTo(here);
        assertThat(here).doesNotHaveDuplicates();
    }

    @Test
    void initialisersHaveTheirLaws() {
        try (TestGraph graph = new TestGraph()) {
            double[] uniform = graph.values(graph.net().parameter("u", Initializer.uniform(0.2), 10_000));
            assertThat(Arrays.stream(uniform).min().orElseThrow()).isBetween(-0.2, -0.19);
            assertThat(Arrays.stream(uniform).max().orElseThrow()).isBetween(0.19, 0.2);
            double[] normal = graph.values(graph.net().parameter("n", Initializer.normal(3), 10_000));
            assertThat(Math.sqrt(variance(normal))).isCloseTo(3, offset(0.1));
            double[] fan = graph.values(graph.net().parameter("f", Initializer.fanIn(25), 10_000));
            assertThat(Arrays.stream(fan).max().orElseThrow()).isBetween(0.19, 0.2);
            assertThat(graph.values(graph.net().parameter("c", Initializer.constant(0.5f), 2, 2)))
                    .containsExactly(0.5, 0.5, 0.5, 0.5);
        }
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    }

    @Test
    void noiseIsKeyedBySeedCallerAndStep() {
        double[] first;
        try (TestGraph graph = new TestGraph(5)) {
            Operand<TFloat32> noise = graph.net().sub("z").normal(16);
            graph.step(3);
            first = graph.values(noise);
            assertThat(graph.values(noise)).as("same step").isEqualTo(first);
            graph.step(4);
            assertThat(graph.values(noise)).as("next step").isNotEqualTo(first);
            graph.step(3);
            assertThat(graph.values(noise)).as("back again").isEqualTo(first);
        }
        try (TestGraph graph = new TestGraph(5)) {
            graph.step(3);
            double[] another = graph.values(graph.net().sub("other").normal(16));
            double[] more = graph.values(graph.net().again("mi").sub("z").normal(16));
            assertThat(another).as("another caller").isNotEqualTo(first);
            assertThat(more).as("another use").isNotEqualTo(first);
            assertThat(graph.values(graph.net().at("far/away").sub("z").normal(16)))
                    .as("the parameter path does not count, and other callers do not disturb")
                    .isEqualTo(first);
        }
        try (TestGraph graph = new TestGraph(6)) {
            graph.step(3);
            assertThat(graph.values(graph.net().sub("z").normal(16)))
                    .as("another seed")
                    .isNotEqualTo(first);
        }
    }

    @Test
    void drawsInOnePlaceDiffer() {
        try (TestGraph graph = new TestGraph()) {
            double[] one = graph.values(graph.net().normal(16));
            double[] two = graph.values(graph.net().normal(16));
            double[] three = graph.values(graph.net().uniform(16));
            double[] four = graph.values(graph.net().uniform(16));
            assertThat(one).isNotEqualTo(two);
            assertThat(three).isNotEqualTo(four);
        }
    }

    /** Also between a step and the next, and between neighbours in a path: keys are well mixed. */
    @Test
    void noiseIsIndependent() {
        int count = 20_000;
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> a = graph.net().sub("a").normal(count);
            Operand<TFloat32> b = graph.net().sub("b").normal(count);
            double[] now = graph.values(a);
            double[] neighbour = graph.values(b);
            graph.step(1);
            double[] next = graph.values(a);
            double[] neighbourNext = graph.values(b);
            double bound = 5 / Math.sqrt((double) count);
            assertThat(product(now, next)).isCloseTo(0, offset(bound));
            assertThat(product(now, neighbour)).isCloseTo(0, offset(bound));
            assertThat(product(next, neighbour)).isCloseTo(0, offset(bound));
            assertThat(product(now, neighbourNext)).isCloseTo(0, offset(bound));
            assertThat(variance(now)).isCloseTo(1, offset(bound * 2));
            assertThat(Arrays.stream(now).average().orElseThrow()).isCloseTo(0, offset(bound));
        }
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum / a.length;
    }

    @Test
    void aNoiselessNetIsAtTheCentre() {
        try (TestGraph graph = new TestGraph()) {
            Net quiet = graph.net().noiseless();
            assertThat(graph.values(quiet.normal(2, 3))).containsOnly(0.0).hasSize(6);
            assertThat(graph.values(quiet.sub("a").again("b").at("c").uniform(4)))
                    .containsOnly(0.5)
                    .hasSize(4);
            assertThat(graph.values(graph.net().normal(4))).doesNotContain(0.0);
        }
    }

    @Test
    void denseIsALinearMapAndAnActivation() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1, 2, -3, 1}, 2, 2);
            Net net = graph.net().sub("fc");
            double[] linear = graph.values(Layers.dense(net, x, 3, Activation.LINEAR));
            double[] relu = graph.values(Layers.dense(net.again("relu"), x, 3, Activation.RELU));
            double[] tanh = graph.values(Layers.dense(net.again("tanh"), x, 3, Activation.TANH));
            double[] soft = graph.values(Layers.dense(net.again("soft"), x, 3, Activation.SOFTPLUS));
            assertThat(paths(graph.net())).containsExactly("fc/weights", "fc/bias");
            double[] w = graph.values(net.parameter("weights", RANDOM, 2, 3));
            double[] b = graph.values(net.parameter("bias", RANDOM, 3));
            double[][] rows = {{1, 2}, {-3, 1}};
            for (int i = 0; i < 6; i++) {
                int j = i % 3;
                double expected = rows[i / 3][0] * w[j] + rows[i / 3][1] * w[3 + j] + b[j];
                assertThat(linear[i]).isCloseTo(expected, offset(1e-6));
                assertThat(relu[i]).isCloseTo(Math.max(expected, 0), offset(1e-6));
                assertThat(tanh[i]).isCloseTo(Math.tanh(expected), offset(1e-6));
                assertThat(soft[i]).isCloseTo(Math.log1p(Math.exp(expected)), offset(1e-6));
            }
            Operand<TFloat32> deep = graph.floats(new double[8], 2, 2, 2);
            assertThatThrownBy(() -> Layers.dense(net.sub("no"), deep, 3, Activation.LINEAR))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[rows, inputs]");
            assertThat(Layers.flatten(graph.tf(), deep).shape().asArray()).containsExactly(2, 4);
        }
    }

    /** Moments, tails and the independence of neighbours, and of the two halves that come from the same pairs. */
    @Test
    void normalNoiseIsNormal() {
        int count = 200_000;
        try (TestGraph graph = new TestGraph(11)) {
            double[] x = graph.values(graph.net().normal(count / 4, 4));
            double[] moments = new double[5];
            double neighbours = 0;
            double halves = 0;
            int beyond = 0;
            for (int i = 0; i < count; i++) {
                for (int k = 1; k <= 4; k++) {
                    moments[k] += Math.pow(x[i], k) / count;
                }
                neighbours += x[i] * x[(i + 1) % count] / count;
                halves += x[i] * x[i] * x[(i + count / 2) % count] * x[(i + count / 2) % count] / count;
                beyond += Math.abs(x[i]) > 1.959964 ? 1 : 0;
            }
            // Five standard errors of each.
            assertThat(moments[1]).isCloseTo(0, offset(5 / Math.sqrt(count)));
            assertThat(moments[2]).isCloseTo(1, offset(5 * Math.sqrt(2.0 / count)));
            assertThat(moments[3]).isCloseTo(0, offset(5 * Math.sqrt(15.0 / count)));
            assertThat(moments[4]).isCloseTo(3, offset(5 * Math.sqrt(96.0 / count)));
            assertThat(neighbours).isCloseTo(0, offset(5 / Math.sqrt(count)));
            assertThat(halves).isCloseTo(1, offset(5 * Math.sqrt(8.0 * 2 / count)));
            assertThat(beyond / (double) count).isCloseTo(0.05, offset(5 * Math.sqrt(0.05 * 0.95 / count)));
        }
    }

    @Test
    void normalNoiseHasAnyShape() {
        try (TestGraph graph = new TestGraph()) {
            assertThat(graph.values(graph.net().normal(3, 5))).hasSize(15).doesNotHaveDuplicates();
            assertThat(graph.values(graph.net().normal(1))).hasSize(1);
            assertThat(graph.net().normal(2, 1, 3).shape().asArray()).containsExactly(2, 1, 3);
        }
    }
}
