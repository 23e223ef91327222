package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Seeds;
import org.equipose.core.graph.Device;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.run.RunDirectoryException;
import org.equipose.core.run.RunLog;
import org.equipose.core.training.TrainedModel;
import org.equipose.core.training.Trainer;
import org.equipose.core.training.TrainingFailure;
import org.equipose.core.wiring.Components;

/**
 * Trains several times, each time from another seed on the same images and in a run directory of its own, and keeps the
 * training with the best bound on the validation images (Vivé 2017, appendix: "can be re-run"). What it keeps is copied to
 * the directory of the run, which then looks like that of any other.
 *
 * <p>A latent is reported as collapsed if its divergence is below a tenth of a nat. The mean divergence of posterior and
 * prior bounds the information that a latent has about the image, and to tell two halves of the images apart takes log 2,
 * 0.69 nats: such a latent says nothing, and the others do its work (VI.ii). The opposite is not true: a decoder may also
 * ignore a latent that says much.
 */
final class Restarts {
    private static final Logger LOG = LogManager.getLogger(Restarts.class);
    private static final double COLLAPSED = 0.1;
    private static final String VALIDATION = "val/";
    private static final String DIVERGENCE = VALIDATION + "kl_";

    private final Preparation preparation;
    private final List<String> words;
    private final Components components;
    private final DataSets data;
    private final Device device;
    private final RunDirectory run;
    private final Terminal terminal;

    /** Prepares the trainings of a run. */
    Restarts(
            Preparation preparation,
            List<String> words,
            Components components,
            DataSets data,
            Device device,
            RunDirectory run,
            Terminal terminal) {
        this.preparation = preparation;
        this.words = words;
        this.components = components;
        this.data = data;
        this.device = device;
        this.run = run;
        this.terminal = terminal;
    }

    /**
     * One training that was made.
     *
     * @param metrics of its last epoch, by column of metrics.csv; empty if it failed
     */
    record Restart(int number, long seed, Map<String, Double> metrics) {

        /** Returns the columns that restarts are compared by: the bound on the validation images, then the divergences. */
        List<String> columns() {
            return metrics.keySet().stream()
                    .filter(name -> name.equals(bound().orElseThrow()) || name.startsWith(DIVERGENCE))
                    .toList();
        }

        /** Returns the column of the bound, which is the first of those on the validation images. */
        private Optional<String> bound() {
            return metrics.keySet().stream()
                    .filter(name -> name.startsWith(VALIDATION))
                    .findFirst();
        }

        /** Returns the bound; nothing is worse than to have failed. */
        double score() {
            return bound().map(metrics::get).orElse(Double.NEGATIVE_INFINITY);
        }

