package org.equipose.core.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Term;
import org.equipose.core.wiring.Components;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Small components and data to train with. */
public final class Linear {
    public static final ImageSpec SPEC = new ImageSpec(2, 3, 1);

    private Linear() {}

    /** A code of one number, an encoder of one matrix, a decoder of one matrix. */
    public static final class LinearModel implements Model {
        private final Prior prior = (net, size) -> Optional.of(Normal.standard(net.ops(), size));

        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Operand<TFloat32> pixels =
                    net.ops().reshape(batch.image(), net.ops().constant(new int[] {batch.size(), 6}));
            Latent z = Latent.infer(net.sub("z"), "z", pixels, prior, 1, samples, Head.code(6, -6));
            return Pass.of(net.ops(), batch, samples, generate(net, Map.of("z", z.parameters()), SPEC), Map.of("z", z));
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return Map.of(
                    "z", Latent.fromPrior(net.sub("z"), "z", prior, 1, rows).orElseThrow());
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            Ops tf = net.ops();
            Operand<TFloat32> weights = net.sub("decoder").parameter("weights", Initializer.normal(0.5), 1, 6);
            Operand<TFloat32> logits = tf.linalg.matMul(values.get("z"), weights);
            long rows = logits.shape().get(0);
            Distribution likelihood = Bernoulli.ofLogits(tf.reshape(logits, tf.constant(new long[] {rows, 2, 3, 1})));
            return new Generated(likelihood.mean(tf), likelihood.mean(tf), likelihood);
        }
    }

    /** Minimises the negative bound. */
    static Components elbo() {
        return components(new LinearModel(), "elbo", (net, model, pass) -> {
            Ops tf = net.ops();
            return List.of(
                    Term.of(tf, "reconstruction", tf.math.neg(tf.math.mean(pass.logLikelihood(), tf.constant(0)))),
                    Term.of(tf, "kl_z", tf.math.mean(pass.divergence().get("z"), tf.constant(0))));
        });
    }

    /** What an objective computes. */
    @FunctionalInterface
    interface Terms {
        List<Term> of(Net net, Model model, Pass pass);
    }

    static Components components(Model model, String name, Terms terms) {
        return new Components(
                model, Optional.empty(), Map.of(), List.of(new Components.Weighted(1, name, bound(terms))), Map.of());
    }

    static Objective bound(Terms terms) {
        return new Objective() {
            @Override
            public Role role() {
                return Role.BOUND;
            }

            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                return terms.of(net, model, pass);
            }
        };
    }

    /** Images of two kinds: bright on the left or bright on the right. */
    static DataSets data() {
        return new DataSets(split(40, 1), split(12, 2), split(12, 3));
    }

    private static Split split(int count, int seed) {
        byte[] pixels = new byte[count * SPEC.size()];
        java.util.Random random = new java.util.Random(seed);
        for (int i = 0; i < pixels.length; i++) {
            boolean bright = (i % 3 == 0) == ((i / SPEC.size()) % 2 == 0);
            pixels[i] = (byte) (bright ? 200 + random.nextInt(56) : random.nextInt(56));
        }
        return new Split(SPEC, pixels, Optional.empty(), Optional.empty());
    }

    /** The defaults with small batches and the given changes, as {@code key=value}. */
    static RunSettings settings(String... changes) {
        RunSettings d = new RunSettings();
        Map<String, String> given = new java.util.HashMap<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            given.put(change.substring(0, equals), change.substring(equals + 1));
        }
        return new RunSettings(
                "strokes",
                "vae",
                d.encoder(),
                d.decoder(),
                "none",
                d.codePrior(),
                "none",
                "elbo",
                Targets.valueOf(given.getOrDefault("targets", "GREY")),
                d.validation(),
                d.initFrom(),
                d.restarts(),
                Integer.parseInt(given.getOrDefault("epochs", "3")),
                8,
                RunSettings.OptimizerKind.valueOf(given.getOrDefault("optimizer", "ADAM")),
                java.util.OptionalDouble.of(Double.parseDouble(given.getOrDefault("lr", "0.01"))),
                RunSettings.LrSchedule.valueOf(given.getOrDefault("schedule", "CONSTANT")),
                Integer.parseInt(given.getOrDefault("lr-epochs", "2")),
                0.9,
                Double.parseDouble(given.getOrDefault("clip", "0")),
                Long.parseLong(given.getOrDefault("seed", "7")),
                d.dataSeed(),
                2,
                "cpu",
                Integer.parseInt(given.getOrDefault("checkpoint-every", "1")),
                1,
                Boolean.parseBoolean(given.getOrDefault("test-each-epoch", "false")),
                d.eval());
    }
}
