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
 * u = W₂ tanh(W₁ v + b₁) + b₂ with v ~ N(0, I) of k dimensions: a curved surface of poses, as turns need one; W and b are
 * fitted. As with a covariance of low rank, posterior, divergence and importance weights are those of v, and a model's
 * {@code pose-bound} holds for v.
 */
@Named("mlp")
@About(value = "image of a normal under a fitted net with one hidden layer", paper = "Vivé 2017, section V.iii")
public final class MlpPrior implements Prior {
    private static final int MOST = 6;

    /** Standard deviation of tanh(a) for a ~ N(0, 1). */
    private static final double TANH = 0.63;

    /** Settings. */
    public record Settings(
            @About("size of v; default: the number of parameters, but at most " + MOST)
            OptionalInt rank,

            @About("units of the hidden layer") int hidden,

            @About("standard deviation of u before the first step, in units of the pose")
            double scale) {
        /** The defaults. */
        public Settings() {
            this(OptionalInt.empty(), 32, 0.2);
        }

        /** Checks ranges. */
        public Settings {
            Checks.rank(rank);
            if (hidden < 1) {
                throw new IllegalArgumentException("hidden must be at least 1 but was " + hidden);
            }
            Checks.scale(scale);
        }
    }

    private final Settings settings;

    /** Makes the prior with its defaults. */
    public MlpPrior() {
        this(new Settings());
    }

    /** Makes the prior. */
    @Inject
    public MlpPrior(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> refuses(int parameters) {
        return Checks.rank("mlp", settings.rank(), parameters);
    }

    @Override
    public int latentSize(int parameters) {
        return settings.rank().orElse(Math.min(parameters, MOST));
    }

    @Override
    public Optional<Distribution> over(Net net, int latentSize) {
        return Optional.of(Normal.standard(net.ops(), latentSize));
    }

    /** The layers start such that hidden units see N(0, 1) and the parameters have the set spread on average. */
    @Override
    public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
        Initializer inner =
                Initializer.normal(1 / Math.sqrt((double) latent.shape().get(1)));
        Initializer outer = Initializer.normal(settings.scale() / (TANH * Math.sqrt(settings.hidden())));
        Initializer zero = Initializer.constant(0);
        Operand<TFloat32> hidden =
                Layers.dense(net.sub("hidden"), latent, settings.hidden(), Activation.TANH, inner, zero);
        return Layers.dense(net.sub("output"), hidden, parameters, Activation.LINEAR, outer, zero);
    }
}
