package org.equipose.plugin.spatialvae;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.BorderKind;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Wired;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The transformer autoencoder: one trunk infers the code z and the pose u from x; the canvas y' = decoder(z) shows the
 * object in reference pose, and x' = T_u(y') puts it where it was seen. The means are warped, not the logits.
 */
@Named("tvae")
@About(value = "autoencoder whose decoded image is moved by an inferred pose", paper = "Vivé 2017, section III")
public final class Tvae implements Model {

    /** Settings. */
    public record Settings(
            @About("size of the code z") int latentDim,

            @About("side of the square canvas in pixels; default: the size of the image")
            OptionalInt canvas,

            @About("what lies outside the canvas") BorderKind border,

            @About("least logarithm of a posterior standard deviation")
            double logScaleFloor) {
        /** A batch of larger ones has more pixels than TensorFlow can count. */
        private static final int MOST = 1024;

        /** The defaults. */
        public Settings() {
            this(20, OptionalInt.empty(), BorderKind.ZERO, -6);
        }

        /** Checks ranges. */
        public Settings {
            if (latentDim < 1) {
                throw new IllegalArgumentException("latent-dim must be at least 1 but was " + latentDim);
            }
            if (canvas.isPresent() && canvas.getAsInt() < 2) {
                throw new IllegalArgumentException("canvas must be at least 2 pixels but was " + canvas.getAsInt());
            }
            if (canvas.isPresent() && canvas.getAsInt() > MOST) {
                throw new IllegalArgumentException(
                        "canvas must be at most " + MOST + " pixels but was " + canvas.getAsInt());
            }
        }
    }

    private final Settings settings;
    private final Encoder encoder;
    private final Decoder decoder;
    private final PoseTransform transform;
    private final Prior codePrior;
    private final Prior posePrior;

    /** Makes the model of its parts. */
    @Inject
    public Tvae(
            Settings settings,
            Encoder encoder,
            Decoder decoder,
            PoseTransform transform,
            @Named("code-prior") Prior codePrior,
            @Named("pose-prior") Prior posePrior) {
        this.settings = settings;
        this.encoder = encoder;
        this.decoder = decoder;
        this.transform = transform;
        this.codePrior = codePrior;
        this.posePrior = posePrior;
    }

    /** Lets ServiceLoader find this class. */
    public static Tvae provider() {
        return Wired.byGuice(Tvae.class);
    }

    @Override
    public Optional<String> refuses(ImageSpec image) {
        if (transform.poseSize(image) == 0) {
            return Optional.of("it needs a pose transform; choose one with --transform, or --model vae");
        }
        if (codePrior.posterior() == Family.DELTA) {
            return Optional.of("its code prior cannot be drawn from; choose --code-prior standard");
        }
        return codePrior
                .refuses(settings.latentDim())
                .or(() -> posePrior.refuses(transform.poseSize(image)))
                .or(() -> GreyImages.only(image));
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        Operand<TFloat32> features = encoder.features(net.sub("encoder"), batch.image());
        Head codeHead = Head.code(features.shape().get(1), settings.logScaleFloor());
        Head poseHead = Head.pose(settings.logScaleFloor());
        int poseSize = transform.poseSize(batch.spec());
        Latent z = Latent.infer(net.sub("z"), "z", features, codePrior, settings.latentDim(), samples, codeHead);
        Latent u = Latent.infer(net.sub("u"), "u", features, posePrior, poseSize, samples, poseHead);
        Map<String, Latent> latents = new LinkedHashMap<>();
        latents.put("z", z);
        latents.put("u", u);
        Generated generated = generate(net, Map.of("z", z.parameters(), "u", u.parameters()), batch.spec());
        return Pass.of(net.ops(), batch, samples, generated, latents);
    }

    @Override
    public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        Map<String, Latent> latents = new LinkedHashMap<>();
        Latent.fromPrior(net.sub("z"), "z", codePrior, settings.latentDim(), rows)
                .ifPresent(z -> latents.put("z", z));
        Latent.fromPrior(net.sub("u"), "u", posePrior, transform.poseSize(image), rows)
                .ifPresent(u -> latents.put("u", u));
        return latents;
    }

    @Override
    public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        ImageSpec size = settings.canvas().isEmpty()
                ? image
                : new ImageSpec(settings.canvas().getAsInt(), settings.canvas().getAsInt(), image.channels());
        Operand<TFloat32> canvas = net.ops().math.sigmoid(decoder.canvas(net.sub("decoder"), values.get("z"), size));
        Operand<TFloat32> pose = values.containsKey("u") ? values.get("u") : identity(net, canvas, image);
        Operand<TFloat32> posed = transform.apply(
                net.sub("transform"), canvas, pose, image, settings.border().border(net));
        return new Generated(canvas, posed, Bernoulli.ofProbabilities(posed));
    }

    private Operand<TFloat32> identity(Net net, Operand<TFloat32> canvas, ImageSpec image) {
        long[] shape = {canvas.shape().get(0), transform.poseSize(image)};
        return net.ops().zeros(net.ops().constant(shape), TFloat32.class);
    }
}
