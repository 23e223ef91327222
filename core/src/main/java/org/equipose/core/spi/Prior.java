package org.equipose.core.spi;

import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Prior over a code or a pose. It chooses the family of the posterior, and may put a latent of another size behind the
 * parameters that the model eats.
 */
public interface Prior {

    /** Returns the family of the posterior that goes with this prior. */
    default Family posterior() {
        return Family.NORMAL;
    }

    /**
     * Returns a reason why this prior cannot stand behind that many parameters, if there is one. A model passes it on
     * ({@link Model#refuses}), since it alone knows how many there are.
     */
    default Optional<String> refuses(int parameters) {
        return Optional.empty();
    }

    /** Returns the size of the latent behind that many parameters. */
    default int latentSize(int parameters) {
        return parameters;
    }

    /** Returns the law of the latent as one row, {@code [1, latentSize]}; empty if it is improper. */
    Optional<Distribution> over(Net net, int latentSize);

    /**
     * Maps latents to parameters.
     *
     * @param latent {@code [rows, latentSize]}
     * @return {@code [rows, parameters]}
     */
    default Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
        return latent;
    }
}
