package org.equipose.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Term;
import org.equipose.core.wiring.Components;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Compares the updates of one parameter with the published rules, computed here in double. The loss is 2w² at w = 1.5. */
class OptimizerTest {
    private static final int STEPS = 25;

    @Test
    void adamIsThatOfKingmaAndBa() {
        double[] state = new double[3];
        check("ADAM", 0.05, w -> {
            state[2]++;
            double g = 4 * w;
            state[0] = 0.9 * state[0] + 0.1 * g;
            state[1] = 0.999 * state[1] + 0.001 * g * g;
            double m = state[0] / (1 - Math.pow(0.9, state[2]));
            double v = state[1] / (1 - Math.pow(0.999, state[2]));
            return w - 0.05 * m / (Math.sqrt(v) + 1e-8);
        });
    }

    @Test
    void adadeltaIsThatOfZeiler() {
        double[] state = new double[2];
        check("ADADELTA", 1, w -> {
            double g = 4 * w;
            state[0] = 0.95 * state[0] + 0.05 * g * g;
            double update = Math.sqrt(state[1] + 1e-6) / Math.sqrt(state[0] + 1e-6) * g;
            state[1] = 0.95 * state[1] + 0.05 * update * update;
            return w - update;
        });
    }

    @Test
    void sgdHasMomentum() {
        double[] velocity = new double[1];
        check("SGD", 0.01, w -> {
            velocity[0] = 0.9 * velocity[0] + 4 * w;
            return w - 0.01 * velocity[0];
        });
    }

    @Test
    void clippingScalesTheGradientToItsLargestNorm() {
        double[] velocity = new double[1];
        check("SGD", 0.01, 2, w -> {
            velocity[0] = 0.9 * velocity[0] + Math.max(-2, Math.min(2, 4 * w));
            return w - 0.01 * velocity[0];
        });
    }

    @Test
    void schedulesFollowTheirFormulas() {
        RunSettings exponential = Linear.settings("schedule=EXPONENTIAL", "lr-epochs=50", "lr=0.0015");
        RunSettings halving = Linear.settings("schedule=HALVING", "lr-epochs=5", "lr=0.001");
        assertThat(Optimizer.rate(exponential, 0)).isEqualTo(0.0015);
        assertThat(Optimizer.rate(exponential, 50)).isCloseTo(0.0015 / Math.E, within(1e-12));
        assertThat(Optimizer.rate(halving, 4)).isEqualTo(0.001);
        assertThat(Optimizer.rate(halving, 5)).isEqualTo(0.0005);
        assertThat(Optimizer.rate(halving, 19)).isEqualTo(0.000125);
        assertThat(Optimizer.rate(Linear.settings("lr=0.3"), 99)).isEqualTo(0.3);
    }

    private static void check(String optimizer, double rate, DoubleUnaryOperator rule) {
        check(optimizer, rate, 0, rule);
    }

    private static void check(String optimizer, double rate, double clip, DoubleUnaryOperator rule) {
        RunSettings settings = Linear.settings("optimizer=" + optimizer, "clip=" + clip);
        Components components = Linear.components(
                new OneWeight(),
                "square",
                (net, model, pass) -> List.of(Term.of(net.ops(), "square", OneWeight.loss(net))));
        try (TrainingGraph graph =
                new TrainingGraph(settings, components, Linear.data().train(), Device.cpu(2))) {
            double expected = 1.5;
            for (int step = 1; step <= STEPS; step++) {
                graph.step(new int[8], rate);
                expected = rule.applyAsDouble(expected);
                float found = graph.read().get("model/w").data()[0];
                assertThat((double) found)
                        .as("%s after step %d", optimizer, step)
                        .isCloseTo(expected, within(2e-5));
            }
        }
    }

    /** A model that is one number and ignores its images. */
    private static final class OneWeight implements Model {

        static Operand<TFloat32> loss(Net net) {
            Ops tf = net.ops();
            return tf.math.mul(tf.constant(2f), tf.math.square(weight(net.at("model"))));
        }

        private static Operand<TFloat32> weight(Net net) {
            return net.parameter("w", Initializer.constant(1.5f));
        }

        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            return Pass.of(net.ops(), batch, samples, generate(net, Map.of(), batch.spec()), Map.of());
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return Map.of();
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            Ops tf = net.ops();
            Operand<TFloat32> flat = tf.fill(tf.constant(new int[] {8, 2, 3, 1}), weight(net));
            return new Generated(flat, flat, Bernoulli.ofLogits(flat));
        }
    }
}
