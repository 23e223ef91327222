package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Term;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What every {@link Objective} promises. Extend, return your objective, and inherit the tests. */
public abstract class ObjectiveTck {
    private static final int BATCH = 4;
    private static final ImageSpec IMAGE = new ImageSpec(8, 8, 1);

    /** For subclasses. */
    protected ObjectiveTck() {}

    /** Returns the objective under test, built as a user would build it. */
    protected abstract Objective objective();

    /** Returns a model the objective makes sense with; {@link ToyModel} by default. */
    protected Model model() {
        return new ToyModel();
    }

    /** Returns the priors of that model by role. */
    protected Map<String, Prior> priors() {
        return new ToyModel().priors();
    }

    /** Returns the images to test with; 8 × 8 in grey by default. */
    protected ImageSpec image() {
        return IMAGE;
    }

    /** Says whether the objective makes sense with a latent that is a point, of an improper prior; true by default. */
    protected boolean takesPoints() {
        return true;
    }

    /**
     * Says whether the gradient of the terms is that of their values; true by default. It is not where a gradient is passed
     * straight through a step, or part of a value is taken as a constant.
     */
    protected boolean isDifferentiable() {
        return true;
    }

    /** Everything an objective is given, and what it makes of it. */
    private record Built(Pass pass, List<Term> terms, Operand<TFloat32> total) {}

    private Built build(GraphFixture graph, Net net, int[] order) {
        return build(graph, net, order, model());
    }

    private Built build(GraphFixture graph, Net net, int[] order, Model model) {
        Objective objective = objective();
        Model placed = model.at("model");
        Pass pass = placed.pass(net.sub("train"), batch(graph, order), objective.samples());
        List<Term> terms = objective.terms(net.sub("objective"), placed, pass);
        Ops tf = graph.tf();
        Operand<TFloat32> total = tf.constant(0f);
        for (Term term : terms) {
            int[] axes = java.util.stream.IntStream.range(
                            0, term.value().shape().numDimensions())
                    .toArray();
            Operand<TFloat32> mean = tf.math.mean(term.value(), tf.constant(axes));
            if (term.weight().isPresent()) {
                total = tf.math.add(total, tf.math.mul(mean, term.weight().get()));
            }
        }
        return new Built(pass, terms, total);
    }

    private Batch batch(GraphFixture graph, int[] order) {
        float[] pixels = Pictures.blobs(BATCH, image());
        float[] ordered = new float[pixels.length];
        for (int i = 0; i < BATCH; i++) {
            System.arraycopy(pixels, order[i] * image().size(), ordered, i * image().size(), image().size());
        }
        Operand<TFloat32> images = graph.input(ordered, BATCH, image().height(), image().width(), image().channels());
        return model().needs().contains(Need.LABELS)
                ? new Batch(images, Optional.of(graph.tf().constant(order)), List.of())
                : new Batch(images);
    }

    private static final int[] IN_ORDER = {0, 1, 2, 3};

    /** Checks what the objective says of itself. */
    @Test
    public void acceptsTheModel() {
        assertTrue(objective().role() != null, "an objective has a role");
        assertTrue(objective().samples() >= 1, "an objective asks for at least one draw");
        assertEquals(
                Optional.empty(),
                objective().refuses(model(), priors()),
                "the objective accepts the model it is tested with");
    }

    /** Checks that a point is taken, and then scored by finite numbers, or that the objective says why it is not. */
    @Test
    public void aPointIsTakenOrRefused() {
        assumeTrue(model() instanceof ToyModel, "this objective needs a model of its own");
        ToyModel pointed = ToyModel.withAPointPose();
        Optional<String> refusal = objective().refuses(pointed, pointed.priors());
        assertEquals(!takesPoints(), refusal.isPresent(), "refuses() is as takesPoints() declares it");
        refusal.ifPresent(message -> Check.polite("an objective that takes no points", "pose-prior", message));
        if (takesPoints()) {
            try (GraphFixture graph = new GraphFixture()) {
                for (Term term : build(graph, graph.net(), IN_ORDER, pointed).terms()) {
                    String promise = "term " + term.name() + " is finite with a pose that is a point";
                    Check.finite(promise, graph.fetch(term.value()));
                }
            }
        }
    }

    /** Checks names and shapes of the terms. */
    @Test
    public void termsAreNamedAndPerImage() {
        try (GraphFixture graph = new GraphFixture()) {
            List<Term> terms = build(graph, graph.net(), IN_ORDER).terms();
            assertFalse(terms.isEmpty(), "an objective has at least one term");
            Set<String> names = new HashSet<>();
            for (Term term : terms) {
                assertTrue(
                        term.name().matches("[a-z][a-z0-9_]*"),
                        () -> "a term's name is lower case with underscores, not " + term.name());
                assertTrue(names.add(term.name()), () -> "two terms are both called " + term.name());
                long[] shape = term.value().shape().asArray();
                assertTrue(
                        shape.length == 0 || (shape.length == 1 && shape[0] == BATCH),
                        () -> "a term is [batch] or a scalar, unlike " + term.name() + ", "
                                + term.value().shape());
                term.weight()
                        .ifPresent(weight -> assertArrayEquals(
                                new long[0], weight.shape().asArray(), "a weight is a scalar, that of " + term.name()));
            }
        }
    }

