package org.equipose.plugin.standard;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A classifier that has nothing to do with the model it judges: two convolutions of 5 × 5, each followed by a maximum over
 * 2 × 2 pixels, a layer of 128 units, all with ReLU, and a softmax; trained with Adam.
 */
final class Judge implements AutoCloseable {
    /** Part of the key of what is cached: goes up when the same images give other weights. */
    private static final int VERSION = 1;

    private static final int BATCH = 100;
    private static final int FILTER = 5;
    private static final long SEED = 19980101;
    private static final double RATE = 1e-3;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;

    private final ImageSpec spec;
    private final int classes;
    private final GraphSession session = new GraphSession(1);
    private final Placeholder<TFloat32> images;
    private final Placeholder<TInt32> labels;
    private final Placeholder<TFloat32> rate;
    private final Operand<TFloat32> probabilities;
    private final List<Parameter> parameters;
    private final List<Placeholder<TFloat32>> given = new ArrayList<>();
    private final Op update;
    private final Op take;

    /** Builds a classifier that knows nothing yet. */
    private Judge(ImageSpec spec, int classes) {
        this.spec = spec;
        this.classes = classes;
        try {
            Ops tf = session.ops();
            Shape batch = Shape.of(BATCH, spec.height(), spec.width(), spec.channels());
            images = tf.placeholder(TFloat32.class, Placeholder.shape(batch));
            labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(BATCH)));
            rate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
            Net net = Net.root(tf, SEED, tf.constant(0L), true);
            Operand<TFloat32> logits = logits(net);
            probabilities = tf.nn.softmax(logits);
            Operand<TFloat32> wanted = tf.oneHot(labels, tf.constant(classes), tf.constant(1f), tf.constant(0f));
            Operand<TFloat32> loss = tf.math.mean(
                    tf.nn.softmaxCrossEntropyWithLogits(logits, wanted).loss(), tf.constant(0));
            parameters = List.copyOf(net.parameters());
            List<Op> initial = new ArrayList<>();
            update = adam(tf, loss, initial);
            take = taking(tf);
            Session.Runner runner = session.runner();
            initial.forEach(runner::addTarget);
            runner.run().close();
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Returns a classifier trained on images with labels.
     *
     * @param cache where the weights of earlier ones are kept
     * @param progress hears of every step
     */
    static Judge trained(Split train, int epochs, Path cache, Progress progress) {
        int[] classes = train.labels().orElseThrow();
        Judge judge = new Judge(train.spec(), Arrays.stream(classes).max().orElseThrow() + 1);
        try {
            String key = String.join(
                    "\n",
                    "judge " + VERSION + ", tensorflow " + TensorFlow.version(),
                    "epochs " + epochs,
                    "train " + train.hash());
            ResultCache<float[]> kept = new ResultCache<>(cache, new FloatFormat(judge.size()));
            judge.take(kept.get("judge", key, () -> judge.learned(train, epochs, progress), progress));
            return judge;
        } catch (RuntimeException e) {
            judge.close();
            throw e;
        }
    }

