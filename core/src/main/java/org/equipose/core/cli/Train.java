package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.graph.Device;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.run.RunDirectoryException;
import org.equipose.core.run.RunLog;
import org.equipose.core.spi.Refusal;
import org.equipose.core.training.InitialParameters;
import org.equipose.core.training.Trainer;
import org.equipose.core.wiring.Components;
import org.equipose.core.wiring.Selection;
import org.equipose.core.wiring.Wiring;
import picocli.CommandLine.Model.CommandSpec;

/** Trains a model: from the command line to the evaluated run. */
final class Train implements Verb {
    private static final Logger LOG = LogManager.getLogger(Train.class);

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String about() {
        return "train a model; this is also what happens without a verb";
    }

    @Override
    public void describe(CommandSpec spec) {
        RunOptions.addTo(spec);
    }

    @Override
    @SuppressWarnings("try") // the log is open for as long as the block runs; nobody need call it
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        Optional<Resumption> resumption = Resumption.of(arguments);
        Preparation preparation = Preparation.of(arguments);
        preparation.warnings().forEach(terminal::warn);
        Optional<StartingPoint> start = StartingPoint.of(preparation.settings(), resumption);
        Wiring wiring = new Wiring(preparation.selection());
        Components components = wiring.components();
        DataSets data = RunData.open(preparation, wiring, terminal);
        refuse(preparation, components, data);
        Trainer.stepsPerEpoch(preparation.settings(), data);
        Device device = preparation.device();
        Optional<InitialParameters> initial = Optional.empty();
        if (start.isPresent()) {
            initial = Optional.of(start.get().parameters(preparation, components, data, device, terminal));
        }

        Manifest manifest = RunManifest.of(
                preparation,
                arguments.words(),
                data,
                device.toString(),
                initial.map(parameters -> parameters.file().toAbsolutePath().toString())
                        .orElse(""));
        RunDirectory run = resumption.isPresent() ? resumption.get().run() : begin(preparation, manifest, data);
        try (RunDirectory.Lock lock = run.lock();
                RunLog log = RunLog.open(run.log())) {
            if (resumption.isPresent()) {
                resumption.get().check(preparation, manifest, data).ifPresent(terminal::warn);
                run.writeConfig(preparation.configuration());
            }
            describe(preparation, data, device, run, terminal);
            initial.ifPresent(parameters -> terminal.out().println("starting from " + parameters.file()));
            RunSettings settings = preparation.settings();
            Optional<InitialParameters> first = initial;
            Training training = settings.restarts() > 1
                    ? new Restarts(preparation, arguments.words(), components, data, device, run, terminal)::train
                    : (progress, stop) ->
                            new Trainer(settings, components, data, device, run, first, progress, stop).train();
            return train(training, components, preparation.selection(), data, run, terminal);
        } catch (Refusal e) {
            boolean begun = Files.exists(run.checkpoints())
                    || Files.exists(run.restart(1).path());
            if (resumption.isEmpty() && !begun) {
                run.discard();
            }
            throw new ConfigurationException(e.getMessage());
        } catch (RunDirectoryException e) {
            throw e.with("once that is mended, the run goes on: run.sh --resume " + run.path());
        }
    }

    /** What is done between the description of a run and its evaluation. */
    @FunctionalInterface
    private interface Training {
        Trainer.Outcome train(Progress progress, BooleanSupplier stop) throws IOException;
    }

    private static int train(
            Training training,
            Components components,
            Selection selection,
            DataSets data,
            RunDirectory run,
            Terminal terminal)
            throws IOException {
        try {
            Trainer.Outcome outcome;
            try (Stop stop = new Stop()) {
                try (ConsoleProgress progress = terminal.progress()) {
                    outcome = training.train(progress, stop);
                }
                if (!outcome.finished()) { // said before the process is let go
                    terminal.out()
                            .println("stopped after step " + outcome.steps() + "; to go on: run.sh --resume "
                                    + run.path());
                    return 0;
                }
            }
            terminal.out().print("\n" + EpochTable.of(outcome.epochs(), outcome.steps(), outcome.metrics()));
            Evaluations.run(components, selection, outcome.trained(), data, run, terminal);
            terminal.out().println("\nrun directory\n  " + run.path());
            return 0;
        } catch (ConfigurationException e) {
            if (e.getCause() == null) {
                throw e;
            }
            LOG.info("the training ended with an exception", e);
            throw new ConfigurationException(e.getMessage() + "; where it happened is in " + run.log(), e);
        } catch (RuntimeException | Error e) {
            // The console gets a sentence; whoever wrote the component that failed needs the trace.
            LOG.info("the training ended with an exception", e);
            throw e;
        }
    }

    private static void refuse(Preparation preparation, Components components, DataSets data) {
        Optional<String> reason = components.model().refuses(data.spec());
        if (reason.isPresent()) {
            throw new ConfigurationException(
                    "model " + preparation.settings().model() + " cannot be trained: " + reason.get());
        }
        Optional<String> missing =
                Evaluations.missing(components.model().needs(), components, preparation.selection(), data);
        if (missing.isPresent()) {
            throw new ConfigurationException(
                    "model " + preparation.settings().model() + " cannot be trained: " + missing.get());
        }
        if (preparation.settings().restarts() > 1 && data.validation().count() == 0) {
            throw new ConfigurationException("restarts are compared on validation images, and there are none:"
                    + " raise --validation, or leave out --restarts");
        }
    }

    /** Makes the directory of a new run. With these two files, written before any other, it can be resumed. */
    private static RunDirectory begin(Preparation preparation, Manifest manifest, DataSets data) throws IOException {
        Preparation.Places places = preparation.places();
        RunDirectory run = places.runDir().isPresent()
                ? RunDirectory.create(places.runDir().get())
                : RunDirectory.create(places.out(), places.name(), Clock.system(ZoneId.systemDefault()));
        try {
            run.writeConfig(preparation.configuration());
            manifest.write(run.manifest());
            if (!data.classes().isEmpty()) {
                run.writeClasses(data.classes());
            }
            return run;
        } catch (IOException | RuntimeException e) {
            run.discard();
            throw e;
        }
    }

    private static void describe(
            Preparation preparation, DataSets data, Device device, RunDirectory run, Terminal terminal) {
        RunSettings settings = preparation.settings();
        terminal.out()
                .println(settings.model() + " on " + settings.dataset()
                        + (settings.transform().equals("none")
                                ? ""
                                : " with transform " + settings.transform() + " and pose prior " + settings.posePrior())
                        + ", objective " + settings.objective() + ", seed " + settings.seed() + ", "
                        + device + ", " + settings.threads() + (settings.threads() == 1 ? " thread" : " threads")
                        + (settings.restarts() == 1 ? "" : ", " + settings.restarts() + " restarts"));
        terminal.out()
                .println(
                        data.train().count() + " training, " + data.validation().count() + " validation and "
                                + data.test().count() + " test images of " + data.spec() + ", targets "
                                + settings.targets().name().toLowerCase(Locale.ROOT));
        terminal.out().println(run.path());
    }
}
