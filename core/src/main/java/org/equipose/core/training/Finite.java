package org.equipose.core.training;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Looks for numbers that are none: what is infinite or not a number ends a training before it is saved. */
final class Finite {
    private Finite() {}

    /** Checks the terms of a step that have a name; the loss, which is their sum, is named only if none is to blame. */
    static void check(List<String> names, float[] terms, long step, Function<String, TrainingFailure> failure) {
        int wrong = -1;
        for (int i = 0; i < names.size(); i++) {
            if (!Float.isFinite(terms[i]) && (wrong < 0 || names.get(wrong).equals("loss"))) {
                wrong = i;
            }
        }
        if (wrong >= 0) {
            throw failure.apply(step + ": " + names.get(wrong) + " is " + terms[wrong]);
        }
    }

    /** Checks parameters: they can have gone wrong in the last update, which no term has seen yet. */
    static void check(TrainingState state, Function<String, TrainingFailure> failure) {
        state.variables().forEach((name, values) -> {
            for (float value : values.data()) {
                if (!Float.isFinite(value)) {
                    throw failure.apply(state.step() + ": " + name + " is " + value);
                }
            }
        });
    }

    /** Checks what is about to be written down. */
    static void check(Map<String, Double> row, long step, Function<String, TrainingFailure> failure) {
        row.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw failure.apply(step + ": " + name + " is " + value);
            }
        });
    }
}
