package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Prior;

/** u ~ N(ν, diag τ²), with mean and standard deviations fitted along with the model. */
@Named("diagonal")
@About(value = "normal with fitted mean and standard deviations", paper = "Vivé 2017, section IV, eq. 7")
public final class DiagonalPrior implements Prior {

    private final ScaleSettings settings;

    /** Makes the prior with its defaults. */
    public DiagonalPrior() {
        this(new ScaleSettings());
    }

    /** Makes the prior. */
    @Inject
    public DiagonalPrior(ScaleSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Distribution> over(Net net, int latentSize) {
        Initializer start = Initializer.constant((float) Math.log(settings.scale()));
        return Optional.of(new Normal(
                net.parameter("mean", Initializer.constant(0), 1, latentSize),
                net.parameter("log-scale", start, 1, latentSize)));
    }
}
