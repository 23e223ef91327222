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
import org.equipose.core.spi.Decoder;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** What every {@link Decoder} promises. Extend, return your decoder, and inherit the tests. */
public abstract class DecoderTck {
    private static final int ROWS = 3;
    private static final ImageSpec COLOUR = new ImageSpec(32, 32, 3);
    private static final int CODE = 5;

    /** For subclasses. */
    protected DecoderTck() {}

    /** Returns the decoder under test, built as a user would build it. */
    protected abstract Decoder decoder();

    /** Says whether the decoder makes canvases in colour; true by default. */
    protected boolean makesColour() {
        return true;
    }

    /** Returns sizes of canvases that the decoder must make: by default 28 and 40 in grey, 32 in colour if it makes colour. */
    protected List<ImageSpec> canvases() {
        List<ImageSpec> grey = List.of(new ImageSpec(28, 28, 1), new ImageSpec(40, 40, 1));
        return makesColour() ? List.of(grey.get(0), COLOUR, grey.get(1)) : grey;
    }

    private Operand<TFloat32> canvas(GraphFixture graph, Net net, ImageSpec canvas) {
        return decoder().canvas(net, graph.input(Check.normal(ROWS * CODE, 1, 1), ROWS, CODE), canvas);
    }

    /** Checks the shape for every size of canvas. */
    @Test
    public void theCanvasHasTheSizeAskedFor() {
        for (ImageSpec canvas : canvases()) {
            try (GraphFixture graph = new GraphFixture()) {
                Operand<TFloat32> logits = canvas(graph, graph.net(), canvas);
                String promise = "a decoder makes [rows, height, width, channels] for " + canvas;
                Check.shape(promise, logits, ROWS, canvas.height(), canvas.width(), canvas.channels());
                float[] values = graph.fetch(logits);
                assertEquals(ROWS * canvas.size(), values.length, promise);
                Check.finite("logits are finite", values);
            }
        }
    }

    /** Checks that a canvas depends on its own code and on nothing else. */
    @Test
    public void theCanvasDependsOnTheOwnCode() {
        ImageSpec canvas = canvases().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            float[] all = graph.fetch(canvas(graph, graph.net(), canvas));
            float[] first = Arrays.copyOf(all, canvas.size());
            assertFalse(
                    Check.equal(first, Arrays.copyOfRange(all, canvas.size(), 2 * canvas.size())),
                    Check.promise("two codes have different canvases"));
            Operand<TFloat32> code = graph.input(Arrays.copyOf(Check.normal(ROWS * CODE, 1, 1), CODE), 1, CODE);
            Operand<TFloat32> alone = decoder().canvas(graph.net().again("alone"), code, canvas);
            Check.close("a code has the same canvas alone as in a batch", first, graph.fetch(alone), 1e-4);
        }
    }

    /** Checks that every parameter can learn. */
    @Test
    public void theGradientReachesEveryParameter() {
        for (ImageSpec canvas : canvases()) {
            try (GraphFixture graph = new GraphFixture()) {
                Operand<TFloat32> logits = canvas(graph, graph.net(), canvas);
                Operand<TFloat32> weights = graph.input(
                        Check.normal(ROWS * canvas.size(), 1, 1), logits.shape().asArray());
                List<Parameter> parameters = List.copyOf(graph.net().parameters());
                Check.reaches(graph, graph.tf().math.mul(logits, weights), parameters);
            }
        }
    }

    /** Checks that seeds decide. */
    @Test
    public void theSameSeedGivesTheSameCanvas() {
        ImageSpec canvas = canvases().get(0);
        float[] first = canvas(GraphFixture.SEED, canvas);
        Check.same("the same seed gives the same canvas, bit for bit", first, canvas(GraphFixture.SEED, canvas));
        assertFalse(
                Check.equal(first, canvas(GraphFixture.SEED + 1, canvas)),
                Check.promise("another seed gives another canvas"));
    }

    private float[] canvas(long seed, ImageSpec canvas) {
        try (GraphFixture graph = new GraphFixture(seed)) {
            return graph.fetch(canvas(graph, graph.net().sub("decoder"), canvas));
        }
    }

    /** Checks that using the decoder again makes no new parameter. */
    @Test
    public void aSecondUseAddsNoParameter() {
        ImageSpec canvas = canvases().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("decoder");
            Operand<TFloat32> first = canvas(graph, net, canvas);
            List<String> before = graph.parameterPaths();
            Operand<TFloat32> second = canvas(graph, net.again("once-more"), canvas);
            assertEquals(before, graph.parameterPaths(), "a second use of a decoder adds no parameter");
            Check.same("a second use gives the same canvas", graph.fetch(first), graph.fetch(second));
        }
    }

    /** Checks that canvases in colour are made, or that a decoder of grey canvases says so. */
    @Test
    public void colourIsMadeOrRefused() {
        try (GraphFixture graph = new GraphFixture()) {
            if (makesColour()) {
                Operand<TFloat32> logits = canvas(graph, graph.net(), COLOUR);
                assertEquals(COLOUR.channels(), logits.shape().get(3), "a canvas has the channels asked for");
                return;
            }
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> canvas(graph, graph.net(), COLOUR),
                    "a decoder that makes no colour refuses " + COLOUR);
            String message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains("3 channels"), () -> "the refusal names the 3 channels, but says: " + message);
        }
    }

    /** Checks that what is not a batch of codes is refused when the graph is built, in words. */
    @Test
    public void refusesWhatIsNotABatchOfCodes() {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> deep = graph.input(new float[12], 2, 3, 2);
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> decoder().canvas(graph.net(), deep, canvases().get(0)),
                    "a decoder refuses [2, 3, 2], which is not [rows, size]");
            assertTrue(
                    String.valueOf(refusal.getMessage()).contains("[2, 3, 2]"),
                    () -> "the refusal names the shape found, [2, 3, 2], but says: " + refusal.getMessage());
        }
    }
}
