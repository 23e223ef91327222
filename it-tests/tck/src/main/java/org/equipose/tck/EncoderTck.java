package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Encoder;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** What every {@link Encoder} promises. Extend, return your encoder, and inherit the tests. */
public abstract class EncoderTck {
    private static final int ROWS = 3;
    private static final ImageSpec COLOUR = new ImageSpec(32, 32, 3);

    /** For subclasses. */
    protected EncoderTck() {}

    /** Returns the encoder under test, built as a user would build it. */
    protected abstract Encoder encoder();

    /** Says whether the encoder takes images in colour; true by default. */
    protected boolean takesColour() {
        return true;
    }

    /** Returns sizes of images that the encoder must take: by default 28 and 40 in grey, 32 in colour if it takes colour. */
    protected List<ImageSpec> images() {
        List<ImageSpec> grey = List.of(new ImageSpec(28, 28, 1), new ImageSpec(40, 40, 1));
        return takesColour() ? List.of(grey.get(0), COLOUR, grey.get(1)) : grey;
    }

    private Operand<TFloat32> features(GraphFixture graph, Net net, ImageSpec image) {
        float[] pixels = Pictures.noise(ROWS, image);
        return encoder().features(net, graph.input(pixels, ROWS, image.height(), image.width(), image.channels()));
    }

    /** Checks the shape for every size of images. */
    @Test
    public void featuresAreOneRowPerImage() {
        for (ImageSpec image : images()) {
            try (GraphFixture graph = new GraphFixture()) {
                Operand<TFloat32> features = features(graph, graph.net(), image);
                Shape shape = features.shape();
                String promise = Check.promise("features of " + image + " are [rows, features], not " + shape);
                assertEquals(2, shape.numDimensions(), promise);
                assertEquals(ROWS, shape.get(0), promise);
                assertTrue(shape.get(1) > 0, promise);
                Check.finite("features are finite", graph.fetch(features));
            }
        }
    }

    /** Checks that features tell images apart, and depend on nothing but the own image. */
    @Test
    public void featuresDependOnTheOwnImage() {
        ImageSpec image = images().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> together = features(graph, graph.net(), image);
            float[] all = graph.fetch(together);
            int size = all.length / ROWS;
            float[] first = Arrays.copyOf(all, size);
            assertFalse(
                    Check.equal(first, Arrays.copyOfRange(all, size, 2 * size)),
                    Check.promise("two images have different features"));
            float[] pixels = Arrays.copyOf(Pictures.noise(ROWS, image), image.size());
            Operand<TFloat32> alone = encoder()
                    .features(
                            graph.net().again("alone"),
                            graph.input(pixels, 1, image.height(), image.width(), image.channels()));
            Check.close("an image has the same features alone as in a batch", first, graph.fetch(alone), 1e-4);
        }
    }

    /** Checks that every parameter can learn. */
    @Test
    public void theGradientReachesEveryParameter() {
        ImageSpec image = images().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> features = features(graph, graph.net(), image);
            Operand<TFloat32> weights = graph.input(
                    Check.normal((int) features.shape().size(), 1, 1),
                    features.shape().asArray());
            List<Parameter> parameters = List.copyOf(graph.net().parameters());
            Check.reaches(graph, graph.tf().math.mul(features, weights), parameters);
        }
    }

    /** Checks that seeds decide. */
    @Test
    public void theSameSeedGivesTheSameFeatures() {
        ImageSpec image = images().get(0);
        float[] first = features(GraphFixture.SEED, image);
        Check.same("the same seed gives the same features, bit for bit", first, features(GraphFixture.SEED, image));
        assertFalse(
                Check.equal(first, features(GraphFixture.SEED + 1, image)),
                Check.promise("another seed gives other features"));
    }

    private float[] features(long seed, ImageSpec image) {
        try (GraphFixture graph = new GraphFixture(seed)) {
            return graph.fetch(features(graph, graph.net().sub("encoder"), image));
        }
    }

    /** Checks that using the encoder again makes no new parameter. */
    @Test
    public void aSecondUseAddsNoParameter() {
        ImageSpec image = images().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("encoder");
            Operand<TFloat32> first = features(graph, net, image);
            List<String> before = graph.parameterPaths();
            Operand<TFloat32> second = features(graph, net.again("once-more"), image);
            assertEquals(before, graph.parameterPaths(), "a second use of an encoder adds no parameter");
            Check.same("a second use gives the same features", graph.fetch(first), graph.fetch(second));
        }
    }

    /** Checks that images in colour have features, or that an encoder of grey images says so. */
    @Test
    public void colourIsTakenOrRefused() {
        try (GraphFixture graph = new GraphFixture()) {
            if (takesColour()) {
                assertEquals(
                        ROWS, features(graph, graph.net(), COLOUR).shape().get(0), "features are one row per image");
                return;
            }
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> features(graph, graph.net(), COLOUR),
                    "an encoder that takes no colour refuses " + COLOUR);
            String message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains("3 channels"), () -> "the refusal names the 3 channels, but says: " + message);
        }
    }

    /** Checks that what is not a batch of images is refused when the graph is built, in words. */
    @Test
    public void refusesWhatIsNotABatchOfImages() {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> flat = graph.input(new float[2 * 784], 2, 784);
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> encoder().features(graph.net(), flat),
                    "an encoder refuses [2, 784], which is not [rows, height, width, channels]");
            assertTrue(
                    String.valueOf(refusal.getMessage()).contains("[2, 784]"),
                    () -> "the refusal names the shape found, [2, 784], but says: " + refusal.getMessage());
        }
    }
}