    /** Checks that nothing is infinite or undefined, in several steps. */
    @Test
    public void termsAreFinite() {
        try (GraphFixture graph = new GraphFixture()) {
            Built built = build(graph, graph.net(), IN_ORDER);
            for (int step = 0; step < 5; step++) {
                graph.step(step);
                for (Term term : built.terms()) {
                    Check.finite("term " + term.name() + " is finite in step " + step, graph.fetch(term.value()));
                    if (term.weight().isPresent()) {
                        String promise = "weight of " + term.name() + " is finite in step " + step;
                        Check.finite(promise, graph.fetch(term.weight().get()));
                    }
                }
            }
        }
    }

    /** Checks that the order of the images in a batch does not count; without noise, which is drawn by place. */
    @Test
    public void theOrderOfTheBatchDoesNotCount() {
        float[] one = total(IN_ORDER);
        float[] other = total(new int[] {2, 0, 3, 1});
        Check.close("the total does not depend on the order of the images", one, other, 1e-4 * (1 + Math.abs(one[0])));
    }

    private float[] total(int[] order) {
        try (GraphFixture graph = new GraphFixture()) {
            return graph.fetch(build(graph, graph.net().noiseless(), order).total());
        }
    }

    /** Checks that the model has something to learn from, and that no gradient is infinite or undefined. */
    @Test
    public void somethingFlowsToTheModel() {
        try (GraphFixture graph = new GraphFixture()) {
            Built built = build(graph, graph.net(), IN_ORDER);
            graph.step(1000); // a weight may grow from zero
            List<Operand<TFloat32>> values = graph.net().parameters().stream()
                    .filter(parameter -> parameter.path().startsWith("model/"))
                    .map(Parameter::value)
                    .toList();
            double largest = 0;
            for (Optional<float[]> gradient : graph.gradients(built.total(), values)) {
                if (gradient.isPresent()) {
                    Check.finite("gradients are finite", gradient.get());
                    largest = Math.max(largest, Check.distance(gradient.get(), new float[gradient.get().length]));
                }
            }
            assertTrue(largest > 0, Check.promise("a gradient flows from the objective to the model"));
        }
    }

    /** Checks the derivative along a random direction in the space of all parameters. */
    @Test
    public void theGradientIsTheFiniteDifference() {
        assumeTrue(isDifferentiable(), "this objective declares that its gradient is not that of its value");
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> total = build(graph, graph.net(), IN_ORDER).total();
            graph.step(1000); // a weight may grow from zero
            List<Operand<TFloat32>> by =
                    graph.net().parameters().stream().map(Parameter::value).toList();
            List<Optional<float[]>> gradients = graph.gradients(total, by);
            List<float[]> values = graph.fetch(by);
            List<float[]> directions = new ArrayList<>();
            int count = 0;
            for (float[] value : values) {
                directions.add(Check.normal(value.length, 1, 70 + directions.size()));
                count += value.length;
            }
            double h = 1e-2 / Math.sqrt(count); // a step of length 0.01
            double difference =
                    (moved(graph, total, by, values, directions, h) - moved(graph, total, by, values, directions, -h))
                            / (2 * h);
            float[] gradient = new float[count];
            float[] direction = new float[count];
            int at = 0;
            for (int i = 0; i < by.size(); i++) {
                int length = values.get(i).length;
                System.arraycopy(gradients.get(i).orElse(new float[length]), 0, gradient, at, length);
                System.arraycopy(directions.get(i), 0, direction, at, length);
                at += length;
            }
            Check.slope("the gradient of the total is the finite difference", gradient, direction, difference);
        }
    }

    private static double moved(
            GraphFixture graph,
            Operand<TFloat32> total,
            List<Operand<TFloat32>> by,
            List<float[]> values,
            List<float[]> directions,
            double h) {
        for (int i = 0; i < by.size(); i++) {
            graph.set(by.get(i), Check.along(values.get(i), h, directions.get(i)));
        }
        return graph.fetch(total)[0];
    }

    /** Checks that the objective leaves the model's parameters and its draws as they are without it. */
    @Test
    public void doesNotDisturbTheModel() {
        try (GraphFixture graph = new GraphFixture();
                GraphFixture alone = new GraphFixture()) {
            Pass undisturbed = model().at("model")
                    .pass(
                            alone.net().sub("train"),
                            batch(alone, IN_ORDER),
                            objective().samples());
            Built built = build(graph, graph.net(), IN_ORDER);
            List<String> own = graph.parameterPaths().stream()
                    .filter(path -> path.startsWith("model/"))
                    .toList();
            assertEquals(alone.parameterPaths(), own, "an objective adds no parameter to the model");
            Check.same(
                    "an objective does not change what the pass draws",
                    alone.fetch(undisturbed.logLikelihood()),
                    graph.fetch(built.pass().logLikelihood()));
        }
    }

    /** Checks that the same step gives the same terms. */
    @Test
    public void theSameStepGivesTheSameTerms() {
        float[] first;
        try (GraphFixture graph = new GraphFixture()) {
            graph.step(3);
            first = graph.fetch(build(graph, graph.net(), IN_ORDER).total());
        }
        try (GraphFixture graph = new GraphFixture()) {
            graph.step(3);
            Check.same(
                    "the same seed and step give the same total, bit for bit",
                    first,
                    graph.fetch(build(graph, graph.net(), IN_ORDER).total()));
        }
    }
}
