package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.ConfigurationFile;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.Setting;
import org.equipose.core.data.DataSets;
import org.equipose.core.graph.Device;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.training.InitialParameters;
import org.equipose.core.training.TrainingFailure;
import org.equipose.core.wiring.Components;
import org.equipose.core.wiring.Selection;

/**
 * The latest checkpoint of another run, from which a training takes its first parameters.
 *
 * @param run where it was trained
 */
record StartingPoint(RunDirectory run, Checkpoints.Checkpoint checkpoint) {
    /**
     * Opens the run that {@code init-from} names, unless the run to be trained has a checkpoint already: that has everything
     * in it, and the other run may be gone.
     *
     * @throws ConfigurationException if there is no checkpoint, or another one than the run was begun from
     * @throws IOException if it is no run, or its checkpoint is damaged
     */
    static Optional<StartingPoint> of(RunSettings settings, Optional<Resumption> resumption) throws IOException {
        Optional<Path> folder = settings.initFrom();
        if (folder.isEmpty()
                || (resumption.isPresent()
                        && new Checkpoints(resumption.get().run().checkpoints())
                                .latest()
                                .isPresent())) {
            return Optional.empty();
        }
        RunDirectory run = RunDirectory.open(folder.get());
        Checkpoints.Checkpoint checkpoint = new Checkpoints(run.checkpoints())
                .latest()
                .orElseThrow(() -> new ConfigurationException("there is no checkpoint in " + run.checkpoints()
                        + " to start from; train that run first, or name another by --init-from"));
        if (resumption.isPresent()
                && !Path.of(resumption.get().began().initFrom())
                        .endsWith(checkpoint.file().getFileName())) {
            throw new ConfigurationException(resumption.get().run() + " was begun from "
                    + resumption.get().began().initFrom() + ", but " + run + " is at "
                    + checkpoint.file().getFileName() + " now; begin a new run");
        }
        return Optional.of(new StartingPoint(run, checkpoint));
    }

    /**
     * Takes the parameters that a model needs.
     *
     * @throws ConfigurationException if they do not fit it
     */
    InitialParameters parameters(
            Preparation preparation, Components components, DataSets data, Device device, Terminal terminal)
            throws IOException {
        RunSettings settings = preparation.settings();
        Manifest manifest = Manifest.read(run.manifest());
        if (!manifest.image().equals(data.spec())) {
            throw new ConfigurationException("the model of " + run + " is for images of " + manifest.image()
                    + ", but those of " + settings.dataset() + " are " + data.spec()
                    + "; choose a data set or a run of the same size, or leave out --init-from");
        }
        try {
            InitialParameters parameters = InitialParameters.of(checkpoint, settings, components, data, device);
            if (!parameters.unused().isEmpty()) {
                terminal.warn("this model has no use for some parameters of " + run + ": " + parameters.unused());
            }
            return parameters;
        } catch (TrainingFailure e) {
            throw new ConfigurationException(
                    e.getMessage() + "; " + run + " was trained with " + differences(preparation)
                            + "; do the same here, or leave out --init-from",
                    e);
        }
    }

    /** Returns the settings of the other run that shape a model, where they are not those of this one. */
    private String differences(Preparation preparation) {
        Map<String, Setting> there = ConfigurationFile.read(run.config());
        Set<String> roles = Selection.roles(preparation.catalog());
        List<String> differences = new ArrayList<>();
        preparation.selection().effective().forEach((key, here) -> {
            Setting other = there.get(key);
            String role = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
            if (roles.contains(role)
                    && !role.equals("dataset")
                    && other != null
                    && !other.text().equals(here)) {
                differences.add(key + " " + other.text() + ", not " + here);
            }
        });
        return differences.isEmpty() ? "other plugins" : String.join("; ", differences);
    }
}
