package org.equipose.tck;

import static org.equipose.tck.Faults.caught;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The kit passes sound networks, and catches each of these faults. */
class NetworksTckTest {

    private static Operand<TFloat32> encode(Net net, Operand<TFloat32> input) {
        if (input.shape().numDimensions() != 4) {
            throw new IllegalArgumentException("needs [rows, height, width, channels] but got " + input.shape());
        }
        return Layers.dense(net.sub("fc"), Layers.flatten(net.ops(), input), 7, Activation.TANH);
    }

    private static Operand<TFloat32> decode(Net net, Operand<TFloat32> code, ImageSpec canvas) {
        Operand<TFloat32> flat = Layers.dense(net.sub("fc"), code, canvas.size(), Activation.LINEAR);
        Ops tf = net.ops();
        long[] shape = {code.shape().get(0), canvas.height(), canvas.width(), canvas.channels()};
        return tf.reshape(flat, tf.constant(shape));
    }

    @Nested
    class SoundEncoder extends EncoderTck {
        @Override
        protected Encoder encoder() {
            return NetworksTckTest::encode;
        }
    }

    @Nested
    class SoundDecoder extends DecoderTck {
        @Override
        protected Decoder decoder() {
            return NetworksTckTest::decode;
        }
    }

    private static EncoderTck kit(Encoder faulty) {
        return new EncoderTck() {
            @Override
            protected Encoder encoder() {
                return faulty;
            }
        };
    }

    private static DecoderTck kit(Decoder faulty) {
        return new DecoderTck() {
            @Override
            protected Decoder decoder() {
                return faulty;
            }
        };
    }

    @Test
    void catchesAParameterThatNothingReaches() {
        Initializer zero = Initializer.constant(0);
        EncoderTck encoder = kit((net, input) -> {
            net.parameter("idle", zero, 3);
            return encode(net, input);
        });
        caught("the gradient reaches every parameter, idle", encoder::theGradientReachesEveryParameter);
        DecoderTck decoder = kit((net, code, canvas) -> {
            net.parameter("idle", zero, 3);
            return decode(net, code, canvas);
        });
        caught("the gradient reaches every parameter, idle", decoder::theGradientReachesEveryParameter);
    }

    @Test
    void catchesStateOfItsOwn() {
        int[] uses = new int[1];
        EncoderTck encoder = kit((net, input) -> encode(net.sub("use" + uses[0]++), input));
        caught("a second use of an encoder adds no parameter", encoder::aSecondUseAddsNoParameter);
        caught("the same seed gives the same features", encoder::theSameSeedGivesTheSameFeatures);
        DecoderTck decoder = kit((net, code, canvas) -> decode(net.sub("use" + uses[0]++), code, canvas));
        caught("a second use of a decoder adds no parameter", decoder::aSecondUseAddsNoParameter);
        caught("the same seed gives the same canvas", decoder::theSameSeedGivesTheSameCanvas);
    }

    @Test
    void catchesRowsThatAreMixed() {
        EncoderTck encoder = kit((net, input) -> {
            Operand<TFloat32> features = encode(net, input);
            return net.ops()
                    .math
                    .sub(features, net.ops().math.mean(features, net.ops().constant(0)));
        });
        caught("an image has the same features alone as in a batch", encoder::featuresDependOnTheOwnImage);
        DecoderTck decoder = kit((net, code, canvas) ->
                decode(net, net.ops().math.mul(code, net.ops().constant(0f)), canvas));
        caught("two codes have different canvases", decoder::theCanvasDependsOnTheOwnCode);
    }

    @Test
    void catchesWrongShapes() {
        EncoderTck encoder = kit((net, input) ->
                net.ops().expandDims(encode(net, input), net.ops().constant(2)));
        caught("are [rows, features]", encoder::featuresAreOneRowPerImage);
        DecoderTck decoder = kit((net, code, canvas) -> decode(net, code, new ImageSpec(28, 28, 1)));
        caught("a decoder makes [rows, height, width, channels]", decoder::theCanvasHasTheSizeAskedFor);
    }

    @Test
    void catchesARefusalThatSaysNothing() {
        EncoderTck lenient =
                kit((net, input) -> Layers.dense(net, Layers.flatten(net.ops(), input), 7, Activation.TANH));
        caught("an encoder refuses [2, 784]", lenient::refusesWhatIsNotABatchOfImages);
        DecoderTck rude = kit((net, code, canvas) -> {
            if (code.shape().numDimensions() != 2) {
                throw new IllegalArgumentException("no, not " + Shape.scalar());
            }
            return decode(net, code, canvas);
        });
        caught("the refusal names the shape found, [2, 3, 2]", rude::refusesWhatIsNotABatchOfCodes);
    }

    @Test
    void catchesColourThatIsNotRefused() {
        EncoderTck encoder = new EncoderTck() {
            @Override
            protected Encoder encoder() {
                return NetworksTckTest::encode;
            }

            @Override
            protected boolean takesColour() {
                return false;
            }
        };
        caught("an encoder that takes no colour refuses", encoder::colourIsTakenOrRefused);
        assertFalse(encoder.images().stream().anyMatch(image -> image.channels() > 1));
        DecoderTck decoder = new DecoderTck() {
            @Override
            protected Decoder decoder() {
                return (net, code, canvas) -> {
                    if (canvas.channels() > 1) {
                        throw new IllegalArgumentException("no");
                    }
                    return decode(net, code, canvas);
                };
            }

            @Override
            protected boolean makesColour() {
                return false;
            }
        };
        caught("the refusal names the 3 channels, but says: no", decoder::colourIsMadeOrRefused);
        assertFalse(decoder.canvases().stream().anyMatch(canvas -> canvas.channels() > 1));
    }
}
