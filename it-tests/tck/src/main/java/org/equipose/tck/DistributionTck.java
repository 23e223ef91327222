package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.graph.Net;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What every {@link Distribution} with a density promises. Extend and return a law over events of one or two numbers; so
 * few that its density can be integrated.
 */
public abstract class DistributionTck {
    private static final int DRAWS = 20_000;
    private static final int LAWS = 2;

    /** For subclasses. */
    protected DistributionTck() {}

    /** Returns the number of coordinates of an event, 1 or 2. */
    protected abstract int size();

    /**
     * Returns the parameters of two different laws, for each parameter {@code 2 · size} numbers: first those of the first
     * law.
     */
    protected abstract List<float[]> parameters();

    /**
     * Builds the law under test.
     *
     * @param parameters in the order of {@link #parameters}, {@code [rows, size]} each
     */
    protected abstract Distribution law(Ops tf, List<Operand<TFloat32>> parameters);

    /** Returns the values a coordinate can take; empty, the default, for a law with a density. */
    protected float[] support() {
        return new float[0];
    }

    /** Returns which parameter moves draws by as much as it changes itself; the first by default. */
    protected OptionalInt location() {
        return OptionalInt.of(0);
    }

    /** Says whether the divergence from another law of the family has a closed form; true by default. */
    protected boolean hasDivergence() {
        return true;
    }

    /** Says whether the law factorises, so that it has marginals; true by default. */
    protected boolean hasMarginals() {
        return true;
    }

    /** Returns another law of one row that the law has a closed-form divergence from, if any; itself is always tried. */
    protected Optional<Distribution> reference(Ops tf) {
        return Optional.empty();
    }

    private boolean discrete() {
        return support().length > 0;
    }

    /** The laws of the given rows, and the operands that hold their parameters. */
    private record Laws(Distribution law, List<Operand<TFloat32>> parameters) {}

    private Laws both(GraphFixture graph) {
        List<Operand<TFloat32>> operands = new ArrayList<>();
        parameters().forEach(values -> operands.add(graph.input(values, LAWS, size())));
        return new Laws(law(graph.tf(), operands), operands);
    }

    private Laws one(GraphFixture graph, int index) {
        List<Operand<TFloat32>> operands = new ArrayList<>();
        for (float[] values : parameters()) {
            operands.add(
                    graph.input(java.util.Arrays.copyOfRange(values, index * size(), (index + 1) * size()), 1, size()));
        }
        return new Laws(law(graph.tf(), operands), operands);
    }

    /** Checks shapes of mean, draws and log-densities, for several draws of several rows. */
    @Test
    public void shapesAreSampleMajor() {
        try (GraphFixture graph = new GraphFixture()) {
            Distribution law = both(graph).law();
            Check.shape("the mean is [rows, event]", law.mean(graph.tf()), LAWS, size());
            Distribution.Draw draw = law.draw(graph.net(), 3);
            Check.shape("draws are [times·rows, event]", draw.value(), 3 * LAWS, size());
            Check.shape("log-densities of draws are [times·rows]", draw.logProb(), 3 * LAWS);
            Check.shape("log-densities of values are [n]", law.logProb(graph.tf(), draw.value()), 3 * LAWS);
            Operand<TFloat32> single =
                    graph.input(graph.fetch(one(graph, 0).law().mean(graph.tf())), 1, size());
            Check.shape("one value is scored under every row", law.logProb(graph.tf(), single), LAWS);
        }
    }

    /** Checks that a draw is scored as its value would be. */
    @Test
    public void drawsKnowTheirDensity() {
        try (GraphFixture graph = new GraphFixture()) {
            Distribution law = both(graph).law();
            Distribution.Draw draw = law.draw(graph.net(), 50);
            List<float[]> values = graph.fetch(List.of(draw.logProb(), law.logProb(graph.tf(), draw.value())));
            Check.finite("log-densities are finite", values.get(0));
            Check.close("a draw's log-density is that of its value", values.get(1), values.get(0), 2e-3);
        }
    }

    /** Checks the mean of many draws, row by row. */
    @Test
    public void theMeanIsThatOfTheDraws() {
        try (GraphFixture graph = new GraphFixture()) {
            Distribution law = both(graph).law();
            List<float[]> values = graph.fetch(
                    List.of(law.mean(graph.tf()), law.draw(graph.net(), DRAWS).value()));
            float[] draws = values.get(1);
            int width = LAWS * size();
            for (int j = 0; j < width; j++) {
                Sample sample = Sample.of(draws, j, width);
                sample.covers("the mean of draws is the mean", values.get(0)[j], 1e-5);
            }
        }
    }

