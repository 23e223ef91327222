package org.equipose.plugin.standard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.equipose.core.data.ImageSpec;
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
    private final Op update;

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
            List<Op> initial = new ArrayList<>();
            update = adam(tf, List.copyOf(net.parameters()), loss, initial);
            Session.Runner runner = session.runner();
            initial.forEach(runner::addTarget);
            runner.run().close();
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Trains a classifier on images with labels. */
    static Judge trained(Split train, int epochs) {
        int[] classes = train.labels().orElseThrow();
        Judge judge = new Judge(train.spec(), Arrays.stream(classes).max().orElseThrow() + 1);
        try {
            Random random = new Random(SEED);
            int step = 0;
            for (int epoch = 0; epoch < epochs; epoch++) {
                int[] order = Shuffle.order(train.count(), random);
                for (int start = 0; start < order.length; start += BATCH) {
                    judge.step(train.select(batch(order, start)), ++step);
                }
            }
            return judge;
        } catch (RuntimeException e) {
            judge.close();
            throw e;
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
    private Op adam(Ops tf, List<Parameter> parameters, Operand<TFloat32> loss, List<Op> initial) {
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
