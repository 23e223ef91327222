package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.data.DataSets;
import org.equipose.core.inference.LoadedRun;
import org.equipose.core.run.RunDirectory;
import picocli.CommandLine.Model.CommandSpec;

/** A run that a verb looks at: what {@code --run} names, loaded at its latest checkpoint. */
record TrainedRun(Preparation preparation, LoadedRun loaded) {

    /** Adds the options for the run and for folders. */
    static void addTo(CommandSpec spec) {
        spec.addOption(Arguments.option("run", "DIR", "run directory of the model"));
    }

    /** Adds the options for folders. */
    static void addPlaces(CommandSpec spec) {
        spec.addOption(Arguments.option("data-dir", "DIR", "folder of data sets (default: " + Home.data() + ")"));
        addPlugins(spec);
    }

    /** Adds the option for plugins alone, for verbs that need no data. */
    static void addPlugins(CommandSpec spec) {
        spec.addOption(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"));
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
        LoadedRun loaded = LoadedRun.of(directory, preparation.selection(), preparation.device());
        terminal.out().println(preparation.settings().model() + " of " + folder + " after step " + loaded.step());
        return new TrainedRun(preparation, loaded);
    }

    /** Returns the directory of the run. */
    RunDirectory directory() {
        return loaded.directory();
    }

    /**
     * Opens the images of the run.
     *
     * @throws ConfigurationException if they are not those the model was trained and tested on
     */
    DataSets data(Terminal terminal) throws IOException {
        DataSets data = otherData(terminal);
        String name = preparation.settings().dataset();
        if (!loaded.manifest().dataset().equals(RunManifest.dataset(preparation, data))) {
            throw new ConfigurationException("the images of " + name + " are not those that " + directory()
                    + " was trained and tested on: their hashes differ");
        }
        return data;
    }

    /**
     * Opens the images that the command line asks for, whatever the model was trained on.
     *
     * @throws ConfigurationException if they are of another size
     */
    DataSets otherData(Terminal terminal) throws IOException {
        DataSets data = RunData.open(preparation, loaded.wiring(), terminal);
        if (!data.spec().equals(loaded.manifest().image())) {
            throw new ConfigurationException(
                    "the images of " + preparation.settings().dataset() + " are " + data.spec() + ", but the model of "
                            + directory() + " was trained on images of "
                            + loaded.manifest().image());
        }
        return data;
    }
}
