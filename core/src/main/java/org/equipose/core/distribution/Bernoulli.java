package org.equipose.core.distribution;

import java.util.List;
import org.equipose.core.graph.CustomGradient;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Independent binary pixels, given by logits or by probabilities. Scoring grey pixels in [0, 1] with {@link #logProb} is
 * the field's habit; the score is then a cross-entropy and not the log-density of anything.
 */
public final class Bernoulli implements Distribution {
    private static final float CLIP = 1e-6f;

    private final Operand<TFloat32> parameter;
    private final boolean logits;

    private Bernoulli(Operand<TFloat32> parameter, boolean logits) {
        this.parameter = parameter;
        this.logits = logits;
    }

    /** Returns the law with the given log-odds, {@code [rows, event...]}. */
    public static Bernoulli ofLogits(Operand<TFloat32> logits) {
        return new Bernoulli(logits, true);
    }

    /** Returns the law with the given probabilities, clipped to [1e-6, 1 − 1e-6], {@code [rows, event...]}. */
    public static Bernoulli ofProbabilities(Operand<TFloat32> probabilities) {
        return new Bernoulli(probabilities, false);
    }

    /** Draws zeros and ones. The gradient passes straight through to the probabilities. */
    @Override
    public Draw draw(Net net, int times) {
        Ops tf = net.ops();
        Operand<TFloat32> p = Rows.repeat(tf, mean(tf), times);
        Operand<TFloat32> noise = net.uniform(p.shape().asArray());
        Operand<TFloat32> hard = tf.dtypes.cast(tf.math.less(noise, p), TFloat32.class);
        Operand<TFloat32> value = CustomGradient.of(tf, hard, List.of(p), (t, gradient) -> List.of(gradient));
        return new Draw(value, logProb(tf, value));
    }

    /** log p(x) = Σ x log p + (1−x) log(1−p). */
    @Override
    public Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value) {
        Operand<TFloat32> x = Rows.match(tf, value, parameter);
        Operand<TFloat32> law = Rows.match(tf, parameter, value);
        return logits ? ofLogits(tf, law, x) : ofProbabilities(tf, law, x);
    }

    /**
     * With logits l and s = sigmoid(l): log p(x) = Σ x l − max(l, 0) + log max(s, 1−s). The last terms lie in [½, 1], so a
     * product of up to 32 of them cannot underflow and one logarithm serves a whole group; softplus would cost four times
     * as much. Gradients: x − s and l.
     */
    private static Operand<TFloat32> ofLogits(Ops tf, Operand<TFloat32> l, Operand<TFloat32> x) {
        Operand<TFloat32> s = tf.math.sigmoid(l);
        Operand<TFloat32> larger = tf.math.maximum(s, tf.math.sub(tf.constant(1f), s));
        long rows = l.shape().get(0);
        long pixels = l.shape().size() / rows;
        long group = groupSize(pixels);
        Operand<TFloat32> grouped = tf.reshape(larger, tf.constant(new long[] {rows, pixels / group, group}));
        Operand<TFloat32> logs = tf.sum(tf.math.log(tf.prod(grouped, tf.constant(2))), tf.constant(1));
        Operand<TFloat32> linear = Rows.sum(tf, tf.math.sub(tf.math.mul(x, l), tf.nn.relu(l)));
        long[] perRow = Rows.perRow(rows, l.shape());
        return CustomGradient.of(tf, tf.math.add(linear, logs), List.of(l, x), (t, gradient) -> {
            Operand<TFloat32> g = Rows.perRow(t, gradient, perRow);
            return List.of(t.math.mul(t.math.sub(x, s), g), t.math.mul(l, g));
        });
    }

    private static long groupSize(long pixels) {
        long group = 32;
        while (pixels % group != 0) {
            group--;
        }
        return group;
    }

    /** Gradients: (x − p)/(p(1−p)) where p was not clipped, and log p − log(1−p). */
    private static Operand<TFloat32> ofProbabilities(Ops tf, Operand<TFloat32> probabilities, Operand<TFloat32> x) {
        Operand<TFloat32> one = tf.constant(1f);
        Operand<TFloat32> p = tf.clipByValue(probabilities, tf.constant(CLIP), tf.constant(1 - CLIP));
        Operand<TFloat32> q = tf.math.sub(one, p);
        Operand<TFloat32> logP = tf.math.log(p);
        Operand<TFloat32> logQ = tf.math.log(q);
        Operand<TFloat32> logOdds = tf.math.sub(logP, logQ);
        Operand<TFloat32> value = Rows.sum(tf, tf.math.add(tf.math.mul(x, logOdds), logQ));
        long[] perRow = Rows.perRow(p.shape().get(0), p.shape());
        return CustomGradient.of(tf, value, List.of(probabilities, x), (t, gradient) -> {
            Operand<TFloat32> g = Rows.perRow(t, gradient, perRow);
            Operand<TFloat32> slope = t.math.div(t.math.sub(x, p), t.math.mul(p, q));
            Operand<TFloat32> unclipped = t.dtypes.cast(t.math.equal(p, probabilities), TFloat32.class);
            return List.of(t.math.mul(t.math.mul(slope, unclipped), g), t.math.mul(logOdds, g));
        });
    }

    @Override
    public Operand<TFloat32> mean(Ops tf) {
        return logits ? tf.math.sigmoid(parameter) : parameter;
    }
}
