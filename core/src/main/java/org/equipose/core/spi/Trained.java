package org.equipose.core.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model with its trained parameters. Evaluators build their own graphs around it. */
public interface Trained {

    /** Returns the model; its parameters are found from any net. */
    Model model();

    /** Returns the size of the images it was trained on. */
    ImageSpec image();

    /** Returns how its pose moves an image, if it has a pose; {@link PoseReading} says it in pixels and degrees. */
    default Optional<PoseTransform> transform() {
        return Optional.empty();
    }

    /** Returns what it was trained to reproduce; scores of grey targets are not probabilities. */
    Targets targets();

    /**
     * Applies a piece of graph to all images of a split, batch by batch and in order.
     *
     * @param section builds results {@code [batch, ...]} from a batch
     * @return for every result, {@code [images, ...]}
     */
    List<Values> map(Split split, BiFunction<Net, Batch, List<Operand<TFloat32>>> section);

    /** Runs a piece of graph once. */
    List<Values> run(Function<Net, List<Operand<TFloat32>>> section);

    /** Returns the settings of the run it was trained in, by their full keys; empty where there was none. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** Returns who hears how far a long evaluation has come; nobody by default. One thread at a time may report. */
    default Progress progress() {
        return Progress.SILENT;
    }
}
