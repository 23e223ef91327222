package org.equipose.core.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.equipose.core.data.Npz;
import org.equipose.core.spi.Values;

/**
 * All that a training needs to go on bit for bit.
 *
 * @param step steps made
 * @param variables parameters and the optimiser's memory, by name
 * @param sums of the logged terms over the steps of the epoch so far
 */
record TrainingState(long step, Map<String, Values> variables, double[] sums) {
    private static final String SUMS = "epoch-sums";

    /** Returns the state at the beginning of the next epoch. */
    TrainingState withoutSums() {
        return new TrainingState(step, variables, new double[sums.length]);
    }

    /** Returns the state as the arrays of a checkpoint. */
    Map<String, Npz.Array> arrays() {
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        variables.forEach((name, values) -> arrays.put(name, Npz.Array.of(values.data(), values.shape())));
        arrays.put(SUMS, Npz.Array.of(sums, sums.length));
        return arrays;
    }

    /** Reads the state out of the arrays of a checkpoint. */
    static TrainingState of(long step, Map<String, Npz.Array> arrays) {
        Map<String, Values> variables = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (!name.equals(SUMS)) {
                variables.put(name, new Values(array.shape(), array.floats()));
            }
        });
        Npz.Array sums = arrays.get(SUMS);
        return new TrainingState(step, variables, sums == null ? new double[0] : sums.doubles());
    }
}
