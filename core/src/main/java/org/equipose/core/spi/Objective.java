package org.equipose.core.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.graph.Net;

/** What training minimises: exactly one bound, and any number of weighted regularisers. */
public interface Objective {

    /** Part that an objective plays. */
    enum Role {
        /** A bound on the likelihood; training needs exactly one. */
        BOUND,
        /** Something added to a bound. */
        REGULARISER
    }

    /** Returns the part this objective plays. */
    Role role();

    /** Returns the number of draws per image that a bound asks of {@link Model#pass}. */
    default int samples() {
        return 1;
    }

    /** Returns a reason why this objective makes no sense with that model and its priors (by role), if there is one. */
    default Optional<String> refuses(Model model, Map<String, Prior> priors) {
        return Optional.empty();
    }

    /**
     * Computes the terms.
     *
     * @param net a net of this objective's own
     * @param model to be run again if need be
     * @param pass of the images of this step
     */
    List<Term> terms(Net net, Model model, Pass pass);
}