    /** Makes all steps of the training and returns the weights. */
    private float[] learned(Split train, int epochs, Progress progress) {
        Random random = new Random(SEED);
        long steps = (long) epochs * ((train.count() + BATCH - 1) / BATCH);
        int step = 0;
        progress.at("judge", step, steps);
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = Shuffle.order(train.count(), random);
            for (int start = 0; start < order.length; start += BATCH) {
                step(train.select(batch(order, start)), ++step);
                progress.at("judge", step, steps);
            }
        }
        return weights();
    }

    /** Returns the number of weights. */
    private int size() {
        return (int) parameters.stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    /** Copies all weights, parameter by parameter. */
    private float[] weights() {
        Session.Runner runner = session.runner();
        parameters.forEach(parameter -> runner.fetch(parameter.value()));
        FloatBuffer weights = FloatBuffer.allocate(size());
        try (Result result = runner.run()) {
            for (int i = 0; i < parameters.size(); i++) {
                float[] values = new float[(int) parameters.get(i).shape().size()];
                ((TFloat32) result.get(i)).copyTo(DataBuffers.of(values));
                weights.put(values);
            }
        }
        return weights.array();
    }

    /** Adds what sets all weights to those that are fed. */
    private Op taking(Ops tf) {
        List<Op> taken = new ArrayList<>();
        for (Parameter parameter : parameters) {
            Placeholder<TFloat32> value = tf.placeholder(TFloat32.class, Placeholder.shape(parameter.shape()));
            given.add(value);
            taken.add(tf.assignVariableOp(parameter.handle(), value));
        }
        return tf.withControlDependencies(taken).noOp();
    }

    /** Sets all weights to what {@link #weights} returned. */
    private void take(float[] weights) {
        Session.Runner runner = session.runner().addTarget(take);
        List<TFloat32> tensors = new ArrayList<>();
        try {
            int from = 0;
            for (int i = 0; i < given.size(); i++) {
                Shape shape = parameters.get(i).shape();
                int to = from + (int) shape.size();
                tensors.add(TFloat32.tensorOf(shape, DataBuffers.of(Arrays.copyOfRange(weights, from, to))));
                runner.feed(given.get(i), tensors.get(i));
                from = to;
            }
            runner.run().close();
        } finally {
            tensors.forEach(TFloat32::close);
        }
    }

    /** Returns the numbers of a batch; where there are not enough, it goes on from the beginning. */
    private static int[] batch(int[] order, int start) {
        int[] batch = new int[BATCH];
        Arrays.setAll(batch, i -> order[(start + i) % order.length]);
        return batch;
    }

    private Operand<TFloat32> logits(Net net) {
        Operand<TFloat32> x = convolution(net.sub("conv1"), images, 16);
        x = convolution(net.sub("conv2"), x, 32);
        x = Layers.dense(net.sub("dense"), Layers.flatten(net.ops(), x), 128, Activation.RELU);
        return Layers.dense(net.sub("output"), x, classes, Activation.LINEAR);
    }

    private static Operand<TFloat32> convolution(Net net, Operand<TFloat32> x, int filters) {
        Ops tf = net.ops();
        long channels = x.shape().get(3);
        Initializer start = Initializer.fanIn(FILTER * FILTER * channels);
        Operand<TFloat32> kernel = net.parameter("filters", start, FILTER, FILTER, channels, filters);
        Operand<TFloat32> bias = net.parameter("bias", Initializer.constant(0), filters);
        Operand<TFloat32> y = tf.nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
        Operand<TFloat32> positive = tf.nn.relu(tf.nn.biasAdd(y, bias));
        return tf.nn.maxPool(
                positive, tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
    }

    /** The rate that is fed contains the correction of both averages for their start at zero. */
    private Op adam(Ops tf, Operand<TFloat32> loss, List<Op> initial) {
        Output<?>[] gradients = session.graph()
                .addGradients(
                        loss.asOutput(),
                        parameters.stream().map(p -> p.value().asOutput()).toArray(Output<?>[]::new));
        List<Op> all = new ArrayList<>();
        for (Output<?> gradient : gradients) {
            all.add(gradient);
        }
        Ops after = tf.withControlDependencies(all);
        List<Op> updates = new ArrayList<>();
        for (int i = 0; i < gradients.length; i++) {
            Parameter parameter = parameters.get(i);
            initial.add(tf.assignVariableOp(parameter.handle(), parameter.initial()));
            @SuppressWarnings("unchecked")
            Operand<TFloat32> gradient = (Operand<TFloat32>) gradients[i];
            updates.add(after.train.resourceApplyAdam(
                    parameter.handle(),
                    slot(tf, parameter, "m", initial),
                    slot(tf, parameter, "v", initial),
                    tf.constant(0f),
                    tf.constant(0f),
                    rate,
                    tf.constant((float) BETA1),
                    tf.constant((float) BETA2),
                    tf.constant(1e-8f),
                    gradient));
        }
        return tf.withControlDependencies(updates).noOp();
    }

    private static VarHandleOp slot(Ops tf, Parameter parameter, String name, List<Op> initial) {
        VarHandleOp handle = tf.varHandleOp(
                TFloat32.class, parameter.shape(), VarHandleOp.sharedName(name + "/" + parameter.path()));
        initial.add(tf.assignVariableOp(handle, tf.zeros(tf.constant(parameter.shape()), TFloat32.class)));
        return handle;
    }

    private void step(Split batch, int number) {
        double corrected = RATE * Math.sqrt(1 - Math.pow(BETA2, number)) / (1 - Math.pow(BETA1, number));
        try (TFloat32 pixels = tensor(Values.of(batch).data());
                TInt32 truth = TInt32.tensorOf(
                        Shape.of(BATCH), DataBuffers.of(batch.labels().orElseThrow()));
                TFloat32 speed = TFloat32.scalarOf((float) corrected)) {
            session.runner()
                    .feed(images, pixels)
                    .feed(labels, truth)
                    .feed(rate, speed)
                    .addTarget(update)
                    .run()
                    .close();
        }
    }

    private TFloat32 tensor(float[] pixels) {
        return TFloat32.tensorOf(Shape.of(BATCH, spec.height(), spec.width(), spec.channels()), DataBuffers.of(pixels));
    }

    /**
     * Returns the probability of each class for each image.
     *
     * @param shown {@code [images, height, width, channels]}
     */
    float[][] verdicts(Values shown) {
        float[][] verdicts = new float[shown.rows()][classes];
        for (int start = 0; start < verdicts.length; start += BATCH) {
            float[] pixels = new float[BATCH * spec.size()]; // black where there are no more images
            int here = Math.min(BATCH, verdicts.length - start);
            System.arraycopy(shown.data(), start * spec.size(), pixels, 0, here * spec.size());
            float[] found = new float[BATCH * classes];
            try (TFloat32 tensor = tensor(pixels);
                    Result result = session.runner()
                            .feed(images, tensor)
                            .fetch(probabilities)
                            .run()) {
                ((TFloat32) result.get(0)).copyTo(DataBuffers.of(found));
            }
            for (int i = 0; i < here; i++) {
                verdicts[start + i] = Arrays.copyOfRange(found, i * classes, (i + 1) * classes);
            }
        }
        return verdicts;
    }

    @Override
    public void close() {
        session.close();
    }
}
