package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** What a warp finds outside the image it samples from. */
public sealed interface Border {

    /** Zero outside. */
    Border ZERO = new Zero();

    /** The nearest pixel of the image. */
    Border EDGE = new Edge();

    /** Zero outside. */
    record Zero() implements Border {}

    /** The nearest pixel of the image. */
    record Edge() implements Border {}

    /**
     * One value everywhere outside, learned with the model.
     *
     * @param value scalar
     */
    record Background(Operand<TFloat32> value) implements Border {}
}
