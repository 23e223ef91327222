package org.equipose.core.training;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Components;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model with the parameters of a checkpoint. */
public final class TrainedModel implements Trained {
    private final Model model;
    private final Optional<PoseTransform> transform;
    private final ImageSpec image;
    private final Targets targets;
    private final long seed;
    private final Device device;
    private final Map<String, Values> parameters;

    /**
     * Joins model and parameters.
     *
     * @param transform moves images by their pose, if the model has one
     * @param targets what it was trained to reproduce
     * @param seed keys the noise of evaluation
     * @param device where to compute
     * @param parameters by path
     */
    public TrainedModel(
            Model model,
            Optional<PoseTransform> transform,
            ImageSpec image,
            Targets targets,
            long seed,
            Device device,
            Map<String, Values> parameters) {
        this.model = model.at("model");
        this.transform = transform;
        this.image = image;
        this.targets = targets;
        this.seed = seed;
        this.device = device;
        this.parameters = parameters;
    }

    /**
     * Joins the model of a run with the parameters in a checkpoint.
     *
     * @param image size of the images it was trained on
     * @param device where to compute
     * @throws TrainingFailure if the checkpoint belongs to another model
     */
    public static TrainedModel of(
            RunSettings settings,
            Components components,
            ImageSpec image,
            Device device,
            Checkpoints.Checkpoint checkpoint) {
        Map<String, Values> variables = TrainingState.of(checkpoint).variables();
        TrainedModel trained = new TrainedModel(
                components.model(),
                components.transform(),
                image,
                settings.targets(),
                settings.seed(),
                device,
                variables);
        try (Program whole = new Program(image, 1, false, settings.seed(), device, (net, batch) -> {
            trained.model.pass(net, batch, 1);
            return List.of();
        })) {
            whole.mismatch(variables, "model/").ifPresent(why -> {
                throw TrainingState.foreign(checkpoint, why);
            });
        }
        return trained;
    }

    /** Returns the same model with other noise. */
    public TrainedModel withSeed(long other) {
        return new TrainedModel(model, transform, image, targets, other, device, parameters);
    }

    /** Returns what keys the noise. */
    public long seed() {
        return seed;
    }

    /**
     * Gives parameters of a graph their trained values.
     *
     * @throws IllegalArgumentException if one is missing or has another shape
     */
    public void assign(GraphSession session, Collection<Parameter> graph) {
        for (Parameter parameter : graph) {
            Variable variable = new Variable(session.ops(), parameter.path(), parameter.handle(), parameter.shape());
            variable.write(session, variable.in(parameters));
        }
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public ImageSpec image() {
        return image;
    }

    @Override
    public Optional<PoseTransform> transform() {
        return transform;
    }

    @Override
    public Targets targets() {
        return targets;
    }

    @Override
    public List<Values> map(Split split, BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        int rows = Math.min(Program.ROWS, split.count());
        try (Program program = new Program(image, rows, split.labels().isPresent(), seed, device, section)) {
            program.assign(parameters);
            return program.map(split);
        }
    }

    @Override
    public List<Values> run(Function<Net, List<Operand<TFloat32>>> section) {
        try (Program program = new Program(image, 1, false, seed, device, (net, batch) -> section.apply(net))) {
            program.assign(parameters);
            return program.run();
        }
    }
}
