package com.example.swirl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.PoseTransformTck;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class SwirlTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new Swirl();
    }

    /** Points on the x axis turn by π/16, π/2, any, π/2, π/16: at the radius, 0.5, half of the half turn is left. */
    @Test
    void halfOfTheTurnIsLeftAtTheRadius() {
        Swirl swirl = new Swirl(new Swirl.Settings(0.5));
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> halfTurn = graph.input(new float[] {(float) Math.PI}, 1, 1);
            Displacement look = swirl.warp(graph.net(), halfTurn, new Grid(1, 5));
            float edge = (float) (1 - Math.cos(Math.PI / 16));
            float rise = (float) Math.sin(Math.PI / 16);
            assertArrayEquals(new float[] {edge, 0.5f, 0, -0.5f, -edge}, graph.fetch(look.x()), 1e-6f);
            // Clockwise: the point on the right shows what was above, where y is negative.
            assertArrayEquals(new float[] {rise, 0.5f, 0, -0.5f, -rise}, graph.fetch(look.y()), 1e-6f);
        }
    }
}
