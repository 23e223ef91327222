package org.equipose.core.spi;

import java.util.Optional;
import org.equipose.core.distribution.Delta;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Laplace;
import org.equipose.core.distribution.Normal;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A latent variable as one pass saw it. Rows are samples·batch, sample-major.
 *
 * @param name z for the code, u for the pose
 * @param posterior q(· | x), {@code [batch, size]}; where it also depends on the draws of another latent, a row for each of
 *     them, {@code [rows, size]}; in a latent drawn from the prior, the prior. Row r of the draw belongs to row r mod n of
 *     the n rows of the posterior
 * @param prior p(·), one row, where it can be written down
 * @param draw the value that posterior and prior speak of, {@code [rows, size]}
 * @param logQ log-density of the draw under the posterior in nats, {@code [rows]}
 * @param parameters what the rest of the model eats, a function of the draw, {@code [rows, parameters]}
 */
public record Latent(
        String name,
        Distribution posterior,
        Optional<Distribution> prior,
        Operand<TFloat32> draw,
        Operand<TFloat32> logQ,
        Operand<TFloat32> parameters) {

    /**
     * Infers a latent from features.
     *
     * @param net where its heads and the parameters of its prior live
     * @param features {@code [n, features]}: a row for each image or, of what was made with draws of another latent, a row
     *     for each of those
     * @param size number of parameters the model eats
     * @param samples draws per row of the features
     */
    public static Latent infer(
            Net net, String name, Operand<TFloat32> features, Prior prior, int size, int samples, Head head) {
        int latentSize = prior.latentSize(size);
        Operand<TFloat32> mean = mean(net, features, latentSize, head);
        Distribution posterior =
                switch (prior.posterior()) {
                    case DELTA -> new Delta(mean);
                    case NORMAL -> new Normal(mean, logScale(net, features, latentSize, head));
                    case LAPLACE -> new Laplace(mean, logScale(net, features, latentSize, head));
                };
        Distribution.Draw draw = posterior.draw(net.sub("draw"), samples);
        Net priorNet = net.sub("prior");
        return new Latent(
                name,
                posterior,
                prior.over(priorNet, latentSize),
                draw.value(),
                draw.logProb(),
                prior.push(priorNet, draw.value(), size));
    }

    private static Operand<TFloat32> mean(Net net, Operand<TFloat32> features, int size, Head head) {
        Ops tf = net.ops();
        Operand<TFloat32> linear =
                Layers.dense(net.sub("mean"), features, size, Activation.LINEAR, head.mean(), head.mean());
        if (head.bound() == Double.POSITIVE_INFINITY) {
            return linear;
        }
        Operand<TFloat32> bound = tf.constant((float) head.bound());
        return tf.math.mul(tf.math.tanh(tf.math.div(linear, bound)), bound);
    }

    private static Operand<TFloat32> logScale(Net net, Operand<TFloat32> features, int size, Head head) {
        Initializer spread = Initializer.fanIn(features.shape().get(1));
        Operand<TFloat32> linear = Layers.dense(
                net.sub("log-scale"), features, size, Activation.LINEAR, spread, Initializer.constant(head.logScale()));
        return net.ops().math.maximum(linear, net.ops().constant(head.floor()));
    }

    /**
     * Draws a latent from its prior.
     *
     * @param net the net given to {@link #infer}
     * @return empty if the prior cannot be drawn from
     */
    public static Optional<Latent> fromPrior(Net net, String name, Prior prior, int size, int rows) {
        Net priorNet = net.sub("prior");
        return prior.over(priorNet, prior.latentSize(size)).map(law -> {
            Distribution.Draw draw = law.draw(net.sub("prior-draw"), rows);
            Operand<TFloat32> parameters = prior.push(priorNet, draw.value(), size);
            return new Latent(name, law, Optional.of(law), draw.value(), draw.logProb(), parameters);
        });
    }

    /**
     * Returns KL(posterior ‖ prior) in nats: the closed form where there is one, otherwise log q − log p at the draws.
     *
     * @param samples draws per image
     * @return {@code [samples, batch]}
     */
    public Operand<TFloat32> divergence(Ops tf, int samples) {
        if (prior.isEmpty() && !(posterior instanceof Delta)) {
            throw new IllegalStateException(
                    "latent " + name + " has an improper prior, which only goes with a point posterior:"
                            + " the divergence of any other is infinite");
        }
        if (prior.isEmpty()) {
            // An improper uniform prior: only a point posterior goes with it, and its divergence counts as zero.
            return tf.zerosLike(Rows.bySample(tf, logQ, samples));
        }
        return posterior
                .kl(tf, prior.get())
                .map(kl -> Rows.bySample(tf, Rows.repeat(tf, kl, drawsPerRow(kl, samples)), samples))
                .orElseGet(() -> Rows.bySample(tf, tf.math.sub(logQ, prior.get().logProb(tf, draw)), samples));
    }

    /** Rows of unknown number are images. */
    private int drawsPerRow(Operand<TFloat32> perRow, int samples) {
        long known = perRow.shape().get(0);
        return known == Shape.UNKNOWN_SIZE ? samples : (int) (logQ.shape().get(0) / known);
    }
}
