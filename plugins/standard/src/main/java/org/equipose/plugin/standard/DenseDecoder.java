package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Decoder;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Fully connected layers from the code to the pixels. */
@Named("dense")
@About("fully connected layers")
public final class DenseDecoder implements Decoder {

    private final DenseSettings settings;

    /** Makes the network with its defaults. */
    public DenseDecoder() {
        this(new DenseSettings());
    }

    /** Makes the network. */
    @Inject
    public DenseDecoder(DenseSettings settings) {
        this.settings = settings;
    }

    @Override
    public Operand<TFloat32> canvas(Net net, Operand<TFloat32> code, ImageSpec canvas) {
        Operand<TFloat32> hidden = settings.layers(net, code);
        Operand<TFloat32> logits = Layers.dense(net.sub("logits"), hidden, canvas.size(), Activation.LINEAR);
        long[] shape = {code.shape().get(0), canvas.height(), canvas.width(), canvas.channels()};
        return net.ops().reshape(logits, net.ops().constant(shape));
    }
}
