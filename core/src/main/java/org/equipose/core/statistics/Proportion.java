package org.equipose.core.statistics;

/**
 * How often something happened.
 *
 * @param successes times it happened
 * @param trials times it could have, at least one
 */
public record Proportion(long successes, long trials) {
    /** Standard normal quantile of 97.5 %. */
    private static final double QUANTILE = 1.959963984540054;

    /** Checks the numbers. */
    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " of " + trials + " is no proportion");
        }
    }

    /** Returns the share of successes, in [0, 1]. */
    public double value() {
        return (double) successes / trials;
    }

    /** Returns the lower end of Wilson's 95 % interval, in [0, 1]. */
    public double low() {
        return successes == 0 ? 0 : centre() - half();
    }

    /** Returns the upper end of Wilson's 95 % interval, in [0, 1]. */
    public double high() {
        return successes == trials ? 1 : centre() + half();
    }

    private double centre() {
        double square = QUANTILE * QUANTILE;
        return (successes + square / 2) / (trials + square);
    }

    private double half() {
        double square = QUANTILE * QUANTILE;
        return QUANTILE / (trials + square) * Math.sqrt(trials * value() * (1 - value()) + square / 4);
    }
}
