package org.equipose.core.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.equipose.core.data.Seeds;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * The place where a component adds its part of the graph: operations, parameters and noise.
 *
 * <p>A net stands at two paths. The <em>parameter path</em> says whose weights these are; the <em>caller path</em> says
 * who is asking, and keys noise and operation names. {@link #sub} extends both, {@link #again} only the second, so that
 * a second pass through the same component finds the same weights and draws other noise. {@link #at} moves the
 * parameter path to a fixed place.
 *
 * <p>Noise is stateless: it is a function of (seed, caller path, step), hence a resumed run draws what the undisturbed
 * run would have drawn, and no component can disturb the noise of another.
 */
public final class Net {
    private final Ops ops;
    private final String parameterPath;
    private final String callerPath;
    private final boolean noiseless;
    private final Shared shared;

    /** What all nets of one graph have in common. */
    private static final class Shared {
        final Ops root;
        final long seed;
        final Operand<TInt64> step;
        final boolean training;
        final int rowBlocks;
        final Map<String, Parameter> parameters = new LinkedHashMap<>();
        final Map<String, Integer> draws = new HashMap<>();
        final Map<Output<TFloat32>, List<Operand<TFloat32>>> blocks = new HashMap<>();

        Shared(Ops root, long seed, Operand<TInt64> step, boolean training, int rowBlocks) {
            this.root = root;
            this.seed = seed;
            this.step = step;
            this.training = training;
            this.rowBlocks = rowBlocks;
        }
    }

    private Net(Ops ops, String parameterPath, String callerPath, boolean noiseless, Shared shared) {
        this.ops = ops;
        this.parameterPath = parameterPath;
        this.callerPath = callerPath;
        this.noiseless = noiseless;
        this.shared = shared;
    }

    /**
     * Opens the net of a graph.
     *
     * @param ops operations of the graph
     * @param seed seed of all parameters and noise
     * @param step scalar; noise is drawn anew when it changes
     * @param training whether this graph trains (dropout and the like are on)
     */
    public static Net root(Ops ops, long seed, Operand<TInt64> step, boolean training) {
        return new Net(ops, "", "", false, new Shared(ops, seed, step, training, 1));
    }

    /**
     * Opens the net of a graph that trains.
     *
     * @param ops operations of the graph
     * @param seed seed of all parameters and noise
     * @param step scalar, the number of updates made; noise is drawn anew when it changes
     * @param rowBlocks parts of a batch that the layers may compute side by side
     */
    public static Net forTraining(Ops ops, long seed, Operand<TInt64> step, int rowBlocks) {
        return new Net(ops, "", "", false, new Shared(ops, seed, step, true, rowBlocks));
    }

    /** Returns the operations of this scope; what they build carries the caller path in its name. */
    public Ops ops() {
        return ops;
    }

    /** Returns the net of a part of this component. */
    public Net sub(String name) {
        return new Net(ops.withSubScope(name), join(parameterPath, name), join(callerPath, name), noiseless, shared);
    }

    /** Returns a net with the same parameters for another use of this component, with noise and names of its own. */
    public Net again(String use) {
        return new Net(ops.withSubScope(use), parameterPath, join(callerPath, use), noiseless, shared);
    }

    /** Returns a net whose parameters live at an absolute path, whoever asks. */
    public Net at(String path) {
        return new Net(ops, path, callerPath, noiseless, shared);
    }

    /** Returns a net in which every noise is at the centre of its law, so that draws of a normal or
     * Laplace law are its means, and draws of a binary one are the likelier values. */
    public Net noiseless() {
        return new Net(ops, parameterPath, callerPath, true, shared);
    }

    /** Returns the step, a scalar: the number of updates made so far in training, the number of the batch elsewhere. */
    public Operand<TInt64> step() {
        return shared.step;
    }

    /**
     * Returns the parts of a batch that layers may compute side by side: those it was made of, if it was, so that they
     * need not wait for each other; the batch itself where it cannot be parted evenly.
     */
    List<Operand<TFloat32>> blocks(Operand<TFloat32> batch) {
        List<Operand<TFloat32>> known = shared.blocks.get(batch.asOutput());
        if (known != null) {
            return known;
        }
        long rows = batch.shape().get(0);
        int parts = shared.rowBlocks;
        while (parts > 1 && (rows < parts || rows % parts != 0)) {
            parts--;
        }
        if (parts == 1) {
            return List.of(batch);
        }
        List<Operand<TFloat32>> blocks = new ArrayList<>();
        ops.split(ops.constant(0), batch, (long) parts).forEach(blocks::add);
        return blocks;
    }

    /** Remembers of which parts a batch was made. */
    void madeOf(Operand<TFloat32> batch, List<Operand<TFloat32>> parts) {
        shared.blocks.put(batch.asOutput(), parts);
    }

    /** Says whether this graph trains. */
    public boolean training() {
        return shared.training;
    }

    /**
     * Returns the parameter of that name below this net's parameter path; it is made when it does not exist yet.
     *
     * @throws IllegalArgumentException if it exists with another shape
     */
    public Operand<TFloat32> parameter(String name, Initializer initializer, long... dimensions) {
        String path = join(parameterPath, name);
        Shape shape = Shape.of(dimensions);
        Parameter parameter = shared.parameters.get(path);
        if (parameter == null) {
            parameter = define(path, initializer, shape);
            shared.parameters.put(path, parameter);
        } else if (!parameter.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "parameter " + path + " has shape " + parameter.shape() + " and cannot also have shape " + shape);
        }
        return parameter.value();
    }

    private Parameter define(String path, Initializer initializer, Shape shape) {
        Ops tf = shared.root.withSubScope("parameters");
        Operand<TFloat32> initial =
                initializer.value(tf, shape, tf.constant(new long[] {Seeds.hash("initial:" + path), shared.seed}));
        VarHandleOp handle = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(path));
        return new Parameter(path, handle, tf.readVariableOp(handle, TFloat32.class), initial);
    }

    /** Returns all parameters of the graph so far, in the order of their definition. */
    public Collection<Parameter> parameters() {
        return Collections.unmodifiableCollection(shared.parameters.values());
    }

    /** Returns standard normal noise that changes with every step; zero in a {@link #noiseless} net. */
    public Operand<TFloat32> normal(long... dimensions) {
        return noise(dimensions, 0f, () -> boxMuller(Shape.of(dimensions)));
    }

    /**
     * Turns pairs of uniform numbers into pairs of normal ones, √(−2 log u) (cos 2πv, sin 2πv) (Box and Muller 1958).
     * TensorFlow's own operation does the same one number after the other, which takes several times as long.
     */
    private Operand<TFloat32> boxMuller(Shape shape) {
        long pairs = (shape.size() + 1) / 2;
        Operand<TFloat32> uniform = ops.random.statelessRandomUniform(ops.constant(new long[] {2, pairs}), key());
        List<Output<TFloat32>> halves = ops.unstack(uniform, 2L).output();
        Operand<TFloat32> open = ops.math.sub(ops.constant(1f), halves.get(0)); // 0 < open ≤ 1
        Operand<TFloat32> radius = ops.math.sqrt(ops.math.mul(ops.constant(-2f), ops.math.log(open)));
        Operand<TFloat32> angle = ops.math.mul(ops.constant((float) (2 * Math.PI)), halves.get(1));
        Operand<TFloat32> all = ops.concat(
                List.of(ops.math.mul(radius, ops.math.cos(angle)), ops.math.mul(radius, ops.math.sin(angle))),
                ops.constant(0));
        Operand<TFloat32> wanted = shape.size() % 2 == 0
                ? all
                : ops.slice(all, ops.constant(new long[] {0}), ops.constant(new long[] {shape.size()}));
        return ops.reshape(wanted, ops.constant(shape));
    }

    /** Returns noise uniform on [0, 1) that changes with every step; 0.5 in a {@link #noiseless} net. */
    public Operand<TFloat32> uniform(long... dimensions) {
        return noise(
                dimensions, 0.5f, () -> ops.random.statelessRandomUniform(ops.constant(Shape.of(dimensions)), key()));
    }

    private Operand<TFloat32> noise(long[] dimensions, float centre, Supplier<Operand<TFloat32>> draw) {
        return noiseless ? ops.fill(ops.constant(Shape.of(dimensions)), ops.constant(centre)) : draw.get();
    }

    /** Every draw of a call site has a number of its own, so that two draws in one place are independent. */
    private Operand<TInt64> key() {
        int draw = shared.draws.merge(callerPath, 1, Integer::sum);
        long key = Seeds.derive(shared.seed, callerPath + "#" + draw);
        return ops.stack(List.of(ops.constant(key), shared.step));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }
}
