package org.equipose.core.wiring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;

/**
 * What Guice built for a run.
 *
 * @param model with its encoder, decoder, transform and priors inside
 * @param transform of the model, if it asks for one
 * @param priors by role, for example {@code pose-prior}
 * @param objectives in the order of the objective expression; exactly one is a bound
 * @param evaluators by name
 */
public record Components(
        Model model,
        Optional<PoseTransform> transform,
        Map<String, Prior> priors,
        List<Weighted> objectives,
        Map<String, Evaluator> evaluators) {

    /** One objective of an expression such as {@code elbo+0.5*mi}. */
    public record Weighted(double weight, String name, Objective objective) {}
}
