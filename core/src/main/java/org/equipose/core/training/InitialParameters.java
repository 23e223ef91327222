package org.equipose.core.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.graph.Device;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Components;

/**
 * Parameters that a training begins with in place of random ones: those of a checkpoint of another training. There is one
 * for every parameter of the model; nothing is left to chance in silence.
 */
public final class InitialParameters {
    private static final int NAMED = 3;

    private final Path file;
    private final Map<String, Values> values;
    private final List<String> unused;

    private InitialParameters(Path file, Map<String, Values> values, List<String> unused) {
        this.file = file;
        this.values = values;
        this.unused = unused;
    }

    /**
     * Takes the parameters that a model needs out of a checkpoint. The optimiser's memory stays behind.
     *
     * @param data what the model will be trained on
     * @throws TrainingFailure if a parameter of the model is not there, or has another shape
     */
    public static InitialParameters of(
            Checkpoints.Checkpoint checkpoint,
            RunSettings settings,
            Components components,
            DataSets data,
            Device device) {
        Map<String, Values> found = parameters(checkpoint);
        Map<String, Values> used = new LinkedHashMap<>();
        List<String> mismatches = new ArrayList<>();
        // It builds what a training builds but the updates, and loads no images.
        try (Validation model = new Validation(settings, components, data.train(), device)) {
            model.parameters().forEach((name, shape) -> {
                Values values = found.remove(name);
                if (values == null) {
                    mismatches.add(name + " is missing there");
                } else if (!Arrays.equals(values.shape(), shape)) {
                    mismatches.add(name + " has shape " + Arrays.toString(values.shape()) + " there and "
                            + Arrays.toString(shape) + " here");
                } else {
                    used.put(name, values);
                }
            });
        }
        if (!mismatches.isEmpty()) {
            throw new TrainingFailure(
                    "the parameters in " + checkpoint.file() + " do not fit this model: " + listed(mismatches, "; "));
        }
        return new InitialParameters(checkpoint.file(), used, List.copyOf(found.keySet()));
    }

    /** The optimiser's memory of a parameter has the path of that parameter behind a name of its own. */
    private static Map<String, Values> parameters(Checkpoints.Checkpoint checkpoint) {
        Map<String, Values> all = TrainingState.of(checkpoint).variables();
        Map<String, Values> parameters = new LinkedHashMap<>(all);
        parameters
                .keySet()
                .removeIf(name -> name.contains("/") && all.containsKey(name.substring(name.indexOf('/') + 1)));
        return parameters;
    }

    /** Returns the first of some, and how many more there are. */
    private static String listed(List<String> all, String separator) {
        String first = String.join(separator, all.subList(0, Math.min(NAMED, all.size())));
        return all.size() <= NAMED ? first : first + separator + "and " + (all.size() - NAMED) + " more";
    }

    /** Returns the checkpoint they were taken from. */
    public Path file() {
        return file;
    }

    /** Returns the paths of parameters in the checkpoint that the model has no use for, in words; empty if there are none. */
    public String unused() {
        return listed(unused, ", ");
    }

    /** Returns the parameters by path. */
    Map<String, Values> values() {
        return values;
    }
}
