package org.equipose.tck;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The smallest model there is: a code z of four numbers, standard normal; q(z | x) is normal, its mean and log-scale linear
 * in eight features; pixels are Bernoulli, their logits linear in z. Objectives and evaluators are tried on it. With a pose,
 * u is one number, a point, that is added to all logits.
 */
public final class ToyModel implements Model {
    private static final int CODE = 4;
    private static final int FEATURES = 8;

    /** N(0, I). */
    private static final Prior STANDARD = new Prior() {
        @Override
        public Optional<Distribution> over(Net net, int latentSize) {
            return Optional.of(Normal.standard(net.ops(), latentSize));
        }
    };

    /** No preference: only a point goes with it. */
    private static final Prior IMPROPER = new Prior() {
        @Override
        public Family posterior() {
            return Family.DELTA;
        }

        @Override
        public Optional<Distribution> over(Net net, int latentSize) {
            return Optional.empty();
        }
    };

    private final boolean posed;

    /** Makes the model without a pose. */
    public ToyModel() {
        this(false);
    }

    private ToyModel(boolean posed) {
        this.posed = posed;
    }

    /** Returns the model with a pose whose prior is improper. */
    public static ToyModel withAPointPose() {
        return new ToyModel(true);
    }

    /** Returns the priors by role, as {@link org.equipose.core.spi.Objective#refuses} is given them. */
    public Map<String, Prior> priors() {
        return posed ? Map.of("code-prior", STANDARD, "pose-prior", IMPROPER) : Map.of("code-prior", STANDARD);
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        Operand<TFloat32> flat = Layers.flatten(net.ops(), batch.image());
        Operand<TFloat32> features = Layers.dense(net.sub("encoder"), flat, FEATURES, Activation.TANH);
        Latent z = Latent.infer(net.sub("z"), "z", features, STANDARD, CODE, samples, Head.code(FEATURES, -6));
        Map<String, Latent> latents = new LinkedHashMap<>();
        latents.put("z", z);
        Map<String, Operand<TFloat32>> values = new HashMap<>(Map.of("z", z.parameters()));
        if (posed) {
            Latent u = Latent.infer(net.sub("u"), "u", features, IMPROPER, 1, samples, Head.code(FEATURES, -6));
            latents.put("u", u);
            values.put("u", u.parameters());
        }
        Generated generated = generate(net, values, batch.spec());
        return Pass.of(net.ops(), batch, samples, generated, latents);
    }

    @Override
    public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        Map<String, Latent> latents = new LinkedHashMap<>();
        Latent.fromPrior(net.sub("z"), "z", STANDARD, CODE, rows).ifPresent(z -> latents.put("z", z));
        return latents;
    }

    @Override
    public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        Operand<TFloat32> z = values.get("z");
        Operand<TFloat32> flat = Layers.dense(net.sub("decoder"), z, image.size(), Activation.LINEAR);
        if (values.containsKey("u")) {
            flat = net.ops().math.add(flat, values.get("u"));
        }
        long[] shape = {z.shape().get(0), image.height(), image.width(), image.channels()};
        Operand<TFloat32> logits = net.ops().reshape(flat, net.ops().constant(shape));
        Operand<TFloat32> means = net.ops().math.sigmoid(logits);
        return new Generated(means, means, Bernoulli.ofLogits(logits));
    }
}
