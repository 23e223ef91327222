package org.equipose.core.cli;

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
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A trained model of a run, whose evaluation is watched on the console. */
record Watched(Trained trained, Map<String, String> settings, Progress progress) implements Trained {

    @Override
    public Model model() {
        return trained.model();
    }

    @Override
    public ImageSpec image() {
        return trained.image();
    }

    @Override
    public Targets targets() {
        return trained.targets();
    }

    @Override
    public Optional<PoseTransform> transform() {
        return trained.transform();
    }

    @Override
    public List<Values> map(Split split, BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        return trained.map(split, section);
    }

    @Override
    public List<Values> run(Function<Net, List<Operand<TFloat32>>> section) {
        return trained.run(section);
    }
}
