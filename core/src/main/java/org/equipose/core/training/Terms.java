package org.equipose.core.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.CustomGradient;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Refusal;
import org.equipose.core.spi.Term;
import org.equipose.core.wiring.Components;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * One pass of the model and what its objectives say of it.
 *
 * @param loss what is minimised, a scalar
 * @param logged what is written down, by name: the bound first, then every term without its weight, {@code [batch]}, or a
 *     scalar for what compares whole batches; then diagnostics, {@code [batch]}
 * @param inNats how many of them are in nats per image: all but the diagnostics
 */
record Terms(Operand<TFloat32> loss, Map<String, Operand<TFloat32>> logged, int inNats) {

    /** What samples an image has eight numbers for each of its pixels, and counts them in 32 bits. */
    private static final int MOST_PIXELS = Integer.MAX_VALUE / 8;

    /**
     * Builds pass and objectives.
     *
     * @throws TrainingFailure if that is more than TensorFlow can count
     */
    static Terms of(Net net, Components components, Batch batch) {
        Ops tf = net.ops();
        Model model = components.model().at("model");
        int samples = components.objectives().stream()
                .mapToInt(weighted -> weighted.objective().samples())
                .max()
                .orElse(1);
        if ((double) batch.size() * samples * batch.spec().size() > MOST_PIXELS) {
            throw new TrainingFailure("a step of " + batch.size() + " images with " + samples
                    + " samples each has more pixels" + " than TensorFlow can count; lower batch-size or samples");
        }
        Pass pass = model.pass(net.sub("pass"), batch, samples);
        Map<String, Operand<TFloat32>> logged = new LinkedHashMap<>();
        logged.put("elbo" + pass.qualifier(), Rows.mean(tf, bound(tf, pass)));
        List<Operand<TFloat32>> losses = new ArrayList<>();
        for (Components.Weighted weighted : components.objectives()) {
            // The path of its parameters is the same wherever the pass is built.
            Net own = net.sub("objective").sub(weighted.name()).at("objective/" + weighted.name());
            for (Term term : terms(weighted, own, model, pass)) {
                if (logged.putIfAbsent(term.name(), term.value()) != null) {
                    throw new IllegalStateException("two objectives have a term named " + term.name());
                }
                // What has no weight has no gradient either: nothing that is trained can notice it.
                if (term.weight().isPresent() && weighted.weight() != 0) {
                    Operand<TFloat32> weight = term.weight().get();
                    if (weighted.weight() != 1) {
                        weight = tf.math.mul(weight, tf.constant((float) weighted.weight()));
                    }
                    losses.add(scaled(tf, mean(tf, term.value()), weight));
                }
            }
        }
        int inNats = logged.size();
        for (Diagnostic diagnostic : pass.diagnostics()) {
            if (logged.putIfAbsent(diagnostic.metric(), diagnostic.value()) != null) {
                throw new IllegalStateException("two terms of the model are called " + diagnostic.metric());
            }
        }
        return new Terms(tf.math.addN(losses), logged, inNats);
    }

    private static List<Term> terms(Components.Weighted weighted, Net net, Model model, Pass pass) {
        try {
            return weighted.objective().terms(net, model, pass);
        } catch (Refusal e) {
            throw new Refusal("objective " + weighted.name() + ": " + e.getMessage());
        }
    }

    /** The gradient by hand spares the backward pass to wait for the value of the term. */
    private static Operand<TFloat32> scaled(Ops tf, Operand<TFloat32> mean, Operand<TFloat32> weight) {
        return CustomGradient.of(
                tf,
                tf.math.mul(mean, weight),
                List.of(mean, weight),
                (t, gradient) -> List.of(t.math.mul(gradient, weight), t.math.mul(gradient, mean)));
    }

    /** log p(x | latents) − Σ KL, {@code [samples, batch]}. */
    private static Operand<TFloat32> bound(Ops tf, Pass pass) {
        Operand<TFloat32> bound = pass.logLikelihood();
        for (Operand<TFloat32> divergence : pass.divergence().values()) {
            bound = tf.math.sub(bound, divergence);
        }
        return bound;
    }

    /** Averages {@code [batch]} to a scalar; a scalar stays. */
    static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> value) {
        return value.shape().numDimensions() == 0 ? value : Rows.mean(tf, value);
    }
}
