package org.equipose.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class CustomGradientTest {

    /** Returns 3x and pretends that its slope is {@code slope}. */
    private static Operand<TFloat32> pretending(Ops tf, Operand<TFloat32> x, float slope) {
        return CustomGradient.of(
                tf,
                tf.math.mul(x, tf.constant(3f)),
                List.of(x),
                (t, gradient) -> List.of(t.math.mul(gradient, t.constant(slope))));
    }

    @Test
    void theRuleReplacesTheGradient() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1, 2}, 2);
            Operand<TFloat32> y = pretending(graph.tf(), x, 7);
            assertThat(graph.values(y)).containsExactly(3, 6);
            assertThat(graph.gradient(y, x)).containsExactly(7, 7);
            Operand<TFloat32> square = graph.tf().math.square(y);
            assertThat(graph.gradient(square, x)).containsExactly(2 * 3 * 7, 2 * 6 * 7);
        }
    }

    /** More than ten, where TensorFlow's own registration gives up, and each with a rule of its own. */
    @Test
    void everyUseHasItsOwnRule() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1}, 1);
            Operand<TFloat32> sum = x;
            for (int i = 1; i <= 15; i++) {
                Operand<TFloat32> y = pretending(graph.net().sub("same").ops(), x, i);
                assertThat(graph.gradient(y, x)).containsExactly(i);
                sum = graph.tf().math.add(sum, y);
            }
            assertThat(graph.gradient(sum, x)).containsExactly(1 + 120);
        }
    }

    @Test
    void oneValueMayBeUsedTwiceAndDifferentiatedTwice() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1}, 1);
            Operand<TFloat32> y = pretending(graph.tf(), x, 7);
            assertThat(graph.gradient(graph.tf().math.add(y, y), x)).containsExactly(14);
            assertThat(graph.gradient(y, x)).containsExactly(7);
        }
    }

    @Test
    void severalInputsGetTheirOwn() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> a = graph.floats(new double[] {1, 2}, 2);
            Operand<TFloat32> b = graph.floats(new double[] {5, 6}, 2);
            Operand<TFloat32> y = CustomGradient.of(
                    graph.tf(),
                    graph.tf().math.mul(a, b),
                    List.of(a, b),
                    (t, gradient) -> List.of(t.math.mul(gradient, b), t.math.mul(gradient, t.constant(-1f))));
            List<double[]> gradients = graph.gradients(y, List.of(a, b));
            assertThat(gradients.get(0)).containsExactly(5, 6);
            assertThat(gradients.get(1)).containsExactly(-1, -1);
        }
    }

    /** Operations of the two graphs carry the same names. */
    @Test
    void graphsDoNotMixTheirRules() {
        try (TestGraph one = new TestGraph();
                TestGraph two = new TestGraph()) {
            Operand<TFloat32> x = one.floats(new double[] {1}, 1);
            Operand<TFloat32> y = two.floats(new double[] {1}, 1);
            Operand<TFloat32> first = pretending(one.tf(), x, 7);
            Operand<TFloat32> second = pretending(two.tf(), y, 8);
            assertThat(first.op().name()).isEqualTo(second.op().name());
            assertThat(one.gradient(first, x)).containsExactly(7);
            assertThat(two.gradient(second, y)).containsExactly(8);
        }
    }

    @Test
    void closingOneGraphLeavesTheOthersAlone() {
        try (TestGraph staying = new TestGraph()) {
            Operand<TFloat32> x = staying.floats(new double[] {1}, 1);
            Operand<TFloat32> y = pretending(staying.tf(), x, 7);
            try (TestGraph passing = new TestGraph()) {
                pretending(passing.tf(), passing.floats(new double[] {1}, 1), 8);
            }
            assertThat(staying.gradient(y, x)).containsExactly(7);
        }
    }

    @Test
    void aForgottenRuleIsMissedLoudly() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1}, 1);
            Operand<TFloat32> y = pretending(graph.tf(), x, 7);
            CustomGradient.forget(graph.session().graph());
            assertThatThrownBy(() -> graph.gradient(y, x))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no gradient is known");
        }
    }

    @Test
    void closingAGraphForgetsItsRules() throws InterruptedException {
        WeakReference<Object> captured = useAndClose();
        for (int i = 0; i < 100 && captured.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(captured.get()).isNull();
    }

    /** Returns something that only the rule of a closed graph still knows. */
    private static WeakReference<Object> useAndClose() {
        Object witness = new Object();
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1}, 1);
            Operand<TFloat32> y = CustomGradient.of(graph.tf(), x, List.of(x), (t, gradient) -> {
                assertThat(witness).isNotNull();
                return List.of(gradient);
            });
            assertThat(graph.gradient(y, x)).containsExactly(1);
        }
        return new WeakReference<>(witness);
    }
}
