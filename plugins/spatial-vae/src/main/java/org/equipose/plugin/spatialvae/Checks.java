package org.equipose.plugin.spatialvae;

import java.util.Optional;
import java.util.OptionalInt;

/** What the settings of several priors must fulfil. */
final class Checks {
    private Checks() {}

    /**
     * Checks a standard deviation.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    static void scale(double scale) {
        if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("scale must be above 0 but was " + scale);
        }
    }

    /**
     * Checks the size of a latent v behind the parameters of a pose.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    static void rank(OptionalInt rank) {
        if (rank.isPresent() && rank.getAsInt() < 1) {
            throw new IllegalArgumentException("rank must be at least 1 but was " + rank.getAsInt());
        }
    }

    /** Says why a latent of that size cannot stand behind so many parameters: some of it would do nothing. */
    static Optional<String> rank(String prior, OptionalInt rank, int parameters) {
        return rank.isPresent() && rank.getAsInt() > parameters
                ? Optional.of("its " + prior + " prior has rank " + rank.getAsInt() + ", but there are only "
                        + parameters + " parameters; set rank to " + parameters + " or less")
                : Optional.empty();
    }
}
