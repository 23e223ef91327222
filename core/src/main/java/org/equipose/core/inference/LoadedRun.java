package org.equipose.core.inference;

import java.io.IOException;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.graph.Device;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.training.TrainedModel;
import org.equipose.core.training.TrainingFailure;
import org.equipose.core.wiring.Components;
import org.equipose.core.wiring.Selection;
import org.equipose.core.wiring.Wiring;

/**
 * The model of a run, built anew and given its trained parameters. The images it was trained on are not needed.
 *
 * @param wiring builds the data set, for those who do need it
 * @param step steps that the model was trained for
 */
public record LoadedRun(
        RunDirectory directory,
        Manifest manifest,
        Wiring wiring,
        Components components,
        TrainedModel trained,
        Device device,
        long step) {

    /**
     * Loads the latest checkpoint of a run.
     *
     * @param selection read from its configuration
     * @throws ConfigurationException if there is no checkpoint, or it belongs to another model
     * @throws IOException if a file is damaged
     */
    public static LoadedRun of(RunDirectory directory, Selection selection, Device device) throws IOException {
        Manifest manifest = Manifest.read(directory.manifest());
        Wiring wiring = new Wiring(selection);
        Components components = wiring.components();
        Checkpoints.Checkpoint checkpoint = new Checkpoints(directory.checkpoints())
                .latest()
                .orElseThrow(() -> new ConfigurationException(
                        "there is no checkpoint in " + directory.checkpoints() + "; train again"));
        try {
            TrainedModel trained =
                    TrainedModel.of(selection.settings(), components, manifest.image(), device, checkpoint);
            return new LoadedRun(directory, manifest, wiring, components, trained, device, checkpoint.step());
        } catch (TrainingFailure e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /**
     * Opens the model as functions.
     *
     * @param rows images at a time
     * @throws ConfigurationException if the checkpoint belongs to another model
     */
    public InferenceGraph functions(int rows, Device where) {
        try {
            return new InferenceGraph(trained, rows, where);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("the model of " + directory + " cannot be loaded: " + e.getMessage(), e);
        }
    }
}
