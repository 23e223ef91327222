package org.equipose.plugin.spatialvae;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.equipose.core.spi.About;
import org.equipose.core.spi.BorderKind;

/**
 * Settings of the models with a pose. The bound of the pose holds for posterior means of what the encoder infers: the pose itself
 * or, where its prior is {@code full} or {@code mlp}, the v that a fitted map without a bound makes the pose from.
 */
public record PosedSettings(
        @About("size of the code z") int latentDim,

        @About("side of the square canvas in pixels; default: the size of the image")
        OptionalInt canvas,

        @About("what lies outside the canvas") BorderKind border,

        @About("least logarithm of a posterior standard deviation")
        double logScaleFloor,

        @About(
                "posterior means of the pose, or of v where its prior is full or mlp, stay within ± this; default: no bound")
        OptionalDouble poseBound) {
    /** A batch of larger ones has more pixels than TensorFlow can count. */
    private static final int MOST = 1024;

    /** The defaults. */
    public PosedSettings() {
        this(20, OptionalInt.empty(), BorderKind.ZERO, -6, OptionalDouble.empty());
    }

    /** Checks ranges. */
    public PosedSettings {
        if (latentDim < 1) {
            throw new IllegalArgumentException("latent-dim must be at least 1 but was " + latentDim);
        }
        if (canvas.isPresent() && canvas.getAsInt() < 2) {
            throw new IllegalArgumentException("canvas must be at least 2 pixels but was " + canvas.getAsInt());
        }
        if (canvas.isPresent() && canvas.getAsInt() > MOST) {
            throw new IllegalArgumentException(
                    "canvas must be at most " + MOST + " pixels but was " + canvas.getAsInt());
        }
        if (poseBound.isPresent()
                && !(poseBound.getAsDouble() > 0 && poseBound.getAsDouble() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("pose-bound must be above 0 but was " + poseBound.getAsDouble());
        }
    }
}
