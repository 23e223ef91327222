package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Delta;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Pass;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What every {@link Model} promises. Extend, return your model made of small parts, and inherit the tests. */
public abstract class ModelTck {
    private static final int BATCH = 3;
    private static final int SAMPLES = 2;
    private static final int ROWS = SAMPLES * BATCH;
    private static final String PLACE = "model";

    /** For subclasses. */
    protected ModelTck() {}

    /** Returns the model under test, made of small components. */
    protected abstract Model model();

    /** Returns the size of the images; 16 × 16 in grey by default. */
    protected ImageSpec image() {
        return new ImageSpec(16, 16, 1);
    }

    /** Says whether the model takes images in colour; false by default. */
    protected boolean takesColour() {
        return false;
    }

    /** Says whether likelihood and divergences alone train the parameter at that path; true by default. */
    protected boolean trainsByItself(String parameterPath) {
        return true;
    }

    private Model placed() {
        return model().at(PLACE);
    }

    private Batch batch(GraphFixture graph, ImageSpec image) {
        Operand<TFloat32> images =
                graph.input(Pictures.blobs(BATCH, image), BATCH, image.height(), image.width(), image.channels());
        return model().needs().contains(Need.LABELS)
                ? new Batch(images, Optional.of(graph.tf().constant(new int[] {0, 1, 2})), List.of())
                : new Batch(images);
    }

    private Pass pass(GraphFixture graph, Net net) {
        return placed().pass(net, batch(graph, image()), SAMPLES);
    }

