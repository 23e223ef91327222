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
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * u ~ N(0, diag τ²): centred on the identity, with standard deviations fitted along with the model. The paper finds that it
 * overestimates τ, because the poses that fit best are far from the identity on average.
 */
@Named("identity")
@About(value = "normal about the identity, fitted standard deviations", paper = "Vivé 2017, section V.iii")
public final class IdentityPrior implements Prior {

    private final ScaleSettings settings;

    /** Makes the prior with its defaults. */
    public IdentityPrior() {
        this(new ScaleSettings());
    }

    /** Makes the prior. */
    @Inject
    public IdentityPrior(ScaleSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Distribution> over(Net net, int latentSize) {
        Initializer start = Initializer.constant((float) Math.log(settings.scale()));
        Operand<TFloat32> logScale = net.parameter("log-scale", start, 1, latentSize);
        return Optional.of(new Normal(net.ops().zerosLike(logScale), logScale));
    }
}
