package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.training.TrainedModel;
import org.equipose.core.wiring.Components;
import org.equipose.core.wiring.Wiring;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A run with its model, ready to be looked at.
 *
 * @param step steps that the model was trained for
 */
record TrainedRun(RunDirectory directory, Components components, DataSets data, TrainedModel trained, long step) {

    /** Adds the options for folders. */
    static void addPlaces(CommandSpec spec) {
        spec.addOption(Arguments.option("data-dir", "DIR", "folder of data sets (default: " + Home.data() + ")"))
                .addOption(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"));
    }

    /**
     * Opens the run that {@code --run} names at its latest checkpoint.
     *
     * @throws ConfigurationException if none is named, or something in it cannot be used
     * @throws IOException if it is no run, or its checkpoint is damaged
     */
    static TrainedRun open(Arguments arguments, Terminal terminal) throws IOException {
        Path folder = arguments
                .path("run")
                .orElseThrow(() -> new ConfigurationException("say which run: --run DIR, a folder below runs/"));
        RunDirectory directory = RunDirectory.open(folder);
        Preparation preparation = Preparation.ofRun(folder, arguments);
        preparation.warnings().forEach(terminal::warn);
        Wiring wiring = new Wiring(preparation.selection());
        Components components = wiring.components();
        Checkpoints.Checkpoint checkpoint = new Checkpoints(directory.checkpoints())
                .latest()
                .orElseThrow(() -> new ConfigurationException(
                        "there is no checkpoint in " + directory.checkpoints() + "; train again"));
        DataSets data = RunData.open(preparation, wiring, terminal);
        if (!Manifest.read(directory.manifest()).dataset().equals(RunManifest.dataset(preparation, data))) {
            throw new ConfigurationException(
                    "the images of " + preparation.settings().dataset() + " are not those that " + folder
                            + " was trained and tested on: their hashes differ");
        }
        RunSettings settings = preparation.settings();
        TrainedModel trained = TrainedModel.of(settings, components, data, preparation.device(), checkpoint);
        terminal.out().println(settings.model() + " of " + folder + " after step " + checkpoint.step());
        return new TrainedRun(directory, components, data, trained, checkpoint.step());
    }
}
