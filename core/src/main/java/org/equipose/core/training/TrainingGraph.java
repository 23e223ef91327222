package org.equipose.core.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Components;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * The graph of one training step. The training images live in it as bytes; a step is fed the numbers of its images and
 * the learning rate, and gives back the terms of the loss.
 *
 * <p>A step reads every parameter once, before any is updated: the same seed and number of threads give the same bits.
 */
final class TrainingGraph implements AutoCloseable {
    private static final Logger LOG = LogManager.getLogger(TrainingGraph.class);

    private static final int MOST_BLOCKS = 4;

    private final GraphSession session;
    private final Placeholder<TInt32> index;
    private final Placeholder<TFloat32> rate;
    private final Operand<TFloat32> logged;
    private final List<String> names;
    private final int inNats;
    private final Op update;
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private final List<Op> initial = new ArrayList<>();
    private final Operand<TInt64> step;
    private final Placeholder<TInt64> newStep;
    private final Op setStep;

    /** Builds the graph, loads the images and gives every variable its first value. */
    TrainingGraph(RunSettings settings, Components components, Split train, Device device) {
        session = new GraphSession(device);
        try {
            Ops tf = session.ops();
            VarHandleOp stepHandle = tf.varHandleOp(TInt64.class, Shape.scalar(), VarHandleOp.sharedName("step"));
            step = tf.readVariableOp(stepHandle, TInt64.class);
            newStep = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
            setStep = tf.assignVariableOp(stepHandle, newStep);
            initial.add(tf.assignVariableOp(stepHandle, tf.constant(0L)));
            index = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(settings.batchSize())));
            rate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));

            Net net = Net.forTraining(tf, settings.seed(), step, rowBlocks(device));
            Batch batch = new DataInGraph(session, train).batch(tf, index);
            if (settings.targets() == Targets.DYNAMIC) {
                batch = redrawn(net.sub("targets"), batch);
            }
            Terms terms = Terms.of(net, components, batch);
            List<Operand<TFloat32>> scalars = new ArrayList<>(List.of(terms.loss()));
            terms.logged().values().forEach(value -> scalars.add(Terms.mean(tf, value)));
            logged = tf.stack(scalars);
            names = new ArrayList<>(List.of("loss"));
            names.addAll(terms.logged().keySet());
            inNats = 1 + terms.inNats();

            update = updates(tf, settings, net, terms.loss(), stepHandle);
            Session.Runner runner = session.runner();
            initial.forEach(runner::addTarget);
            try {
                runner.run().close();
            } catch (TFInvalidArgumentException e) {
                // What TensorFlow says of a tensor that is too large to be written down.
                LOG.info("the first values cannot be made", e);
                throw new TrainingFailure("the parameters of this model cannot be made; smaller layers may help: "
                        + "TensorFlow says: " + Trainer.firstLine(e));
            }
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Batch redrawn(Net net, Batch batch) {
        Operand<TFloat32> noise = net.uniform(batch.image().shape().asArray());
        Operand<TFloat32> drawn = net.ops().dtypes.cast(net.ops().math.less(noise, batch.image()), TFloat32.class);
        return new Batch(drawn, batch.label(), batch.views());
    }

    private Op updates(Ops tf, RunSettings settings, Net net, Operand<TFloat32> loss, VarHandleOp stepHandle) {
        List<Parameter> parameters = List.copyOf(net.parameters());
        // Without the last argument they would begin with a one of the loss's shape, made only once there is a loss.
        Output<?>[] gradients = session.graph()
                .addGradients(
                        null,
                        new Output<?>[] {reaching(tf, loss, parameters)},
                        parameters.stream().map(p -> p.value().asOutput()).toArray(Output<?>[]::new),
                        new Output<?>[] {tf.constant(1f).asOutput()});
        List<Operand<TFloat32>> found = new ArrayList<>();
        List<Parameter> trained = new ArrayList<>();
        for (int i = 0; i < gradients.length; i++) {
            Parameter parameter = parameters.get(i);
            initial.add(tf.assignVariableOp(parameter.handle(), parameter.initial()));
            variables.put(parameter.path(), new Variable(tf, parameter.path(), parameter.handle(), parameter.shape()));
            if (gradients[i].isClosed()) { // TensorFlow's way to say that the loss does not depend on it
                LOG.info("{} takes no part in the loss and keeps its first value", parameter.path());
            } else {
                trained.add(parameter);
                found.add(asFloat(gradients[i]));
            }
        }
        List<Operand<TFloat32>> limited = limited(tf, found, settings.clipNorm());
        Ops after = tf.withControlDependencies(beforeUpdates(parameters, limited));
        Operand<TFloat32> count = tf.dtypes.cast(tf.math.add(step, tf.constant(1L)), TFloat32.class);
        Optimizer optimizer = Optimizer.of(settings);
        List<Op> updates = new ArrayList<>(List.of(step));
        for (int i = 0; i < trained.size(); i++) {
            Parameter parameter = trained.get(i);
            updates.add(optimizer.update(
                    after, parameter, limited.get(i), rate, count, name -> slot(tf, after, name, parameter)));
        }
        return tf.withControlDependencies(updates).assignAddVariableOp(stepHandle, tf.constant(1L));
    }

    /**
     * Returns something with the gradients of the loss that depends on every parameter: TensorFlow throws when it is asked for
     * the gradient of what it cannot reach, and answers "none" for what it reaches only through a stopped gradient.
     */
    private static Output<TFloat32> reaching(Ops tf, Operand<TFloat32> loss, List<Parameter> parameters) {
        List<Operand<TFloat32>> all = new ArrayList<>(List.of(loss));
        for (Parameter parameter : parameters) {
            Operand<TFloat32> flat = tf.reshape(parameter.value(), tf.constant(new int[] {-1}));
            all.add(tf.stopGradient(tf.sum(flat, tf.constant(0))));
        }
        return tf.math.addN(all).asOutput();
    }

    /**
     * Returns what all updates wait for: every parameter has been read, and nothing but the last gradient is missing. That
     * one is a large product; the updates of the other parameters are what a second core does meanwhile. The first
     * parameter that a model defines is the first of its forward pass, hence the last of the backward pass. Where it
     * is not, TensorFlow copies a parameter that is still in use before it changes: that costs time and memory, no more.
     */
    private List<Op> beforeUpdates(List<Parameter> parameters, List<Operand<TFloat32>> gradients) {
        List<Op> before = new ArrayList<>(List.of(step));
        parameters.forEach(parameter -> before.add(parameter.value()));
        if (!gradients.isEmpty()) {
            before.addAll(((GraphOperation) gradients.get(0).op()).inputs());
        }
        return before;
    }

    /** On a GPU smaller products would only be slower ones; on many cores, too many of them. Measured with two. */
    private static int rowBlocks(Device device) {
        return device.gpu().isPresent() ? 1 : Math.min(device.threads(), MOST_BLOCKS);
    }

    /** Scales all gradients together so that their norm is at most {@code largest}; 0 leaves them as they are. */
    private static List<Operand<TFloat32>> limited(Ops tf, List<Operand<TFloat32>> gradients, double largest) {
        if (largest == 0) {
            return gradients;
        }
        List<Operand<TFloat32>> squares = new ArrayList<>();
        gradients.forEach(g -> squares.add(tf.math.mul(tf.nn.l2Loss(g), tf.constant(2f))));
        Operand<TFloat32> norm = tf.math.sqrt(tf.math.addN(squares));
        Operand<TFloat32> limit = tf.constant((float) largest);
        Operand<TFloat32> factor = tf.math.div(limit, tf.math.maximum(norm, limit));
        return gradients.stream()
                .<Operand<TFloat32>>map(g -> tf.math.mul(g, factor))
                .toList();
    }

    /** The handle is made as late as the update: at the start of a step it would only stand before the first product. */
    private Operand<? extends TType> slot(Ops tf, Ops after, String name, Parameter parameter) {
        String path = name + "/" + parameter.path();
        VarHandleOp handle = tf.varHandleOp(TFloat32.class, parameter.shape(), VarHandleOp.sharedName(path));
        initial.add(tf.assignVariableOp(handle, tf.zeros(tf.constant(parameter.shape()), TFloat32.class)));
        variables.put(path, new Variable(tf, path, handle, parameter.shape()));
        return after.varHandleOp(TFloat32.class, parameter.shape(), VarHandleOp.sharedName(path));
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloat32> asFloat(Output<?> gradient) {
        return (Operand<TFloat32>) gradient;
    }

    /** Returns the names of what {@link #step} returns: {@code loss}, the bound, every term without its weight, diagnostics. */
    List<String> names() {
        return names;
    }

    /** Returns those of them that are in nats per image, all but the diagnostics. */
    List<String> namesInNats() {
        return names.subList(0, inNats);
    }

    /**
     * Makes one step.
     *
     * @param images numbers of the training images of this step
     * @return means over the batch, in nats per image; diagnostics in their own units
     */
    float[] step(int[] images, double learningRate) {
        try (TInt32 numbers = TInt32.tensorOf(Shape.of(images.length), DataBuffers.of(images));
                TFloat32 speed = TFloat32.scalarOf((float) learningRate);
                Result result = session.runner()
                        .feed(index, numbers)
                        .feed(rate, speed)
                        .addTarget(update)
                        .fetch(logged)
                        .run()) {
            return Tensors.values(result.get(0)).data();
        }
    }

    /** Copies all parameters and the optimiser's memory, by name. */
    Map<String, Values> read() {
        Session.Runner runner = session.runner();
        variables.values().forEach(variable -> runner.fetch(variable.read()));
        Map<String, Values> values = new LinkedHashMap<>();
        try (Result result = runner.run()) {
            int i = 0;
            for (String name : variables.keySet()) {
                values.put(name, Tensors.values(result.get(i++)));
            }
        }
        return values;
    }

    /**
     * Sets all parameters, the optimiser's memory and the number of steps made.
     *
     * @throws IllegalArgumentException if they belong to another model
     */
    void write(Map<String, Values> values, long steps) {
        values.keySet().stream()
                .filter(name -> !variables.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            name + " is in the checkpoint: it belongs to another model or optimiser");
                });
        for (Variable variable : variables.values()) {
            variable.write(session, variable.in(values));
        }
        try (TInt64 number = TInt64.scalarOf(steps)) {
            session.runner().feed(newStep, number).addTarget(setStep).run().close();
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
