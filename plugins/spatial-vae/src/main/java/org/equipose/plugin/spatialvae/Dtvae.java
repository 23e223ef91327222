package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Border;
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
import org.equipose.core.spi.RoleDefaults;
import org.equipose.core.spi.Wired;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The double transformer autoencoder: a localisation net infers the pose u from x; y = T_u⁻¹(x) brings the object into reference
 * pose; the encoder sees only y, hence q(z | x, u); the canvas y' = decoder(z), and x' = T_u(y') puts it back. With several
 * draws of u, each has a corrected image, and z is drawn once for each of those.
 */
@Named("dtvae")
@About(value = "autoencoder of images whose inferred pose is undone first", paper = "Vivé 2017, section III")
public final class Dtvae implements Model {

    private final Encoder encoder;
    private final Encoder localisation;
    private final PoseTransform transform;
    private final PosedModel posed;

    /** Makes the model of its parts. */
    @Inject
    public Dtvae(
            PosedSettings settings,
            @Named("localisation") @RoleDefaults("dense.hidden=128") Encoder localisation,
            Encoder encoder,
            Decoder decoder,
            PoseTransform transform,
            @Named("code-prior") Prior codePrior,
            @Named("pose-prior") Prior posePrior) {
        this.encoder = encoder;
        this.localisation = localisation;
        this.transform = transform;
        this.posed = new PosedModel(settings, decoder, transform, codePrior, posePrior);
    }

    /** Lets ServiceLoader find this class. */
    public static Dtvae provider() {
        return Wired.byGuice(Dtvae.class);
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.INVERTIBLE_TRANSFORM, Need.PROPER_CODE_PRIOR);
    }

    @Override
    public Optional<String> refuses(ImageSpec image) {
        return posed.refuses(image);
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        Operand<TFloat32> found = localisation.features(net.sub("localisation"), batch.image());
        Latent u = posed.pose(net, found, batch.spec(), samples);
        PoseTransform inverse = transform.inverse().orElseThrow();
        ImageSpec canvas = posed.canvas(batch.spec());
        Net correction = net.sub("transform").again("correction");
        Operand<TFloat32> x = Rows.repeat(net.ops(), batch.image(), samples);
        // Whatever surrounds the canvas, an image is taken to be black outside.
        Operand<TFloat32> y = inverse.apply(correction, x, u.parameters(), canvas, Border.ZERO);
        Latent z = posed.code(net, encoder.features(net.sub("encoder"), y), 1);
        return posed.pass(net, batch, samples, z, u)
                .correctedTo(net.ops(), y, inverse.diagnostics(correction.again("check"), u.parameters(), canvas));
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
