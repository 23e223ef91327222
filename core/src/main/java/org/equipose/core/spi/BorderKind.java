package org.equipose.core.spi;

import org.equipose.core.graph.Border;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;

/** What lies outside a canvas, as a setting. */
public enum BorderKind {
    /** Black. */
    ZERO,
    /** The nearest pixel of the canvas. */
    EDGE,
    /** One probability of white, learned with the model. */
    LEARNED;

    /** Returns the border; a learned one starts nearly black. */
    public Border border(Net net) {
        return switch (this) {
            case ZERO -> Border.ZERO;
            case EDGE -> Border.EDGE;
            case LEARNED ->
                new Border.Background(
                        net.ops().math.sigmoid(net.parameter("background-logit", Initializer.constant(-5))));
        };
    }
}
