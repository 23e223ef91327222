package org.equipose.core.spi;

import org.equipose.core.graph.Initializer;

/**
 * How a latent's posterior depends on the features, and how it starts out: both its mean and its log-scale are linear, the mean
 * within a bound where there is one.
 *
 * @param mean first weights and bias of the mean
 * @param logScale first bias of the log-scale
 * @param floor least log-scale
 * @param bound the mean stays within ± this number, by bound · tanh(linear / bound); infinite for no bound
 */
public record Head(Initializer mean, float logScale, float floor, double bound) {

    /** Makes a head without a bound. */
    public Head(Initializer mean, float logScale, float floor) {
        this(mean, logScale, floor, Double.POSITIVE_INFINITY);
    }

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

    /** Returns this head with its mean within ± a number; the log-scale is not bounded by it. */
    public Head within(double most) {
        return new Head(mean, logScale, floor, most);
    }
}
