package org.equipose.plugin.spatialvae;

import java.util.Optional;
import org.equipose.core.data.ImageSpec;

/** The models of this plugin read a pixel as the probability of white. */
final class GreyImages {
    private GreyImages() {}

    static Optional<String> only(ImageSpec image) {
        return image.channels() == 1
                ? Optional.empty()
                : Optional.of("it models grey images, but these have " + image.channels()
                        + " channels; choose a grey data set, or turn this one grey if it has a setting for that (run.sh"
                        + " describe dataset NAME)");
    }
}
