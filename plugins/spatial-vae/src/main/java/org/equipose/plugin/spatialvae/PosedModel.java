package org.equipose.plugin.spatialvae;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What {@link Tvae} and {@link Dtvae} have in common, all but the way from an image to its features: the heads of code z and pose
 * u, their priors, and p(x | z, u): the canvas y' = decoder(z) shows the object in reference pose, and x' = T_u(y') puts it
 * where it was seen. The means are warped, not the logits.
 */
record PosedModel(PosedSettings settings, Decoder decoder, PoseTransform transform, Prior codePrior, Prior posePrior) {

    Optional<String> refuses(ImageSpec image) {
        if (transform.poseSize(image) == 0) {
            return Optional.of("it needs a pose transform; choose one with --transform, or --model vae");
        }
        return codePrior
                .refuses(settings.latentDim())
                .or(() -> posePrior.refuses(transform.poseSize(image)))
                .or(() -> GreyImages.only(image));
    }

    /** Returns the size of the canvas for images of that size. */
    ImageSpec canvas(ImageSpec image) {
        return settings.canvas().isEmpty()
                ? image
                : new ImageSpec(settings.canvas().getAsInt(), settings.canvas().getAsInt(), image.channels());
    }

    /** Infers z with that many draws per row of the features. */
    Latent code(Net net, Operand<TFloat32> features, int samples) {
        Head head = Head.code(features.shape().get(1), settings.logScaleFloor());
        return Latent.infer(net.sub("z"), "z", features, codePrior, settings.latentDim(), samples, head);
    }

    /** Infers u of images of that size, with that many draws per row of the features. */
    Latent pose(Net net, Operand<TFloat32> features, ImageSpec image, int samples) {
        Head head =
                Head.pose(settings.logScaleFloor()).within(settings.poseBound().orElse(Double.POSITIVE_INFINITY));
        return Latent.infer(net.sub("u"), "u", features, posePrior, transform.poseSize(image), samples, head);
    }

    /** Decodes what was inferred, and scores the images. */
    Pass pass(Net net, Batch batch, int samples, Latent z, Latent u) {
        Map<String, Latent> latents = new LinkedHashMap<>();
        latents.put("z", z);
        latents.put("u", u);
        Generated generated = generate(net, Map.of("z", z.parameters(), "u", u.parameters()), batch.spec());
        return Pass.of(net.ops(), batch, samples, generated, latents);
    }

    Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        Map<String, Latent> latents = new LinkedHashMap<>();
        Latent.fromPrior(net.sub("z"), "z", codePrior, settings.latentDim(), rows)
                .ifPresent(z -> latents.put("z", z));
        Latent.fromPrior(net.sub("u"), "u", posePrior, transform.poseSize(image), rows)
                .ifPresent(u -> latents.put("u", u));
        return latents;
    }

    Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        Operand<TFloat32> logits = decoder.canvas(net.sub("decoder"), values.get("z"), canvas(image));
        Operand<TFloat32> canvas = net.ops().math.sigmoid(logits);
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
