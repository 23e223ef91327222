package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Wired;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The transformer autoencoder: one trunk infers the code z and the pose u from x; the canvas y' = decoder(z) shows the
 * object in reference pose, and x' = T_u(y') puts it where it was seen.
 */
@Named("tvae")
@About(value = "autoencoder whose decoded image is moved by an inferred pose", paper = "Vivé 2017, section III")
public final class Tvae implements Model {

    private final Encoder encoder;
    private final PosedModel posed;

    /** Makes the model of its parts. */
    @Inject
    public Tvae(
            PosedSettings settings,
            Encoder encoder,
            Decoder decoder,
            PoseTransform transform,
            @Named("code-prior") Prior codePrior,
            @Named("pose-prior") Prior posePrior) {
        this.encoder = encoder;
        this.posed = new PosedModel(settings, decoder, transform, codePrior, posePrior);
    }

    /** Lets ServiceLoader find this class. */
    public static Tvae provider() {
        return Wired.byGuice(Tvae.class);
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.POSE_TRANSFORM, Need.PROPER_CODE_PRIOR);
    }

    @Override
    public Optional<String> refuses(ImageSpec image) {
        return posed.refuses(image);
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        Operand<TFloat32> features = encoder.features(net.sub("encoder"), batch.image());
        Latent z = posed.code(net, features, samples);
        Latent u = posed.pose(net, features, batch.spec(), samples);
        return posed.pass(net, batch, samples, z, u);
    }

    @Override
    public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        return posed.prior(net, rows, image);
    }

    @Override
    public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        return posed.generate(net, values, image);
    }
}
