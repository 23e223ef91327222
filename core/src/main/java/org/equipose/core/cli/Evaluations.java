package org.equipose.core.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Report;
import org.equipose.core.run.ReportFiles;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Trained;
import org.equipose.core.training.TrainingFailure;
import org.equipose.core.wiring.Components;
import org.equipose.core.wiring.Selection;

/** Runs evaluators, writes their reports into the run directory and prints their numbers. */
final class Evaluations {
    /** Names of measures are padded to the longest, and to this. */
    private static final int NAME_WIDTH = 26;

    private Evaluations() {}

    /**
     * Runs them all; one that fails does not keep the others from running.
     *
     * @param selection their settings, which are written beside their numbers
     * @throws ConfigurationException at the end, if any failed; the log has the traces
     */
    static void run(
            Components components,
            Selection selection,
            Trained trained,
            DataSets data,
            RunDirectory run,
            Terminal terminal)
            throws IOException {
        List<Path> pictures = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, Evaluator> entry : components.evaluators().entrySet()) {
            String name = entry.getKey();
            Optional<String> missing = missing(entry.getValue().needs(), components, selection, data);
            if (missing.isPresent()) {
                terminal.warn("evaluator " + name + " is left out: " + missing.get());
                continue;
            }
            try {
                Report report = report(entry.getValue(), trained, selection.effective(), data, run, terminal);
                for (Path file : ReportFiles.write(run.evaluation(), name, selection.ofEvaluator(name), report)) {
                    if (file.toString().endsWith(".png")) {
                        pictures.add(file);
                    }
                }
                print(name, report, terminal.out());
            } catch (RuntimeException e) {
                LogManager.getLogger(Evaluations.class).info("evaluator {} failed", name, e);
                problems.add(problem(name, e) + "; where it happened is in " + run.log());
            }
        }
        if (!pictures.isEmpty()) {
            terminal.out().println("\npictures");
            pictures.forEach(file -> terminal.out().println("  " + file));
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static Report report(
            Evaluator evaluator,
            Trained trained,
            Map<String, String> settings,
            DataSets data,
            RunDirectory run,
            Terminal terminal) {
        try (ConsoleProgress progress = terminal.progress()) {
            return evaluator.evaluate(new Watched(trained, settings, progress), data, run);
        }
    }

    /** What is short, or a model that has run away, is no fault of whoever wrote the evaluator. */
    private static String problem(String name, RuntimeException thrown) {
        Optional<String> remedy = Shortage.explain(thrown);
        for (Throwable cause = thrown; cause != null && remedy.isEmpty(); cause = cause.getCause()) {
            if (cause instanceof TrainingFailure) {
                remedy = Optional.of(cause.getMessage());
            }
        }
        if (remedy.isEmpty() && thrown instanceof ConfigurationException) {
            return thrown.getMessage(); // of somebody's plugin, which it names
        }
        return "evaluator " + name + " failed: " + remedy.orElseGet(() -> Shortage.firstLine(thrown));
    }

    /** Returns what there is not, of what a component cannot do without. */
    static Optional<String> missing(Set<Need> needs, Components components, Selection selection, DataSets data) {
        Optional<PoseTransform> transform = components
                .transform()
                .filter(any -> !selection.settings().transform().equals("none"));
        for (Need need : needs) {
            switch (need) {
                case LABELS -> {
                    if (data.train().labels().isEmpty() || data.test().labels().isEmpty()) {
                        return Optional.of("it needs labels, and the images have none");
                    }
                }
                case PROPER_CODE_PRIOR -> {
                    if (isImproper(components.priors().get("code-prior"))) {
                        return Optional.of(
                                "it needs a code prior that can be drawn from, such as --code-prior standard");
                    }
                }
                case PROPER_POSE_PRIOR -> {
                    if (isImproper(components.priors().get("pose-prior"))) {
                        return Optional.of(
                                "it needs a pose prior that can be drawn from, such as --pose-prior diagonal");
                    }
                }
                case SECOND_DATA_SET, VIEWS -> {
                    return Optional.of(
                            "it needs " + (need == Need.VIEWS ? "several views of an image" : "a second data set")
                                    + ", which this version cannot give it");
                }
                case POSE_TRANSFORM -> {
                    if (transform.isEmpty()) {
                        return Optional.of("it needs a pose, such as --transform affine");
                    }
                }
                case INVERTIBLE_TRANSFORM -> {
                    if (transform.flatMap(PoseTransform::inverse).isEmpty()) {
                        return Optional.of("it needs a transform with an inverse, such as --transform affine");
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isImproper(Prior prior) {
        return prior == null || prior.posterior() == Family.DELTA;
    }

    private static void print(String evaluator, Report report, PrintStream out) {
        if (report.measures().isEmpty()) {
            return;
        }
        int width = report.measures().stream()
                .mapToInt(measure -> measure.name().length())
                .reduce(NAME_WIDTH, Math::max);
        out.println("\n" + evaluator);
        String before = "";
        for (Report.Measure measure : report.measures()) {
            String what = measure.unit() + ", " + measure.split() + ", " + measure.protocol();
            if (!what.equals(before)) {
                out.println("  " + what);
                before = what;
            }
            String interval = measure.interval()
                    .map(i -> "  95 % [" + Report.figure(i.low()) + ", " + Report.figure(i.high()) + "]")
                    .orElse("");
            out.println("    " + String.format("%-" + width + "s %10s", measure.name(), Report.figure(measure.value()))
                    + interval);
        }
    }
}
