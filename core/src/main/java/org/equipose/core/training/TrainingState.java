package org.equipose.core.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.equipose.core.data.Npz;
import org.equipose.core.run.Checkpoints;
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

    /**
     * Reads the state out of a checkpoint.
     *
     * @throws TrainingFailure if it is not one that we wrote
     */
    static TrainingState of(Checkpoints.Checkpoint checkpoint) {
        Map<String, Values> variables = new LinkedHashMap<>();
        double[] sums = new double[0];
        for (Map.Entry<String, Npz.Array> entry : checkpoint.arrays().entrySet()) {
            String name = entry.getKey();
            Npz.Array array = entry.getValue();
            Npz.Type type = name.equals(SUMS) ? Npz.Type.FLOAT64 : Npz.Type.FLOAT32;
            if (array.type() != type) {
                throw foreign(checkpoint, name + " is of type " + array.type() + " instead of " + type);
            }
            if (name.equals(SUMS)) {
                sums = array.doubles();
            } else {
                variables.put(name, new Values(array.shape(), array.floats()));
            }
        }
        TrainingState state = new TrainingState(checkpoint.step(), variables, sums);
        Finite.check(state, what -> foreign(checkpoint, "at step " + what));
        return state;
    }

    /** Returns what to say of a checkpoint that this run cannot have written. */
    static TrainingFailure foreign(Checkpoints.Checkpoint checkpoint, String why) {
        return new TrainingFailure("the checkpoint " + checkpoint.file() + " is not of this run: " + why
                + "; put that of this run in its place, or delete it to use an older one");
    }
}
