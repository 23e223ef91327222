package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.training.Trainer;

/**
 * A run whose training goes on. It keeps the settings it has, or its numbers would be neither those of the old nor of the new
 * ones; only more epochs can be asked for.
 *
 * @param run its directory
 * @param began what was written down when it began
 * @param epochsGiven whether the command line says how many epochs
 */
record Resumption(RunDirectory run, Manifest began, boolean epochsGiven) {
    private static final Set<String> ALLOWED = Set.of("resume", "epochs", "threads", "data-dir", "plugins");

    private static final String LITTLE = ": its numbers may differ from those of an undisturbed run";

    /**
     * Finds the run that {@code --resume} names, if it is there. What else is on the command line and must not be becomes a
     * problem of the arguments.
     *
     * @throws IOException if the folder is no run
     */
    static Optional<Resumption> of(Arguments arguments) throws IOException {
        Optional<Path> folder = arguments.path("resume");
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        RunDirectory run = RunDirectory.open(folder.get());
        Manifest began = Manifest.read(run.manifest());
        refuse(arguments.given().stream()
                        .filter(option -> !ALLOWED.contains(option))
                        .toList())
                .ifPresent(arguments::problem);
        arguments
                .get("threads")
                .filter(threads -> !threads.strip().equals(Integer.toString(began.threads())))
                .ifPresent(threads -> arguments.problem("--threads " + threads + ", but the run was begun with "
                        + began.threads() + ", and its numbers depend on that to the last bit; leave out --threads"));
        return Optional.of(new Resumption(run, began, arguments.get("epochs").isPresent()));
    }

    /** Returns what to say about options beside {@code --resume}, if there are any. */
    static Optional<String> refuse(List<String> options) {
        return options.isEmpty()
                ? Optional.empty()
                : Optional.of("--resume takes all settings from the run; leave out --" + String.join(", --", options));
    }

    /**
     * Compares what is about to be trained with what was begun.
     *
     * @param now what would be written down if the run began now
     * @return a warning, if the numbers may come out a little different
     * @throws ConfigurationException if this run cannot go on like that
     */
    Optional<String> check(Preparation preparation, Manifest now, DataSets data) throws IOException {
        RunSettings settings = preparation.settings();
        if (settings.threads() != began.threads()) {
            throw new ConfigurationException(run.config() + " says threads: " + settings.threads()
                    + ", but the run was begun with " + began.threads() + "; put that number back");
        }
        if (settings.seed() != began.seed()) {
            throw new ConfigurationException(run.config() + " says seed: " + settings.seed()
                    + ", but the run was begun with " + began.seed() + "; put that number back");
        }
        if (!began.dataset().equals(now.dataset())) {
            throw new ConfigurationException("the images of " + now.dataset().name() + " are not those that " + run
                    + " was begun with: their hashes differ");
        }
        int stepsPerEpoch = Trainer.stepsPerEpoch(settings, data);
        long begun = (latestStep(settings.restarts()) + stepsPerEpoch - 1) / stepsPerEpoch;
        if (settings.epochs() < begun) {
            throw new ConfigurationException("epochs must be at least " + begun
                    + ", since the run got that far, but was "
                    + settings.epochs()
                    + (epochsGiven ? "; leave out --epochs to finish it as it was planned" : " in " + run.config()));
        }
        if (!now.device().equals(began.device())) {
            return Optional.of("the run was begun on " + began.device() + " and goes on on " + now.device() + LITTLE);
        }
        return now.plugins().equals(began.plugins()) && now.equipose().equals(began.equipose())
                ? Optional.empty()
                : Optional.of("Equipose or its plugins are not those that the run was begun with" + LITTLE);
    }

    private long latestStep(int restarts) throws IOException {
        long latest = new Checkpoints(run.checkpoints()).latestStep();
        for (int i = 1; i <= restarts; i++) {
            latest = Math.max(latest, new Checkpoints(run.restart(i).checkpoints()).latestStep());
        }
        return latest;
    }
}
