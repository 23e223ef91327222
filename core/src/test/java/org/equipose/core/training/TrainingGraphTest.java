package org.equipose.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Normal;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Head;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Term;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Components;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Training with layers that are large enough to be computed in blocks of rows. */
class TrainingGraphTest {
    private static final ImageSpec SPEC = new ImageSpec(20, 20, 1);
    private static final int UNITS = 50; // 400 × 50 weights
    private static final int STEPS = 6;

    /** Two layers of 20,000 weights; the first net is used a second time, on the reconstruction. */
    private static final class Wide implements Model {
        private final Prior prior = (net, size) -> Optional.of(Normal.standard(net.ops(), size));

        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Operand<TFloat32> features = features(net, batch.image());
            Latent z = Latent.infer(net.sub("z"), "z", features, prior, 2, samples, Head.code(UNITS, -6));
            Generated made = generate(net, Map.of("z", z.parameters()), batch.spec());
            return Pass.of(net.ops(), batch, samples, made, Map.of("z", z));
        }

        static Operand<TFloat32> features(Net net, Operand<TFloat32> image) {
            return Layers.dense(net.sub("wide"), Layers.flatten(net.ops(), image), UNITS, Activation.RELU);
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return Map.of(
                    "z", Latent.fromPrior(net.sub("z"), "z", prior, 2, rows).orElseThrow());
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            Ops tf = net.ops();
            Operand<TFloat32> h = Layers.dense(net.sub("up"), values.get("z"), UNITS, Activation.SOFTPLUS);
            Operand<TFloat32> logits = Layers.dense(net.sub("logits"), h, SPEC.size(), Activation.LINEAR);
            Bernoulli law = Bernoulli.ofLogits(tf.reshape(
                    logits, tf.constant(new long[] {logits.shape().get(0), 20, 20, 1})));
            return new Generated(law.mean(tf), law.mean(tf), law);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void anyNumberOfThreadsComesToTheSameUpToRounding(int threads) {
        Map<String, float[]> one = trained(1, bound());
        Map<String, float[]> many = trained(threads, bound());
        assertThat(many.keySet()).isEqualTo(one.keySet());
        // Adam moves a weight by about 0.01 in a step, whatever the size of its gradient.
        one.forEach((name, values) -> {
            for (int i = 0; i < values.length; i++) {
                assertThat(many.get(name)[i]).as("%s %d", name, i).isCloseTo(values[i], offset(2e-3f));
            }
        });
        Map<String, float[]> again = trained(threads, bound());
        many.forEach((name, values) -> assertThat(again.get(name)).as(name).isEqualTo(values));
    }

    /** The squared distance of features of the image and of its reconstruction: the same weights, twice in one graph. */
    @Test
    void aNetThatIsUsedTwiceLearnsFromBothUses() {
        Linear.Terms twice = (net, model, pass) -> {
            Ops tf = net.ops();
            Operand<TFloat32> seen = Wide.features(net.at("model"), pass.batch().image());
            Operand<TFloat32> made = Wide.features(
                    net.at("model").again("made"), pass.likelihood().mean(tf));
            Operand<TFloat32> far = tf.math.mean(tf.math.square(tf.math.sub(seen, made)), tf.constant(new int[] {1}));
            return List.of(Term.of(tf, "far", far));
        };
        assertThat(trained(2, twice).get("model/wide/weights"))
                .containsExactly(trained(1, twice).get("model/wide/weights"), offset(2e-3f));
    }

    /** The weight of a term may depend on the step: nothing is learned before its time. */
    @Test
    void aWeightMayDependOnTheStep() {
        Linear.Terms late = (net, model, pass) -> {
            Ops tf = net.ops();
            Operand<TFloat32> begun =
                    tf.dtypes.cast(tf.math.greaterEqual(net.step(), tf.constant((long) STEPS)), TFloat32.class);
            Operand<TFloat32> error = tf.math.neg(Rows.mean(tf, pass.logLikelihood()));
            return List.of(new Term("reconstruction", error, begun));
        };
        try (TrainingGraph graph = graph(2, late)) {
            float[] before = steps(graph, 1).get("model/logits/bias").data();
            assertThat(steps(graph, STEPS - 1).get("model/logits/bias").data()).isEqualTo(before);
            assertThat(steps(graph, 1).get("model/logits/bias").data()).isNotEqualTo(before);
        }
    }

    private static Linear.Terms bound() {
        return (net, model, pass) -> List.of(
                Term.of(net.ops(), "reconstruction", net.ops().math.neg(Rows.mean(net.ops(), pass.logLikelihood()))),
                Term.of(
                        net.ops(),
                        "kl_z",
                        Rows.mean(net.ops(), pass.divergence().get("z"))));
    }

    private static TrainingGraph graph(int threads, Linear.Terms terms) {
        Components components = Linear.components(new Wide(), "elbo", terms);
        return new TrainingGraph(Linear.settings(), components, images(), Device.cpu(threads));
    }

    private static Map<String, float[]> trained(int threads, Linear.Terms terms) {
        try (TrainingGraph graph = graph(threads, terms)) {
            Map<String, float[]> found = new java.util.LinkedHashMap<>();
            steps(graph, STEPS).forEach((name, values) -> found.put(name, values.data()));
            return found;
        }
    }

    private static Map<String, Values> steps(TrainingGraph graph, int count) {
        for (int i = 0; i < count; i++) {
            graph.step(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 0.01);
        }
        return graph.read();
    }

    private static Split images() {
        byte[] pixels = new byte[8 * SPEC.size()];
        new Random(5).nextBytes(pixels);
        return new Split(SPEC, pixels, Optional.empty(), Optional.empty());
    }
}