        /** Returns the names of the latents that say nothing about an image. */
        List<String> collapsed() {
            return metrics.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(DIVERGENCE) && entry.getValue() < COLLAPSED)
                    .map(entry -> entry.getKey().substring(DIVERGENCE.length()))
                    .toList();
        }
    }

    /** Returns the seed of a restart: the first has that of the run. */
    static long seed(long seed, int number) {
        return number == 1 ? seed : Seeds.derive(seed, "restart:" + number);
    }

    /**
     * Makes the trainings that are not there, or until a stop is asked for.
     *
     * @return the training that is kept, or the one that was stopped
     * @throws IOException if a run directory cannot be read or written
     * @throws TrainingFailure if all fail
     */
    Trainer.Outcome train(Progress progress, BooleanSupplier stop) throws IOException {
        RunSettings settings = preparation.settings();
        long steps = (long) settings.epochs() * Trainer.stepsPerEpoch(settings, data);
        List<Restart> made = new ArrayList<>();
        for (int i = 1; i <= settings.restarts(); i++) {
            RunDirectory own = run.restart(i);
            long seed = seed(settings.seed(), i);
            Map<String, Double> metrics = Map.of();
            try {
                if (new Checkpoints(own.checkpoints()).latestStep() < steps) {
                    Trainer.Outcome outcome = train(i, seed, own, progress, stop);
                    if (!outcome.finished() || (stop.getAsBoolean() && i < settings.restarts())) {
                        return new Trainer.Outcome(
                                outcome.epochs(), outcome.steps(), false, outcome.metrics(), outcome.trained());
                    }
                }
                // From the file even now, so that a run that was cut off chooses by the same digits.
                metrics = lastRow(own, settings.epochs());
            } catch (TrainingFailure e) {
                LOG.info("restart {} failed", i, e); // the others may do better
                terminal.warn("restart " + i + " failed: " + e.getMessage());
            }
            made.add(new Restart(i, seed, metrics));
        }
        Restart kept = best(made);
        if (kept.metrics().isEmpty()) {
            throw new TrainingFailure("all " + made.size() + " restarts failed");
        }
        RunDirectory own = run.restart(kept.number());
        Checkpoints.Checkpoint checkpoint =
                new Checkpoints(own.checkpoints()).latest().orElseThrow();
        run.adopt(own);
        run.writeRestarts(csv(made, kept));
        print(made, kept);
        TrainedModel trained = TrainedModel.of(settings, components, data.spec(), device, checkpoint);
        return new Trainer.Outcome(settings.epochs(), steps, true, kept.metrics(), trained);
    }

    @SuppressWarnings("try") // the log is open for as long as the block runs; nobody need call it
    private Trainer.Outcome train(int number, long seed, RunDirectory own, Progress progress, BooleanSupplier stop)
            throws IOException {
        Preparation once = preparation.withSeed(seed);
        own.writeConfig(once.configuration());
        if (!Files.exists(own.manifest())) {
            if (!data.classes().isEmpty()) {
                own.writeClasses(data.classes());
            }
            RunManifest.of(once, words, data, device.toString(), "").write(own.manifest());
        }
        String name = "restart " + number + " of " + preparation.settings().restarts();
        terminal.out().println(name + ", seed " + seed);
        RunDirectory.Lock lock = own.lock();
        try (lock;
                RunLog log = RunLog.open(own.log())) {
            return new Trainer(
                            once.settings(),
                            components,
                            data,
                            device,
                            own,
                            Optional.empty(),
                            new Named(name, progress),
                            stop)
                    .train();
        }
    }

    /** Returns the one with the best bound; of equals the first. */
    static Restart best(List<Restart> made) {
        return Collections.max(
                made,
                Comparator.comparingDouble(Restart::score).thenComparing(Restart::number, Comparator.reverseOrder()));
    }

    /** Tells which restart is at work. */
    private record Named(String name, Progress progress) implements Progress {
        @Override
        public void at(String what, long done, long total) {
            progress.at(name, done, total);
        }

        @Override
        public void at(String what, long done, long total, Supplier<String> remark) {
            progress.at(name, done, total, remark);
        }
    }

    private static Map<String, Double> lastRow(RunDirectory own, int epochs) throws IOException {
        return MetricsFile.read(own.metrics()).stream()
                .filter(row -> row.epoch() == epochs)
                .map(MetricsFile.Row::values)
                .findFirst()
                .orElseThrow(() -> new RunDirectoryException(own.metrics() + " has no row of epoch " + epochs
                        + "; delete the folder " + own + " to train it again"));
    }

    /** Returns the table of all trainings, with commas. */
    static String csv(List<Restart> made, Restart kept) {
        List<String> columns = kept.columns();
        StringBuilder text = new StringBuilder("restart,seed," + String.join(",", columns) + ",collapsed,chosen\n");
        for (Restart restart : made) {
            text.append(restart.number()).append(',').append(restart.seed());
            for (String column : columns) {
                Double value = restart.metrics().get(column);
                text.append(',').append(value == null ? "" : value);
            }
            text.append(',').append(String.join(" ", restart.collapsed()));
            text.append(',').append(restart.equals(kept)).append('\n');
        }
        return text.toString();
    }

    private void print(List<Restart> made, Restart kept) {
        List<String> columns = kept.columns();
        StringBuilder text = new StringBuilder("\nrestarts; validation images, nats per image\n");
        text.append(String.format(Locale.ROOT, "  %7s %20s", "", "seed"));
        columns.forEach(
                column -> text.append(String.format(Locale.ROOT, "  %16s", column.substring(VALIDATION.length()))));
        for (Restart restart : made) {
            text.append(String.format(Locale.ROOT, "%n  %7d %20d", restart.number(), restart.seed()));
            for (String column : columns) {
                Double value = restart.metrics().get(column);
                text.append(value == null ? "            failed" : String.format(Locale.ROOT, "  %16.2f", value));
            }
            text.append(restart.equals(kept) ? "  kept" : "");
        }
        terminal.out().println(text);
        for (Restart restart : made) {
            List<String> silent = restart.collapsed();
            if (!silent.isEmpty()) {
                terminal.warn("restart " + restart.number() + (restart.equals(kept) ? ", which is kept," : "")
                        + " has collapsed: " + String.join(" and ", silent)
                        + (silent.size() == 1 ? " says" : " say") + " less than " + COLLAPSED + " nats about an image"
                        + (restart.equals(kept) ? "; try a longer --warmup, a lower --beta or more --restarts" : ""));
            }
        }
    }
}