    /** Mean and standard error of numbers that came out by chance. */
    private record Sample(double mean, double error) {
        static Sample of(float[] values, int offset, int stride) {
            double sum = 0;
            double squares = 0;
            int count = 0;
            for (int i = offset; i < values.length; i += stride) {
                sum += values[i];
                squares += (double) values[i] * values[i];
                count++;
            }
            double mean = sum / count;
            return new Sample(mean, Math.sqrt(Math.max(0, squares / count - mean * mean) / count));
        }

        /** Five standard errors: wrong once in two million by chance, and the seed is fixed. */
        void covers(String promise, double expected, double rounding) {
            if (!(Math.abs(expected - mean) <= 5 * error + rounding)) {
                fail(Check.promise(promise) + ": expected " + expected + " but the draws say " + mean + " ± " + error);
            }
        }
    }

    /** Checks that the density integrates, or the probabilities add up, to one, for both laws. */
    @Test
    public void theLawIsNormalised() {
        for (int index = 0; index < LAWS; index++) {
            try (GraphFixture graph = new GraphFixture()) {
                Distribution law = one(graph, index).law();
                double[][] points = new double[size()][];
                double cell = 1;
                for (int j = 0; j < size(); j++) {
                    points[j] = discrete() ? widened(support()) : range(graph, law, j);
                    cell *= discrete() ? 1 : points[j][1] - points[j][0];
                }
                float[] grid = grid(points);
                Operand<TFloat32> at = graph.input(grid, grid.length / size(), size());
                double sum = 0;
                for (float logProb : graph.fetch(law.logProb(graph.tf(), at))) {
                    sum += Math.exp(logProb) * cell;
                }
                double tolerance = discrete() ? 1e-4 : 5e-3;
                assertEquals(1, sum, tolerance, Check.promise("law " + index + " is normalised"));
            }
        }
    }

    private static double[] widened(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** Midpoints of cells over twelve standard deviations around the mean. */
    private double[] range(GraphFixture graph, Distribution law, int coordinate) {
        float[] draws = graph.fetch(law.draw(graph.net(), 2000).value());
        Sample sample = Sample.of(draws, coordinate, size());
        double deviation = sample.error() * Math.sqrt(2000);
        int cells = size() == 1 ? 20_001 : 701;
        double width = 24 * deviation / cells;
        return IntStream.range(0, cells)
                .mapToDouble(i -> sample.mean() - 12 * deviation + (i + 0.5) * width)
                .toArray();
    }

    private static float[] grid(double[][] points) {
        int rows = 1;
        for (double[] axis : points) {
            rows *= axis.length;
        }
        float[] grid = new float[rows * points.length];
        for (int row = 0; row < rows; row++) {
            int rest = row;
            for (int j = 0; j < points.length; j++) {
                grid[row * points.length + j] = (float) points[j][rest % points[j].length];
                rest /= points[j].length;
            }
        }
        return grid;
    }

    /** Checks the closed form of the divergence, where there is one, against draws; and that it is zero from itself. */
    @Test
    public void theDivergenceIsThatOfTheDraws() {
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Distribution law = one(graph, 0).law();
            List<Distribution> others = new ArrayList<>(List.of(one(graph, 1).law()));
            assertEquals(
                    hasDivergence(), law.kl(tf, others.get(0)).isPresent(), "kl() is as hasDivergence() declares it");
            reference(tf).ifPresent(others::add);
            for (Distribution other : others) {
                Optional<Operand<TFloat32>> closed = law.kl(tf, other);
                if (closed.isPresent()) {
                    Check.shape("a divergence is [rows]", closed.get(), 1);
                    Distribution.Draw draw = law.draw(graph.net(), DRAWS);
                    Operand<TFloat32> ratio = tf.math.sub(draw.logProb(), other.logProb(tf, draw.value()));
                    List<float[]> values = graph.fetch(List.of(closed.get(), ratio));
                    assertTrue(values.get(0)[0] >= -1e-5, Check.promise("a divergence is not negative"));
                    Sample.of(values.get(1), 0, 1)
                            .covers("the closed form of the divergence is that of the draws", values.get(0)[0], 1e-4);
                }
            }
            reference(tf)
                    .ifPresent(other -> assertTrue(
                            law.kl(tf, other).isPresent(), "the divergence from the reference has a closed form"));
            assumeTrue(hasDivergence(), "this law declares no closed form of its divergence");
            float[] itself = graph.fetch(law.kl(tf, law).orElseThrow());
            Check.close("the divergence from itself is zero", new float[1], itself, 1e-5);
        }
    }

