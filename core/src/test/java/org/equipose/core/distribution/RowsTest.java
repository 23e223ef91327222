package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.equipose.core.graph.CustomGradient;
import org.equipose.core.graph.TestGraph;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class RowsTest {

    @Test
    void repeatsAllRowsInTurn() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1, 2, 3, 4}, 2, 2);
            assertThat(graph.values(Rows.repeat(graph.tf(), x, 3))).containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4);
            assertThat(Rows.repeat(graph.tf(), x, 1)).isSameAs(x);
        }
    }

    @Test
    void matchesEitherSide() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> two = graph.floats(new double[] {1, 2}, 2, 1);
            Operand<TFloat32> six = graph.floats(new double[6], 6, 1);
            assertThat(graph.values(Rows.match(graph.tf(), two, six))).containsExactly(1, 2, 1, 2, 1, 2);
            assertThat(Rows.match(graph.tf(), six, two)).isSameAs(six);
        }
    }

    @Test
    void refusesRowsThatDoNotFit() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> two = graph.floats(new double[2], 2, 1);
            Operand<TFloat32> three = graph.floats(new double[3], 3, 1);
            assertThatThrownBy(() -> Rows.match(graph.tf(), two, three))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rows do not match");
        }
    }

    @Test
    void givesTheSampleAnAxisOfItsOwn() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1, 2, 3, 4, 5, 6}, 6);
            Operand<TFloat32> bySample = Rows.bySample(graph.tf(), x, 2);
            assertThat(bySample.shape().asArray()).containsExactly(2, 3);
            assertThat(graph.values(bySample)).containsExactly(1, 2, 3, 4, 5, 6);
            Operand<TFloat32> weights = graph.floats(new double[] {7, 8, 9, 10, 11, 12}, 2, 3);
            assertThat(graph.gradient(graph.tf().math.mul(bySample, weights), x))
                    .containsExactly(7, 8, 9, 10, 11, 12);
        }
    }

    @Test
    void averagesTheFirstAxis() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> x = graph.floats(new double[] {1, 2, 3, 5, 7, 9}, 2, 3);
            Operand<TFloat32> mean = Rows.mean(graph.tf(), x);
            assertThat(graph.values(mean)).containsExactly(3, 4.5, 6);
            Operand<TFloat32> weights = graph.floats(new double[] {2, 4, 6}, 3);
            assertThat(graph.gradient(graph.tf().math.mul(mean, weights), x)).containsExactly(1, 2, 3, 1, 2, 3);

            Operand<TFloat32> line = graph.floats(new double[] {1, 2, 3, 6}, 4);
            assertThat(graph.values(Rows.mean(graph.tf(), line))).containsExactly(3);
            assertThat(graph.gradient(Rows.mean(graph.tf(), line), line)).containsExactly(0.25, 0.25, 0.25, 0.25);
        }
    }

    /** With the mean over rows that are alike a scalar will do; with weights it will not. */
    @Test
    void aGradientThatIsTheSameForAllRowsIsAScalar() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> mean = Rows.mean(graph.tf(), scored(graph));
            assertThat(graph.gradient(graph.tf().math.neg(mean), rows)).containsExactly(-2, -3, -2, -3);
            assertThat(shared).isTrue();

            Operand<TFloat32> weights = graph.floats(new double[] {10, 100}, 2);
            assertThat(graph.gradient(graph.tf().math.mul(scored(graph), weights), rows))
                    .containsExactly(40, 60, 400, 600);
            assertThat(shared).isFalse();
        }
    }

    private Operand<TFloat32> rows;
    private boolean shared;

    /** Multiplies each of two rows by (4, 6), summed over the event and seen as one sample of a batch. */
    private Operand<TFloat32> scored(TestGraph graph) {
        rows = graph.floats(new double[] {1, 2, 3, 4}, 2, 2);
        Operand<TFloat32> slope = graph.floats(new double[] {4, 6}, 1, 2);
        Operand<TFloat32> value = Rows.sum(graph.tf(), graph.tf().math.mul(rows, slope));
        long[] dimensions = Rows.perRow(2, rows.shape());
        Operand<TFloat32> score = CustomGradient.of(graph.tf(), value, List.of(rows), (t, gradient) -> {
            Operand<TFloat32> g = Rows.perRow(t, gradient, dimensions);
            shared = !g.op().type().equals("Reshape");
            Operand<TFloat32> both = t.concat(List.of(slope, slope), t.constant(0));
            return List.of(t.math.mul(both, g));
        });
        return Rows.mean(graph.tf(), Rows.bySample(graph.tf(), score, 1));
    }
}
