package org.equipose.core.spi;

import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Trunk of an inference network; the model adds a head for each of its latents. */
public interface Encoder {

    /**
     * Computes features.
     *
     * @param input {@code [rows, height, width, channels]}
     * @return {@code [rows, features]}
     */
    Operand<TFloat32> features(Net net, Operand<TFloat32> input);
}
