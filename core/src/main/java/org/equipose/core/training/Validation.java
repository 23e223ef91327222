package org.equipose.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Device;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Components;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Measures the terms of the objective on the validation images, with the same noise in every epoch. */
final class Validation implements AutoCloseable {
    private final Split split;
    private final List<String> names = new ArrayList<>();
    private final Program program;

    /** Builds the graph. */
    Validation(RunSettings settings, Components components, Split split, Device device) {
        this.split = split;
        int rows = Math.max(1, Math.min(split.count(), Program.ROWS));
        program = new Program(split.spec(), rows, split.labels().isPresent(), settings.seed(), device, (net, batch) -> {
            List<Operand<TFloat32>> values = new ArrayList<>();
            Terms.of(net, components, batch).logged().forEach((name, value) -> {
                names.add(name);
                values.add(perImage(net.ops(), value, batch.size()));
            });
            return values;
        });
    }

    /** A term that compares whole batches counts for each image of the batch. */
    private static Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> value, int rows) {
        return value.shape().numDimensions() == 0 ? tf.fill(tf.constant(new int[] {rows}), value) : value;
    }

    /** Returns what is measured; nothing if there are no validation images. */
    List<String> names() {
        return split.count() == 0 ? List.of() : names;
    }

    /** Returns the shapes of the parameters that the terms depend on, by path. */
    Map<String, long[]> parameters() {
        return program.parameters();
    }

    /** Returns means over the validation images in nats per image, diagnostics in their own units, in the order of {@link #names}. */
    List<Double> measure(Map<String, Values> parameters) {
        if (split.count() == 0) {
            return List.of();
        }
        program.assign(parameters);
        return program.map(split).stream().map(Values::mean).toList();
    }

    @Override
    public void close() {
        program.close();
    }
}
