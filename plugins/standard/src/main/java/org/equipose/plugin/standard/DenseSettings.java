package org.equipose.plugin.standard;

import java.util.List;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Hidden layers of the dense encoder and of the dense decoder. */
public record DenseSettings(
        @About("units of each hidden layer, from the input on")
        List<Integer> hidden,

        @About("nonlinearity") Activation activation) {

    /** The defaults. */
    public DenseSettings() {
        this(List.of(256, 256), Activation.RELU);
    }

    /** Checks ranges. */
    public DenseSettings {
        if (hidden.isEmpty() || hidden.stream().anyMatch(units -> units < 1)) {
            throw new IllegalArgumentException(
                    "hidden must list at least one layer, each of at least 1 unit, but was " + hidden);
        }
        hidden = List.copyOf(hidden);
    }

    /** Adds the layers: {@code [rows, inputs]} to {@code [rows, units of the last]}. */
    Operand<TFloat32> layers(Net net, Operand<TFloat32> input) {
        Operand<TFloat32> x = input;
        for (int i = 0; i < hidden.size(); i++) {
            x = Layers.dense(net.sub("hidden" + (i + 1)), x, hidden.get(i), activation);
        }
        return x;
    }
}
