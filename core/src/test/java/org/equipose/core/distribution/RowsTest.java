package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
