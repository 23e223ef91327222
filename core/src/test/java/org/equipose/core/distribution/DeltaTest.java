package org.equipose.core.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import org.equipose.core.graph.TestGraph;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class DeltaTest {

    @Test
    void drawsAreThePoint() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> point = graph.floats(new double[] {1, 2, 3, 4}, 2, 2);
            Delta law = new Delta(point);
            Distribution.Draw draw = law.draw(graph.net(), 2);
            assertThat(graph.values(draw.value())).containsExactly(1, 2, 3, 4, 1, 2, 3, 4);
            assertThat(graph.values(draw.logProb())).containsExactly(0, 0, 0, 0);
            assertThat(graph.values(law.mean(graph.tf()))).containsExactly(1, 2, 3, 4);
            assertThat(graph.gradient(draw.value(), point)).containsOnly(2.0);
        }
    }

    @Test
    void densityAndDivergenceCountAsZero() {
        try (TestGraph graph = new TestGraph()) {
            Delta law = new Delta(graph.floats(new double[] {1, 2, 3, 4}, 2, 2));
            Operand<TFloat32> elsewhere = graph.floats(new double[12], 6, 2);
            assertThat(graph.values(law.logProb(graph.tf(), elsewhere))).containsExactly(0, 0, 0, 0, 0, 0);
            assertThat(graph.values(
                            law.kl(graph.tf(), Normal.standard(graph.tf(), 2)).orElseThrow()))
                    .containsExactly(0, 0);
        }
    }

    @Test
    void marginalKeepsItsCoordinates() {
        try (TestGraph graph = new TestGraph()) {
            Delta law = new Delta(graph.floats(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
            Distribution part = law.marginal(graph.tf(), 1, 2).orElseThrow();
            assertThat(graph.values(part.mean(graph.tf()))).containsExactly(2, 5);
        }
    }
}
