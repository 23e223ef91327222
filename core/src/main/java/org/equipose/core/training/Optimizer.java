package org.equipose.core.training;

import java.util.function.Function;
import org.equipose.core.config.RunSettings;
import org.equipose.core.graph.Parameter;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Rule that changes a parameter by its gradient. */
@FunctionalInterface
interface Optimizer {

    /**
     * Adds the update of one parameter.
     *
     * @param tf where to add it, behind the reads of the parameter
     * @param rate learning rate, a scalar
     * @param count updates including this one, a scalar
     * @param slot gives a variable of the parameter's shape, zero at first, by name
     */
    Op update(
            Ops tf,
            Parameter parameter,
            Operand<TFloat32> gradient,
            Operand<TFloat32> rate,
            Operand<TFloat32> count,
            Function<String, Operand<? extends TType>> slot);

    /** Returns the rule that the settings name. */
    static Optimizer of(RunSettings settings) {
        return switch (settings.optimizer()) {
            case ADAM -> Optimizer::adam;
            case ADADELTA -> Optimizer::adadelta;
            case SGD ->
                (tf, parameter, gradient, rate, count, slot) -> tf.train.resourceApplyMomentum(
                        parameter.handle(), slot.apply("momentum"), rate, gradient, tf.constant((float)
                                settings.momentum()));
        };
    }

    /** Returns the learning rate of an epoch, counted from 0. */
    static double rate(RunSettings settings, int epoch) {
        double start = settings.learningRate();
        return switch (settings.lrSchedule()) {
            case CONSTANT -> start;
            case EXPONENTIAL -> start * Math.exp(-(double) epoch / settings.lrEpochs());
            case HALVING -> {
                int halvings = epoch / settings.lrEpochs();
                yield start * Math.pow(0.5, halvings);
            }
        };
    }

    /** Kingma and Ba 2015, with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    private static Op adam(
            Ops tf,
            Parameter parameter,
            Operand<TFloat32> gradient,
            Operand<TFloat32> rate,
            Operand<TFloat32> count,
            Function<String, Operand<? extends TType>> slot) {
        Operand<TFloat32> beta1 = tf.constant(0.9f);
        Operand<TFloat32> beta2 = tf.constant(0.999f);
        return tf.train.resourceApplyAdam(
                parameter.handle(),
                slot.apply("adam-m"),
                slot.apply("adam-v"),
                tf.math.pow(beta1, count),
                tf.math.pow(beta2, count),
                rate,
                beta1,
                beta2,
                tf.constant(1e-8f),
                gradient);
    }

    /** Zeiler 2012, with ρ = 0.95 and ε = 1e-6, the defaults of Lasagne that Vivé used. */
    private static Op adadelta(
            Ops tf,
            Parameter parameter,
            Operand<TFloat32> gradient,
            Operand<TFloat32> rate,
            Operand<TFloat32> count,
            Function<String, Operand<? extends TType>> slot) {
        return tf.train.resourceApplyAdadelta(
                parameter.handle(),
                slot.apply("adadelta-gradient"),
                slot.apply("adadelta-update"),
                rate,
                tf.constant(0.95f),
                tf.constant(1e-6f),
                gradient);
    }
}