    /** Checks the closed form of the entropy, where there is one, against draws, and its derivatives. */
    @Test
    public void theEntropyIsThatOfTheDraws() {
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Distribution law = one(graph, 0).law();
            assumeTrue(law.entropy(tf).isPresent(), "this law knows no closed form of its entropy");
            Operand<TFloat32> entropy = law.entropy(tf).orElseThrow();
            Check.shape("an entropy is [rows]", entropy, 1);
            Operand<TFloat32> surprise =
                    tf.math.neg(law.draw(graph.net(), DRAWS).logProb());
            List<float[]> values = graph.fetch(List.of(entropy, surprise));
            Sample.of(values.get(1), 0, 1).covers("the entropy is that of the draws", values.get(0)[0], 1e-4);
            Laws laws = both(graph);
            laws.law().entropy(tf).ifPresent(all -> slopes(graph, "entropy", all, laws.parameters()));
        }
    }

    /** Checks the derivatives of log-density and divergence by every parameter. */
    @Test
    public void gradientsAreFiniteDifferences() {
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Laws laws = both(graph);
            float[] values = graph.fetch(laws.law().draw(graph.net(), 4).value());
            Operand<TFloat32> logProb = laws.law().logProb(tf, graph.input(values, 4 * LAWS, size()));
            slopes(graph, "log-density", logProb, laws.parameters());
            laws.law().kl(tf, one(graph, 1).law()).ifPresent(kl -> slopes(graph, "divergence", kl, laws.parameters()));
        }
    }

    private void slopes(GraphFixture graph, String what, Operand<TFloat32> y, List<Operand<TFloat32>> by) {
        List<Optional<float[]>> gradients = graph.gradients(y, by);
        double h = 2e-3;
        for (int k = 0; k < by.size(); k++) {
            float[] values = parameters().get(k);
            float[] direction = Check.normal(values.length, 1, 50 + k);
            graph.set(by.get(k), Check.along(values, h, direction));
            double up = sum(graph.fetch(y));
            graph.set(by.get(k), Check.along(values, -h, direction));
            double down = sum(graph.fetch(y));
            graph.set(by.get(k), values);
            String promise = "the derivative of the " + what + " by parameter " + k + " is the finite difference";
            float[] gradient = gradients.get(k).orElse(new float[values.length]);
            Check.slope(promise, gradient, direction, (up - down) / (2 * h));
        }
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** Checks that a draw follows its parameters, as training needs. */
    @Test
    public void drawsAreReparametrised() {
        try (GraphFixture graph = new GraphFixture()) {
            Laws laws = both(graph);
            Operand<TFloat32> draws = laws.law().draw(graph.net(), 10).value();
            if (location().isPresent()) {
                Operand<TFloat32> parameter = laws.parameters().get(location().getAsInt());
                float[] gradient = graph.gradient(draws, parameter)
                        .orElseGet(() -> fail(Check.promise("a gradient flows from draws to their location")));
                float[] ten = new float[gradient.length];
                java.util.Arrays.fill(ten, 10);
                Check.close("each of ten draws moves with its location", ten, gradient, 1e-3);
            }
            if (!discrete()) {
                float[] weights = Check.normal(10 * LAWS * size(), 1, 60);
                Operand<TFloat32> weight = graph.input(weights, 10 * LAWS, size());
                slopes(graph, "draws with fixed noise", graph.tf().math.mul(draws, weight), laws.parameters());
            }
        }
    }

    /** Checks that marginals, where the law factorises, add up to the whole. */
    @Test
    public void marginalsAddUp() {
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Distribution law = both(graph).law();
            assertEquals(
                    hasMarginals(), law.marginal(tf, 0, 1).isPresent(), "marginal() is as hasMarginals() declares it");
            assumeTrue(hasMarginals(), "this law declares that it does not factorise");
            Operand<TFloat32> value = law.draw(graph.net(), 5).value();
            List<Operand<TFloat32>> all = new ArrayList<>(List.of(law.logProb(tf, value)));
            for (int j = 0; j < size(); j++) {
                Operand<TFloat32> column =
                        tf.slice(value, tf.constant(new int[] {0, j}), tf.constant(new int[] {-1, 1}));
                Distribution part = law.marginal(tf, j, j + 1).orElseThrow();
                Check.shape("a marginal has the coordinates asked for", part.mean(tf), LAWS, 1);
                all.add(part.logProb(tf, column));
            }
            List<float[]> values = graph.fetch(all);
            float[] added = new float[5 * LAWS];
            values.subList(1, values.size()).forEach(part -> {
                for (int i = 0; i < added.length; i++) {
                    added[i] += part[i];
                }
            });
            Check.close("the log-densities of the marginals add up to the whole", values.get(0), added, 1e-4);
        }
    }

    /** Checks that noise is what the net says, so that a resumed run draws what the undisturbed run would have drawn. */
    @Test
    public void drawsDependOnTheStep() {
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("draw");
            Operand<TFloat32> draws = both(graph).law().draw(net, 50).value();
            float[] first = graph.fetch(draws);
            Check.same("the same step draws the same", first, graph.fetch(draws));
            graph.step(1);
            assertTrue(!Check.equal(first, graph.fetch(draws)), Check.promise("the next step draws anew"));
        }
    }
}
