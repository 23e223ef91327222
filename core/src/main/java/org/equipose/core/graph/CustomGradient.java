package org.equipose.core.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TFJ_GradFuncAdapter;
import org.tensorflow.op.Ops;
import org.tensorflow.op.RawCustomGradient;
import org.tensorflow.op.core.IdentityN;
import org.tensorflow.types.family.TType;

/**
 * Gives a piece of graph a gradient written by hand.
 *
 * <p>The value is carried by {@code IdentityN([stopGradient(y), inputs...])}: that operation type has no gradient of its
 * own in TensorFlow, so one function registered for it, which looks up the rule by graph and operation name, serves all.
 * (Registering a function per rule crashes the JVM after ten.)
 */
public final class CustomGradient {

    /** Computes the gradients with respect to the inputs, one for each. */
    @FunctionalInterface
    public interface Rule<T extends TType> {
        /**
         * Computes them. It must not ask any operand for its shape: TensorFlow holds the graph's lock while it calls, and
         * that question waits for the lock forever. Read shapes before, when the value is built. Nor must it ask for
         * control dependencies: the operations it is given are not ones that {@code Ops} can refer to, and the JVM crashes.
         *
         * @param tf where to add the operations
         * @param gradient with respect to the output, of its shape
         * @return with respect to the inputs, in their order and shapes
         */
        List<Operand<T>> apply(Ops tf, Operand<T> gradient);
    }

    private static final Map<ExecutionEnvironment, Map<String, Rule<?>>> RULES =
            Collections.synchronizedMap(new IdentityHashMap<>());

    /** Native code calls it for as long as the process lives: it must never be collected. */
    private static TFJ_GradFuncAdapter adapter;

    private CustomGradient() {}

    /**
     * Returns {@code value} with gradients that flow to {@code inputs} only, and only by {@code rule}.
     *
     * @param value computed from the inputs by any operations
     */
    @SuppressWarnings("unchecked")
    public static <T extends TType> Operand<T> of(Ops tf, Operand<T> value, List<Operand<T>> inputs, Rule<T> rule) {
        register();
        List<Operand<?>> carried = new ArrayList<>();
        carried.add(tf.stopGradient(value));
        carried.addAll(inputs);
        IdentityN carrier = tf.identityN(carried);
        RULES.computeIfAbsent(tf.scope().env(), graph -> Collections.synchronizedMap(new HashMap<>()))
                .put(carrier.op().name(), rule);
        return (Operand<T>) carrier.output().get(0);
    }

    /** Forgets the rules of a graph that is about to be closed. */
    static void forget(ExecutionEnvironment graph) {
        RULES.remove(graph);
    }

    private static synchronized void register() {
        if (adapter == null) {
            TensorFlow.version(); // loads the native library
            adapter = RawCustomGradient.adapter(CustomGradient::gradients);
            org.tensorflow.internal.c_api.global.tensorflow.TFJ_RegisterCustomGradient(IdentityN.OP_NAME, adapter);
        }
    }

    private static List<Operand<?>> gradients(Ops tf, GraphOperation carrier, List<Output<?>> outputs) {
        Rule<?> rule = RULES.getOrDefault(carrier.env(), Map.of()).get(carrier.name());
        if (rule == null) {
            throw new IllegalStateException("no gradient is known for " + carrier.name());
        }
        List<Operand<?>> result = new ArrayList<>();
        result.add(tf.zerosLike(carrier.input(0))); // of the value, behind a stopGradient
        result.addAll(apply(tf, rule, outputs.get(0)));
        return result;
    }

    @SuppressWarnings("unchecked")
    private static <T extends TType> List<Operand<T>> apply(Ops tf, Rule<T> rule, Output<?> gradient) {
        return rule.apply(tf, (Output<T>) gradient);
    }
}
