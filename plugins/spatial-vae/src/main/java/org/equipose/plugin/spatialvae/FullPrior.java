package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Prior;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * u = W v + b with v ~ N(0, I) of k dimensions, so that u ~ N(b, W Wᵀ) with a covariance of rank k; W and b are fitted. With
 * k below the number of parameters, u has no density: posterior, divergence and importance weights are those of v, and
 * a model's {@code pose-bound} holds for v.
 */
@Named("full")
@About(value = "normal with fitted mean and covariance of a given rank", paper = "Vivé 2017, section V.iii")
public final class FullPrior implements Prior {

    /** Settings. */
    public record Settings(
            @About("rank of the covariance; default: that of a full one, the number of parameters")
            OptionalInt rank,

            @About("standard deviation of u before the first step, in units of the pose")
            double scale) {
        /** The defaults. */
        public Settings() {
            this(OptionalInt.empty(), 0.2);
        }

        /** Checks ranges. */
        public Settings {
            Checks.rank(rank);
            Checks.scale(scale);
        }
    }

    private final Settings settings;

    /** Makes the prior with its defaults. */
    public FullPrior() {
        this(new Settings());
    }

    /** Makes the prior. */
    @Inject
    public FullPrior(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> refuses(int parameters) {
        return Checks.rank("full", settings.rank(), parameters);
    }

    @Override
    public int latentSize(int parameters) {
        return settings.rank().orElse(parameters);
    }

    @Override
    public Optional<Distribution> over(Net net, int latentSize) {
        return Optional.of(Normal.standard(net.ops(), latentSize));
    }

    /** The rows of Wᵀ start at right angles, each so long that the parameters have the set spread on average. */
    @Override
    public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
        double length = settings.scale()
                * Math.sqrt((double) parameters / latent.shape().get(1));
        return Layers.dense(
                net,
                latent,
                parameters,
                Activation.LINEAR,
                Initializer.orthogonalRows(length),
                Initializer.constant(0));
    }
}
