package org.equipose.core.spi;

import org.equipose.core.graph.Initializer;

/**
 * How a latent's posterior starts out as a function of the features: both its mean and its log-scale are linear.
 *
 * @param mean first weights and bias of the mean
 * @param logScale first bias of the log-scale
 * @param floor least log-scale
 */
public record Head(Initializer mean, float logScale, float floor) {

    /** Returns the head of a code with {@code features} inputs: a random linear map, scale about one. */
    public static Head code(long features, double floor) {
        return new Head(Initializer.fanIn(features), 0, (float) floor);
    }

    /**
     * Returns the head of a pose: exactly the identity on average for every image, and narrow, because a decoder that
     * sees wildly moved images at first learns one blurry template.
     */
    public static Head pose(double floor) {
        return new Head(Initializer.constant(0), (float) Math.log(0.1), (float) floor);
    }
}
