package org.equipose.tck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Builds a small graph, runs it and gives plain arrays back. Every tensor it makes is closed when the call returns.
 *
 * <pre>{@code
 * try (GraphFixture graph = new GraphFixture()) {
 *     Operand<TFloat32> x = graph.input(new float[] {1, 2}, 1, 2);
 *     Operand<TFloat32> y = Layers.dense(graph.net(), x, 3, Activation.TANH);
 *     float[] values = graph.fetch(y);
 *     Optional<float[]> slope = graph.gradient(y, x);
 * }
 * }</pre>
 */
public final class GraphFixture implements AutoCloseable {
    /** Seed of all parameters and noise, unless another one is given. */
    public static final long SEED = 20170801;

    private final GraphSession session = new GraphSession(1);
    private final Placeholder<TInt64> step;
    private final Net net;
    private final Map<Output<?>, float[]> inputs = new HashMap<>();
    private final Set<String> initialised = new HashSet<>();
    private long stepValue;

    /** Opens an empty graph that does not train. */
    public GraphFixture() {
        this(SEED);
    }

    /** Opens an empty graph that does not train. */
    public GraphFixture(long seed) {
        step = session.ops().placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
        net = Net.root(session.ops(), seed, step, false);
    }

    /** Returns the net of the graph. */
    public Net net() {
        return net;
    }

    /** Returns the operations of the graph. */
    public Ops tf() {
        return net.ops();
    }

    /** Sets the step, 0 at first, for all later evaluations. */
    public void step(long value) {
        stepValue = value;
    }

    /** Adds an input; {@link #set} changes its values. */
    public Operand<TFloat32> input(float[] values, long... shape) {
        Operand<TFloat32> input = tf().placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
        set(input, values);
        return input;
    }

    /** Replaces the values of an input, or of any other operand such as a parameter, for all later evaluations. */
    public void set(Operand<TFloat32> operand, float[] values) {
        if (values.length != operand.shape().size()) {
            throw new IllegalArgumentException(values.length + " values cannot have the shape " + operand.shape());
        }
        inputs.put(operand.asOutput(), values);
    }

    /** Returns the paths of all parameters so far. */
    public List<String> parameterPaths() {
        return net.parameters().stream().map(Parameter::path).toList();
    }

    /** Evaluates one operand; parameters made since the last evaluation get their first values before. */
    public float[] fetch(Operand<TFloat32> operand) {
        return fetch(List.of(operand)).get(0);
    }

    /** Evaluates several operands in one run, so that they see the same noise. */
    public List<float[]> fetch(List<? extends Operand<?>> operands) {
        initialise();
        // TensorFlow refuses to fetch what is fed, and to fetch anything twice.
        Map<Output<?>, float[]> values = new LinkedHashMap<>();
        operands.forEach(operand -> values.put(operand.asOutput(), inputs.get(operand.asOutput())));
        List<Output<?>> missing = values.keySet().stream()
                .filter(output -> !inputs.containsKey(output))
                .toList();
        if (!missing.isEmpty()) {
            List<float[]> found = run(missing);
            for (int i = 0; i < found.size(); i++) {
                values.put(missing.get(i), found.get(i));
            }
        }
        return operands.stream()
                .map(operand -> values.get(operand.asOutput()).clone())
                .toList();
    }

    private List<float[]> run(List<Output<?>> outputs) {
        List<TFloat32> fed = new ArrayList<>();
        Session.Runner runner = session.runner();
        try (TInt64 now = TInt64.scalarOf(stepValue)) {
            runner.feed(step, now);
            inputs.forEach((input, values) -> {
                TFloat32 tensor = TFloat32.tensorOf(input.shape(), DataBuffers.of(values));
                fed.add(tensor);
                runner.feed(input, tensor);
            });
            outputs.forEach(runner::fetch);
            try (Result result = runner.run()) {
                List<float[]> values = new ArrayList<>();
                for (int i = 0; i < outputs.size(); i++) {
                    TFloat32 tensor = (TFloat32) result.get(i);
                    float[] copy = new float[(int) tensor.size()];
                    tensor.copyTo(DataBuffers.of(copy));
                    values.add(copy);
                }
                return values;
            }
        } finally {
            fed.forEach(TFloat32::close);
        }
    }

    /** Differentiates the sum of {@code y} with respect to one operand; empty if {@code y} does not depend on it. */
    public Optional<float[]> gradient(Operand<TFloat32> y, Operand<TFloat32> by) {
        return gradients(y, List.of(by)).get(0);
    }

    /** Differentiates the sum of {@code y}; empty for each operand that {@code y} does not depend on. */
    public List<Optional<float[]>> gradients(Operand<TFloat32> y, List<Operand<TFloat32>> by) {
        Ops tf = tf();
        Output<?>[] operands = by.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
        // TensorFlow refuses an operand that y cannot be reached from; behind a stopGradient it can, and nothing flows.
        List<Operand<TFloat32>> summands = new ArrayList<>(List.of(sum(tf, y)));
        by.forEach(operand -> summands.add(tf.stopGradient(sum(tf, operand))));
        // What does not depend comes back as a closed output, which must not be fetched.
        Output<?>[] gradients =
                session.graph().addGradients(tf.math.addN(summands).asOutput(), operands);
        List<float[]> values =
                fetch(Arrays.stream(gradients).filter(g -> !g.isClosed()).toList());
        List<Optional<float[]>> result = new ArrayList<>();
        int next = 0;
        for (Output<?> gradient : gradients) {
            result.add(gradient.isClosed() ? Optional.empty() : Optional.of(values.get(next++)));
        }
        return result;
    }

    private static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x) {
        return tf.sum(x, tf.range(tf.constant(0), tf.rank(x), tf.constant(1)));
    }

    private void initialise() {
        Session.Runner runner = session.runner();
        boolean missing = false;
        for (Parameter parameter : net.parameters()) {
            if (initialised.add(parameter.path())) {
                Op assign = session.ops().assignVariableOp(parameter.handle(), parameter.initial());
                runner.addTarget(assign);
                missing = true;
            }
        }
        if (missing) {
            runner.run().close();
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
