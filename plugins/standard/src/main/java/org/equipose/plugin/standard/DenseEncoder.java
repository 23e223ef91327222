package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Encoder;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Fully connected layers on the pixels. */
@Named("dense")
@About("fully connected layers")
public final class DenseEncoder implements Encoder {

    /** Settings. */
    public record Settings(
            @About("units of each hidden layer, from the image on")
            List<Integer> hidden,

            @About("nonlinearity") Activation activation) {
        /** The defaults. */
        public Settings() {
            this(List.of(256, 256), Activation.RELU);
        }

        /** Checks ranges. */
        public Settings {
            hidden = DenseLayers.checked(hidden);
        }
    }

    private final Settings settings;

    /** Makes the network with its defaults. */
    public DenseEncoder() {
        this(new Settings());
    }

    /** Makes the network. */
    @Inject
    public DenseEncoder(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Operand<TFloat32> features(Net net, Operand<TFloat32> input) {
        if (input.shape().numDimensions() != 4) {
            throw new IllegalArgumentException(
                    "encoder dense needs [rows, height, width, channels] but got " + input.shape());
        }
        return DenseLayers.stack(net, Layers.flatten(net.ops(), input), settings.hidden(), settings.activation());
    }
}
