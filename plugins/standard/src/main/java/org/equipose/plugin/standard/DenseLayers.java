package org.equipose.plugin.standard;

import java.util.List;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Hidden layers that the dense encoder and decoder have in common. */
final class DenseLayers {
    private DenseLayers() {}

    static Operand<TFloat32> stack(Net net, Operand<TFloat32> input, List<Integer> units, Activation activation) {
        Operand<TFloat32> x = input;
        for (int i = 0; i < units.size(); i++) {
            x = Layers.dense(net.sub("hidden" + (i + 1)), x, units.get(i), activation);
        }
        return x;
    }

    static List<Integer> checked(List<Integer> hidden) {
        if (hidden.isEmpty() || hidden.stream().anyMatch(units -> units < 1)) {
            throw new IllegalArgumentException(
                    "hidden must list at least one layer, each of at least 1 unit, but was " + hidden);
        }
        return List.copyOf(hidden);
    }
}