    private static Map<String, Operand<TFloat32>> parameters(Map<String, Latent> latents) {
        return latents.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().parameters()));
    }

    /** Checks that the model takes the images it is tested with. */
    @Test
    public void acceptsItsImages() {
        assertEquals(Optional.empty(), model().refuses(image()), "the model accepts " + image());
        assertFalse(model().defaultBound().isBlank(), "the model names a bound");
    }

    /** Checks that images in colour go through a model that takes them, and that another says why it does not. */
    @Test
    public void colourIsTakenOrRefused() {
        ImageSpec colour = new ImageSpec(image().height(), image().width(), 3);
        Optional<String> refusal = model().refuses(colour);
        assertEquals(!takesColour(), refusal.isPresent(), "refuses() is as takesColour() declares it, for " + colour);
        refusal.ifPresent(message -> Check.polite("a model that takes no colour", "3 channels", message));
        if (takesColour()) {
            try (GraphFixture graph = new GraphFixture()) {
                Pass pass = placed().pass(graph.net(), batch(graph, colour), SAMPLES);
                Check.shape("log-likelihoods are [samples, batch] in colour too", pass.logLikelihood(), SAMPLES, BATCH);
                Check.finite("likelihoods are finite in colour too", graph.fetch(pass.logLikelihood()));
            }
        }
    }

    /** Checks all shapes of a pass, with more than one draw per image. */
    @Test
    public void shapesOfAPass() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, graph.net());
            assertEquals(SAMPLES, pass.samples(), "a pass says how many draws it made");
            assertEquals(ROWS, pass.canvas().shape().get(0), "the canvas has samples·batch rows");
            assertEquals(4, pass.canvas().shape().numDimensions(), "the canvas is [rows, height, width, channels]");
            Check.shape(
                    "means of the likelihood are images",
                    pass.likelihood().mean(graph.tf()),
                    ROWS,
                    image().height(),
                    image().width(),
                    image().channels());
            Check.shape("log-likelihoods are [samples, batch]", pass.logLikelihood(), SAMPLES, BATCH);
            assertEquals(pass.latents().keySet(), pass.divergence().keySet(), "every latent has a divergence");
            pass.divergence()
                    .forEach((name, kl) ->
                            Check.shape("divergences are [samples, batch], that of " + name, kl, SAMPLES, BATCH));
            pass.latents().forEach((name, latent) -> {
                assertEquals(name, latent.name(), "a latent knows its name");
                Check.shape("log q is [rows], that of " + name, latent.logQ(), ROWS);
                assertEquals(ROWS, latent.draw().shape().get(0), "draws have samples·batch rows, those of " + name);
                assertEquals(
                        ROWS,
                        latent.parameters().shape().get(0),
                        "parameters have samples·batch rows, those of " + name);
                long rows = latent.posterior().mean(graph.tf()).shape().get(0);
                assertTrue(
                        rows == BATCH || rows == ROWS,
                        () -> "a posterior has one row per image, or per draw, that of " + name + " has " + rows);
            });
            pass.corrected()
                    .ifPresent(y -> assertEquals(
                            pass.canvas().shape(), y.shape(), "a corrected image has the shape of the canvas"));
            pass.diagnostics()
                    .forEach(number -> Check.shape("diagnostics are [batch], " + number.name(), number.value(), BATCH));
            List<Operand<TFloat32>> numbers = new ArrayList<>(pass.divergence().values());
            pass.diagnostics().forEach(number -> numbers.add(number.value()));
            numbers.add(pass.logLikelihood());
            graph.fetch(numbers).forEach(values -> Check.finite("likelihoods and divergences are finite", values));
        }
    }

    /** Checks the law of the SPI. */
    @Test
    public void aSecondPassFromAnyCallerAddsNoParameter() {
        try (GraphFixture graph = new GraphFixture()) {
            pass(graph, graph.net());
            List<String> before = graph.parameterPaths();
            assertFalse(before.isEmpty(), "a model has parameters");
            for (String path : before) {
                assertTrue(
                        path.startsWith(PLACE + "/"),
                        () -> "a model's parameters lie where it was placed, not at " + path);
            }
            String law = "a second pass, from any caller, adds no parameter";
            Pass again = pass(graph, graph.net().sub("objective").sub("mi"));
            assertEquals(before, graph.parameterPaths(), law);
            pass(graph, graph.net().again("evaluation").noiseless());
            assertEquals(before, graph.parameterPaths(), law);
            placed().prior(graph.net().sub("samples"), 4, image());
            assertEquals(before, graph.parameterPaths(), "drawing from the prior adds no parameter");
            placed().generate(graph.net().sub("picture"), parameters(again.latents()), image());
            assertEquals(before, graph.parameterPaths(), "generating adds no parameter");
        }
    }

    /** Checks that without noise every draw is a mean, and nothing depends on the step. */
    @Test
    public void aNoiselessPassIsDeterministic() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, graph.net().noiseless());
            List<Operand<TFloat32>> operands = new ArrayList<>(List.of(pass.canvas(), pass.logLikelihood()));
            pass.latents().values().forEach(latent -> {
                operands.add(latent.draw());
                Operand<TFloat32> mean = latent.posterior().mean(graph.tf());
                operands.add(
                        Rows.repeat(graph.tf(), mean, (int) (ROWS / mean.shape().get(0))));
            });
            List<float[]> first = graph.fetch(operands);
            graph.step(1);
            List<float[]> second = graph.fetch(operands);
            for (int i = 0; i < first.size(); i++) {
                Check.same("a noiseless pass does not depend on the step", first.get(i), second.get(i));
            }
            for (int i = 2; i < first.size(); i += 2) {
                Check.close("without noise a latent is at its mean", first.get(i + 1), first.get(i), 1e-5);
            }
        }
    }

    /** Checks that draws are keyed by the step, and that each draw of an image is another one. */
    @Test
    public void drawsDependOnTheStep() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, graph.net());
            for (Latent latent : pass.latents().values()) {
                graph.step(0);
                float[] first = graph.fetch(latent.draw());
                Check.same(
                        "the same step draws the same, bit for bit, " + latent.name(),
                        first,
                        graph.fetch(latent.draw()));
                if (latent.posterior() instanceof Delta) {
                    continue;
                }
                graph.step(1);
                assertFalse(
                        Check.equal(first, graph.fetch(latent.draw())),
                        Check.promise("another step draws anew, " + latent.name()));
                assertFalse(
                        Check.equal(
                                Arrays.copyOf(first, first.length / SAMPLES),
                                Arrays.copyOfRange(first, first.length / SAMPLES, first.length)),
                        Check.promise("the draws of one image differ, " + latent.name()));
            }
        }
    }

    /** Checks that a model seeded alike is alike, to the bit. */
    @Test
    public void theSameSeedGivesTheSameModel() {
        float[] first = logLikelihood(GraphFixture.SEED);
        Check.same("the same seed gives the same likelihoods, bit for bit", first, logLikelihood(GraphFixture.SEED));
        assertFalse(
                Check.equal(first, logLikelihood(GraphFixture.SEED + 1)),
                Check.promise("another seed gives other likelihoods"));
    }

    private float[] logLikelihood(long seed) {
        try (GraphFixture graph = new GraphFixture(seed)) {
            return graph.fetch(pass(graph, graph.net()).logLikelihood());
        }
    }

    /** Checks latents drawn from the priors. */
    @Test
    public void thePriorsCanBeDrawnFrom() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, graph.net());
            Map<String, Latent> drawn = placed().prior(graph.net().sub("samples"), 4, image());
            drawn.forEach((name, latent) -> {
                Latent inferred = pass.latents().get(name);
                assertTrue(inferred != null, () -> "a latent drawn from its prior is one of the pass, unlike " + name);
                Check.shape("drawn latents have the rows asked for, " + name, latent.logQ(), 4);
                Check.shape(
                        "drawn latents have the size of inferred ones, " + name,
                        latent.draw(),
                        4,
                        inferred.draw().shape().get(1));
                Check.shape(
                        "drawn parameters have the size of inferred ones, " + name,
                        latent.parameters(),
                        4,
                        inferred.parameters().shape().get(1));
                Check.finite("drawn latents are finite", graph.fetch(latent.parameters()));
            });
            Set<String> proper = pass.latents().values().stream()
                    .filter(latent -> latent.prior().isPresent())
                    .map(Latent::name)
                    .collect(Collectors.toSet());
            assertEquals(proper, drawn.keySet(), "every latent with a prior can be drawn from it, and no other");
        }
    }

    /** Checks that generate() does what pass() does with the same latents. */
    @Test
    public void generatingFromThePassGivesItsMeans() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, graph.net());
            Generated generated = placed().generate(graph.net().sub("picture"), parameters(pass.latents()), image());
            List<float[]> values = graph.fetch(
                    List.of(pass.likelihood().mean(graph.tf()), generated.image(), pass.canvas(), generated.canvas()));
            Check.close("generate() gives the means of the pass", values.get(0), values.get(1), 1e-5);
            Check.close("generate() gives the canvas of the pass", values.get(2), values.get(3), 1e-5);
        }
    }

    /** Checks that what is generated without a pose is in reference pose, u = 0. */
    @Test
    public void aMissingPoseIsTheIdentity() {
        try (GraphFixture graph = new GraphFixture()) {
            Map<String, Operand<TFloat32>> values =
                    new HashMap<>(parameters(pass(graph, graph.net()).latents()));
            assumeTrue(values.containsKey("u"), "this model has no pose");
            values.put("u", graph.tf().zerosLike(values.get("u")));
            Generated still = placed().generate(graph.net().sub("still"), values, image());
            values.remove("u");
            Generated without = placed().generate(graph.net().sub("without"), values, image());
            List<float[]> images = graph.fetch(List.of(still.image(), without.image()));
            Check.same("a missing pose is the identity", images.get(0), images.get(1));
        }
    }

    /** Checks that the likelihood scores the images of the batch, each with its own draws. */
    @Test
    public void theLogLikelihoodIsTheLikelihoodOfTheBatch() {
        try (GraphFixture graph = new GraphFixture()) {
            Pass pass = pass(graph, graph.net());
            List<float[]> values = graph.fetch(List.of(
                    pass.logLikelihood(),
                    pass.likelihood().logProb(graph.tf(), pass.batch().image())));
            Check.close("logLikelihood is likelihood.logProb(batch)", values.get(1), values.get(0), 1e-3);
        }
    }

    /** Checks that every parameter can learn from likelihood and divergences. */
    @Test
    public void theGradientReachesEveryParameter() {
        try (GraphFixture graph = new GraphFixture()) {
            Ops tf = graph.tf();
            Pass pass = pass(graph, graph.net());
            Operand<TFloat32> loss = tf.math.neg(pass.logLikelihood());
            for (Operand<TFloat32> kl : pass.divergence().values()) {
                loss = tf.math.add(loss, kl);
            }
            List<Parameter> parameters = graph.net().parameters().stream()
                    .filter(parameter -> trainsByItself(parameter.path()))
                    .toList();
            Check.reaches(graph, loss, parameters);
        }
    }
}
