package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Filters;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Encoder;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Convolutions of 4×4 filters, each of which halves height and width. The last convolution of the paper makes a latent's parameters
 * of the map that is left; here that is the model's head.
 */
@Named("conv")
@About(value = "convolutions of 4×4 filters", paper = "Giannone et al. 2019, appendix B")
public final class ConvEncoder implements Encoder {
    private static final int SIDE = 4;
    private static final int STRIDE = 2;

    /**
     * Settings.
     *
     * @param channels filters of each layer
     * @param activation nonlinearity of all of them
     */
    public record Settings(
            @About("filters of each layer, from the image on; every layer halves height and width")
            List<Integer> channels,

            @About("nonlinearity") Activation activation) {

        /** Makes the defaults. */
        public Settings() {
            this(List.of(32, 32, 64, 128), Activation.RELU);
        }

        /** Checks ranges. */
        public Settings {
            if (channels.isEmpty() || channels.stream().anyMatch(filters -> filters < 1)) {
                throw new IllegalArgumentException(
                        "channels must list at least one layer, each of at least 1 filter, but was " + channels);
            }
            channels = List.copyOf(channels);
        }
    }

    private final Settings settings;

    /** Makes the network with its defaults. */
    public ConvEncoder() {
        this(new Settings());
    }

    /** Makes the network. */
    @Inject
    public ConvEncoder(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Operand<TFloat32> features(Net net, Operand<TFloat32> input) {
        if (input.shape().numDimensions() != 4) {
            throw new IllegalArgumentException(
                    "encoder conv needs [rows, height, width, channels] but got " + input.shape());
        }
        Operand<TFloat32> x = input;
        for (int i = 0; i < settings.channels().size(); i++) {
            Filters filters = Filters.square(settings.channels().get(i), SIDE, STRIDE, Filters.Padding.SAME);
            x = Layers.conv(net.sub("hidden" + (i + 1)), x, filters, settings.activation());
        }
        return Layers.flatten(net.ops(), x);
    }
}
