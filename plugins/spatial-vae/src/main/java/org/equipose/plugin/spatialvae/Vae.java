package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Wired;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The plain variational autoencoder: x → z → x', without a pose. */
@Named("vae")
@About(value = "variational autoencoder without a pose", paper = "Kingma and Welling 2014; Vivé 2017, section II.ii")
public final class Vae implements Model {

    /** Settings. */
    public record Settings(
            @About("size of the code z") int latentDim,

            @About("least logarithm of a posterior standard deviation")
            double logScaleFloor) {
        /** The defaults. */
        public Settings() {
            this(20, -6);
        }

        /** Checks ranges. */
        public Settings {
            if (latentDim < 1) {
                throw new IllegalArgumentException("latent-dim must be at least 1 but was " + latentDim);
            }
        }
    }

    private final Settings settings;
    private final Encoder encoder;
    private final Decoder decoder;
    private final Prior codePrior;

    /** Makes the model of its parts. */
    @Inject
    public Vae(Settings settings, Encoder encoder, Decoder decoder, @Named("code-prior") Prior codePrior) {
        this.settings = settings;
        this.encoder = encoder;
        this.decoder = decoder;
        this.codePrior = codePrior;
    }

    /** Lets ServiceLoader find this class. */
    public static Vae provider() {
        return Wired.byGuice(Vae.class);
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.PROPER_CODE_PRIOR);
    }

    @Override
    public Optional<String> refuses(ImageSpec image) {
        return codePrior.refuses(settings.latentDim()).or(() -> GreyImages.only(image));
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        Operand<TFloat32> features = encoder.features(net.sub("encoder"), batch.image());
        Head head = Head.code(features.shape().get(1), settings.logScaleFloor());
        Latent z = Latent.infer(net.sub("z"), "z", features, codePrior, settings.latentDim(), samples, head);
        Generated generated = generate(net, Map.of("z", z.parameters()), batch.spec());
        return Pass.of(net.ops(), batch, samples, generated, Map.of("z", z));
    }

    @Override
    public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        Map<String, Latent> latents = new LinkedHashMap<>();
        Latent.fromPrior(net.sub("z"), "z", codePrior, settings.latentDim(), rows)
                .ifPresent(z -> latents.put("z", z));
        return latents;
    }

    @Override
    public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        Operand<TFloat32> logits = decoder.canvas(net.sub("decoder"), values.get("z"), image);
        Operand<TFloat32> means = net.ops().math.sigmoid(logits);
        return new Generated(means, means, Bernoulli.ofLogits(logits));
    }
}
