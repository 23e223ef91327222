package org.equipose.plugin.mutualinformation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseDraw;
import org.equipose.core.spi.Refusal;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Codes drawn from the prior, decoded, and inferred again from the image that came out (Ducau and Trénous 2017, section 2.1.2,
 * steps 4 to 6). How well each is recognised is a lower bound on the mutual information with the image (Agakov and Barber 2004):
 * I(c; x) ≥ E log q(c | x) + H(c), in nats, for a code that is decoded.
 *
 * @param chosen of the first dimensions of the code, {@code [batch]}
 * @param rest of its other dimensions, {@code [batch]}; empty if there are none
 * @param pose of the pose, {@code [batch]}; empty if it was not drawn from a prior
 */
record RoundTrip(Operand<TFloat32> chosen, Optional<Operand<TFloat32>> rest, Optional<Operand<TFloat32>> pose) {
    private static final String CODE = "z";
    private static final String POSE = "u";

    /**
     * How to make it.
     *
     * @param dims leading dimensions of the code that are chosen; empty for its first half, rounded down
     * @param image what the encoder is shown
     * @param poseDraw pose of an image where it has no proper prior
     */
    record Way(OptionalInt dims, DecodedImage image, PoseDraw poseDraw) {}

    /**
     * Builds the round trip of as many codes as there are images in a batch.
     *
     * @param net of whoever asks
     * @param model at its place
     * @param pass of images whose poses are borrowed where there is no proper prior to draw from
     * @throws Refusal if the code has not that many dimensions
     */
    static RoundTrip of(Net net, Model model, Pass pass, Way way) {
        Batch batch = pass.batch();
        Map<String, Latent> drawn = model.prior(net.sub("drawn"), batch.size(), batch.spec());
        Map<String, Operand<TFloat32>> values = new HashMap<>();
        drawn.forEach((name, latent) -> values.put(name, latent.parameters()));
        if (pass.latents().containsKey(POSE) && !drawn.containsKey(POSE)) {
            pose(net.ops(), pass, way.poseDraw()).ifPresent(pose -> values.put(POSE, pose));
        }
        Generated generated = model.generate(net.sub("decoded"), values, batch.spec());
        Operand<TFloat32> image = way.image() == DecodedImage.MEAN
                ? generated.image()
                : generated.likelihood().draw(net.sub("pixels"), 1).value();
        Map<String, Latent> found =
                model.pass(net.sub("recognised"), new Batch(image), 1).latents();
        Latent code = drawn.get(CODE);
        int size = (int) code.draw().shape().get(1);
        int chosen = chosen(way.dims(), size);
        return new RoundTrip(
                bound(net.ops(), found.get(CODE), code, 0, chosen),
                chosen == size ? Optional.empty() : Optional.of(bound(net.ops(), found.get(CODE), code, chosen, size)),
                Optional.ofNullable(drawn.get(POSE))
                        .map(pose -> bound(net.ops(), found.get(POSE), pose, 0, (int)
                                pose.draw().shape().get(1))));
    }

    private static int chosen(OptionalInt dims, int size) {
        int chosen = dims.orElse(size / 2);
        if (chosen < 1 || chosen > size) {
            throw new Refusal("mutual information is asked for with " + chosen + " of the " + size
                    + " dimensions of the code; choose dims from 1 to " + size);
        }
        return chosen;
    }

    /** A borrowed pose is a given: nothing is learned about how to infer it. Empty for the reference pose. */
    private static Optional<Operand<TFloat32>> pose(Ops tf, Pass pass, PoseDraw draw) {
        Operand<TFloat32> all = pass.latents().get(POSE).parameters();
        int batch = pass.batch().size();
        int size = (int) all.shape().get(1);
        Operand<TFloat32> first = tf.slice(all, tf.constant(new int[] {0, 0}), tf.constant(new int[] {batch, size}));
        return switch (draw) {
            case IDENTITY -> Optional.empty();
            // Of the next image, so that no image has its own.
            case BATCH -> Optional.of(tf.stopGradient(tf.roll(first, tf.constant(1), tf.constant(0))));
            case MEAN -> {
                Operand<TFloat32> mean = tf.math.mean(first, tf.constant(new int[] {0}));
                yield Optional.of(tf.stopGradient(tf.broadcastTo(mean, tf.constant(new int[] {batch, size}))));
            }
        };
    }

    /** log q(v | x) + H(v) for the coordinates from (inclusive) to to of a drawn latent v. */
    private static Operand<TFloat32> bound(Ops tf, Latent found, Latent drawn, int from, int to) {
        Operand<TFloat32> value =
                tf.slice(drawn.draw(), tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, to - from}));
        Distribution prior = part(tf, drawn, drawn.posterior(), from, to);
        Operand<TFloat32> entropy = prior.entropy(tf).orElseGet(() -> tf.math.neg(prior.logProb(tf, value)));
        return tf.math.add(part(tf, found, found.posterior(), from, to).logProb(tf, value), entropy);
    }

    private static Distribution part(Ops tf, Latent latent, Distribution law, int from, int to) {
        return law.marginal(tf, from, to)
                .orElseThrow(() -> new IllegalArgumentException("the dimensions of latent " + latent.name()
                        + " are not independent given the image, so that no part of it can be scored by itself"));
    }
}
