package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
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

    /** Settings. */
    public record Settings(
            @About("units of each hidden layer, from the code on")
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
    public DenseDecoder() {
        this(new Settings());
    }

    /** Makes the network. */
    @Inject
    public DenseDecoder(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Operand<TFloat32> canvas(Net net, Operand<TFloat32> code, ImageSpec canvas) {
        Operand<TFloat32> hidden = DenseLayers.stack(net, code, settings.hidden(), settings.activation());
        Operand<TFloat32> logits = Layers.dense(net.sub("logits"), hidden, canvas.size(), Activation.LINEAR);
        long[] shape = {code.shape().get(0), canvas.height(), canvas.width(), canvas.channels()};
        return net.ops().reshape(logits, net.ops().constant(shape));
    }
}
