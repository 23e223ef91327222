package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Prior;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What every {@link Prior} promises. Extend, return your prior, and inherit the tests. */
public abstract class PriorTck {
    private static final int ROWS = 5;

    /** For subclasses. */
    protected PriorTck() {}

    /** Returns the prior under test, built as a user would build it. */
    protected abstract Prior prior();

    /** Returns the number of parameters that the model eats; 6 by default, as many as an affine pose has. */
    protected int parameters() {
        return 6;
    }

    /** Says whether the prior is a law that can be drawn from, not improper; true by default. */
    protected boolean proper() {
        return true;
    }

    private int latentSize() {
        return prior().latentSize(parameters());
    }

    private Optional<Distribution> law(GraphFixture graph) {
        return prior().over(graph.net().sub("prior"), latentSize());
    }

    private Distribution properLaw(GraphFixture graph) {
        assumeTrue(proper(), "an improper prior cannot be drawn from");
        return law(graph).orElseGet(() -> fail("over() is as proper() declares it"));
    }

    /** Checks that there is a latent at all, of a fixed size. */
    @Test
    public void theLatentHasAFixedSize() {
        assertTrue(latentSize() > 0, "latentSize(" + parameters() + ") is positive but was " + latentSize());
        assertEquals(latentSize(), latentSize(), "latentSize is the same every time");
    }

    /** Checks that without a law the posterior is a point: a spread-out one would have an infinite divergence. */
    @Test
    public void anImproperPriorGoesWithAPoint() {
        try (GraphFixture graph = new GraphFixture()) {
            boolean proper = law(graph).isPresent();
            assertEquals(proper(), proper, "over() is as proper() declares it");
            if (!proper) {
                assertEquals(Family.DELTA, prior().posterior(), "an improper prior asks for a DELTA posterior");
            }
        }
    }

    /** Checks the shape of the law. */
    @Test
    public void theLawIsOneRow() {
        try (GraphFixture graph = new GraphFixture()) {
            Check.shape("over() is one row", properLaw(graph).mean(graph.tf()), 1, latentSize());
        }
    }

    /** Checks draws, and that they are scored as logProb scores them. */
    @Test
    public void drawsKnowTheirDensity() {
        try (GraphFixture graph = new GraphFixture()) {
            Distribution law = properLaw(graph);
            Distribution.Draw draw = law.draw(graph.net().sub("draw"), ROWS);
            Check.shape("draws are [rows, latentSize]", draw.value(), ROWS, latentSize());
            Check.shape("log-densities are [rows]", draw.logProb(), ROWS);
            List<float[]> values =
                    graph.fetch(List.of(draw.logProb(), law.logProb(graph.tf(), draw.value()), draw.value()));
            Check.finite("draws are finite", values.get(2));
            Check.close("a draw's log-density is that of its value", values.get(1), values.get(0), 1e-3);
        }
    }

    /** Checks that latents become parameters of the right shape, row by row. */
    @Test
    public void pushMakesParameters() {
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("prior");
            float[] latents = Check.normal(ROWS * latentSize(), 1, 1);
            Operand<TFloat32> latent = graph.input(latents, ROWS, latentSize());
            Operand<TFloat32> pushed = prior().push(net, latent, parameters());
            Check.shape("push makes [rows, parameters]", pushed, ROWS, parameters());
            float[] before = graph.fetch(pushed);
            Check.finite("parameters are finite", before);
            latents = latents.clone();
            for (int j = 0; j < latentSize(); j++) {
                latents[j] += 1;
            }
            graph.set(latent, latents);
            float[] after = graph.fetch(pushed);
            assertFalse(Check.equal(row(before, 0), row(after, 0)), Check.promise("parameters depend on their latent"));
            for (int row = 1; row < ROWS; row++) {
                Check.close("parameters depend on their own latent only", row(before, row), row(after, row), 1e-6);
            }
        }
    }

    private float[] row(float[] values, int row) {
        return java.util.Arrays.copyOfRange(values, row * parameters(), (row + 1) * parameters());
    }

    /** Checks that whatever is fitted can learn, from the density or from the parameters. */
    @Test
    public void theGradientReachesEveryParameter() {
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Net net = graph.net().sub("prior");
            Operand<TFloat32> latent = graph.input(Check.normal(ROWS * latentSize(), 1, 1), ROWS, latentSize());
            Operand<TFloat32> pushed = prior().push(net, latent, parameters());
            Operand<TFloat32> weights = graph.input(Check.normal(ROWS * parameters(), 1, 2), ROWS, parameters());
            Operand<TFloat32> score = tf.sum(tf.math.mul(pushed, weights), tf.constant(1));
            if (proper()) {
                score = tf.math.add(score, properLaw(graph).logProb(tf, latent));
            }
            Check.reaches(graph, score, List.copyOf(graph.net().parameters()));
        }
    }

    /** Checks that asking again makes no new parameter. */
    @Test
    public void aSecondUseAddsNoParameter() {
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("prior");
            Operand<TFloat32> latent = graph.input(new float[ROWS * latentSize()], ROWS, latentSize());
            prior().over(net, latentSize());
            prior().push(net, latent, parameters());
            List<String> before = graph.parameterPaths();
            prior().over(net.again("once-more"), latentSize());
            prior().push(net.again("once-more"), latent, parameters());
            assertEquals(before, graph.parameterPaths(), "a second use of a prior adds no parameter");
        }
    }
}
