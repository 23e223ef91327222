package org.equipose.plugin.standard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Delta;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.equipose.tck.FreshModel;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A model that was never trained and knows what it sees: the code is the centre of the light (x, y), times a factor, and the pose is
 * the direction of that centre, times a factor, plus 1; u turns the object by u radians clockwise.
 */
record Compass(ImageSpec image, float codeFactor, float poseFactor) implements Trained {

    /** Turns by u radians clockwise. */
    private static final class Turn implements SpatialTransform {
        @Override
        public int poseSize(ImageSpec image) {
            return 1;
        }

        @Override
        public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
            float[] x = new float[points.points()];
            float[] y = new float[points.points()];
            for (int p = 0; p < x.length; p++) {
                x[p] = (float) points.x(p);
                y[p] = (float) points.y(p);
            }
            Ops tf = net.ops();
            Operand<TFloat32> sin = tf.math.sin(pose);
            Operand<TFloat32> cosLessOne = tf.math.sub(tf.math.cos(pose), tf.constant(1f));
            return new Displacement(
                    tf.math.add(tf.math.mul(cosLessOne, tf.constant(x)), tf.math.mul(sin, tf.constant(y))),
                    tf.math.sub(tf.math.mul(cosLessOne, tf.constant(y)), tf.math.mul(sin, tf.constant(x))));
        }
    }

    private record Seer(float codeFactor, float poseFactor) implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Ops tf = net.ops();
            Grid points = new Grid(batch.spec().height(), batch.spec().width());
            float[][] places = new float[points.points()][2];
            for (int p = 0; p < places.length; p++) {
                places[p] = new float[] {(float) points.x(p), (float) points.y(p)};
            }
            Operand<TFloat32> light = Layers.flatten(tf, batch.image());
            Operand<TFloat32> sums = tf.linalg.matMul(light, tf.constant(places));
            Operand<TFloat32> x = tf.slice(sums, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, 1}));
            Operand<TFloat32> y = tf.slice(sums, tf.constant(new int[] {0, 1}), tf.constant(new int[] {-1, 1}));
            Map<String, Latent> latents = new LinkedHashMap<>();
            latents.put("z", point(tf, "z", tf.math.mul(sums, tf.constant(codeFactor))));
            Operand<TFloat32> direction = tf.math.mul(tf.math.atan2(y, x), tf.constant(poseFactor));
            latents.put("u", point(tf, "u", tf.math.add(direction, tf.constant(1f))));
            return Pass.of(tf, batch, samples, generated(tf, batch.size(), batch.spec()), latents);
        }

        private static Latent point(Ops tf, String name, Operand<TFloat32> value) {
            Delta law = new Delta(value);
            return new Latent(name, law, Optional.empty(), value, law.logProb(tf, value), value);
        }

        private static Generated generated(Ops tf, int rows, ImageSpec image) {
            Operand<TFloat32> grey = tf.fill(
                    tf.constant(new int[] {rows, image.height(), image.width(), image.channels()}), tf.constant(0.5f));
            return new Generated(grey, grey, Bernoulli.ofProbabilities(grey));
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec spec) {
            return Map.of();
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec spec) {
            return generated(net.ops(), (int) values.get("z").shape().get(0), spec);
        }
    }

    @Override
    public Model model() {
        return new Seer(codeFactor, poseFactor);
    }

    @Override
    public Optional<PoseTransform> transform() {
        return Optional.of(new Turn());
    }

    @Override
    public Targets targets() {
        return Targets.GREY;
    }

    @Override
    public List<Values> map(Split split, BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        return new FreshModel(model(), image).map(split, section);
    }

    @Override
    public List<Values> run(Function<Net, List<Operand<TFloat32>>> section) {
        return new FreshModel(model(), image).run(section);
    }
}
