package org.equipose.core.data;

import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/** What the model is asked to reproduce, for images whose pixels are read as probabilities of white. */
public enum Targets {
    /** The grey values themselves (Vivé). Scores are cross-entropies, not log-probabilities. */
    GREY,
    /** White where the value is above one half. */
    THRESHOLD,
    /** One draw per pixel, made once with a seed. */
    FIXED,
    /** A new draw for every training step; validation and test images are drawn once, as in {@link #FIXED}. */
    DYNAMIC;

    /** Returns the split as evaluators see it. */
    public Split prepared(Split split, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return switch (this) {
            case GREY -> split;
            case THRESHOLD -> map(split, value -> value > 127 ? 255 : 0);
            case FIXED, DYNAMIC -> map(split, value -> random.nextInt(255) < value ? 255 : 0);
        };
    }

    private static Split map(Split split, IntUnaryOperator pixel) {
        byte[] pixels = new byte[split.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) pixel.applyAsInt(split.pixels()[i] & 0xff);
        }
        return new Split(split.spec(), pixels, split.labels(), split.poses());
    }
}
