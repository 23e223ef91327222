package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.About;

/** Settings of the priors that are normal in each parameter of the pose by itself. */
public record ScaleSettings(
        @About("standard deviation before the first step, in units of the pose")
        double scale) {
    /** The defaults. */
    public ScaleSettings() {
        this(0.2);
    }

    /** Checks ranges. */
    public ScaleSettings {
        Checks.scale(scale);
    }
}
