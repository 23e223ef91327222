package org.equipose.core.spi;

import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Turns a code into an image in reference pose. */
public interface Decoder {

    /**
     * Computes the logits of a canvas.
     *
     * @param code {@code [rows, size]}
     * @param canvas size of the canvas
     * @return {@code [rows, height, width, channels]}
     */
    Operand<TFloat32> canvas(Net net, Operand<TFloat32> code, ImageSpec canvas);
}
