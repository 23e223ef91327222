package org.equipose.core.spi;

import java.util.Map;
import java.util.Set;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A generative model with its inference network. It has no state: its parameters live in the net.
 *
 * <p>Law: a second pass, from any caller, adds no parameter.
 */
public interface Model {

    /** Returns what this model cannot do without. */
    default Set<Need> needs() {
        return Set.of();
    }

    /** Returns the objective that trains this model when none is named. */
    default String defaultBound() {
        return "elbo";
    }

    /** Returns a reason why this model cannot work on images of that size, if there is one. */
    default java.util.Optional<String> refuses(ImageSpec image) {
        return java.util.Optional.empty();
    }

    /**
     * Encodes images, draws latents and decodes them.
     *
     * @param samples draws per image
     */
    Pass pass(Net net, Batch batch, int samples);

    /**
     * Draws {@code rows} latents from their priors. A latent whose prior is improper is absent: the caller decides.
     *
     * @param image size of the images to be generated
     */
    Map<String, Latent> prior(Net net, int rows, ImageSpec image);

    /**
     * Decodes given latents.
     *
     * @param values {@link Latent#parameters} by name, {@code [rows, ...]}; a missing pose is the identity
     * @param image size of the images to generate
     */
    Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image);

    /** Returns this model with its parameters below {@code path}, whatever net a caller brings. */
    default Model at(String path) {
        return new PlacedModel(this, path);
    }
}
