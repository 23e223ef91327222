package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
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

    private final DenseSettings settings;

    /** Makes the network with its defaults. */
    public DenseEncoder() {
        this(new DenseSettings());
    }

    /** Makes the network. */
    @Inject
    public DenseEncoder(DenseSettings settings) {
        this.settings = settings;
    }

    @Override
    public Operand<TFloat32> features(Net net, Operand<TFloat32> input) {
        if (input.shape().numDimensions() != 4) {
            throw new IllegalArgumentException(
                    "encoder dense needs [rows, height, width, channels] but got " + input.shape());
        }
        return settings.layers(net, Layers.flatten(net.ops(), input));
    }
}
