package org.equipose.core.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Report;
import org.equipose.core.run.ReportFiles;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Trained;

/** Runs evaluators, writes their reports into the run directory and prints their numbers. */
final class Evaluations {
    private Evaluations() {}

    static void run(
            Map<String, Evaluator> evaluators, Trained trained, DataSets data, RunDirectory run, Terminal terminal)
            throws IOException {
        List<Path> pictures = new ArrayList<>();
        for (Map.Entry<String, Evaluator> entry : evaluators.entrySet()) {
            Optional<String> missing = missing(entry.getValue().needs(), data);
            if (missing.isPresent()) {
                terminal.warn("evaluator " + entry.getKey() + " is left out: " + missing.get());
                continue;
            }
            Report report = entry.getValue().evaluate(trained, data, run);
            for (Path file : ReportFiles.write(run.evaluation(), entry.getKey(), report)) {
                if (file.toString().endsWith(".png")) {
                    pictures.add(file);
                }
            }
            print(entry.getKey(), report, terminal.out());
        }
        if (!pictures.isEmpty()) {
            terminal.out().println("\npictures");
            pictures.forEach(file -> terminal.out().println("  " + file));
        }
    }

    private static Optional<String> missing(Set<Need> needs, DataSets data) {
        return needs.contains(Need.LABELS) && data.test().labels().isEmpty()
                ? Optional.of("it needs labels, and the test images have none")
                : Optional.empty();
    }

    private static void print(String evaluator, Report report, PrintStream out) {
        if (report.measures().isEmpty()) {
            return;
        }
        out.println("\n" + evaluator);
        String before = "";
        for (Report.Measure measure : report.measures()) {
            String what = measure.unit() + ", " + measure.split() + ", " + measure.protocol();
            if (!what.equals(before)) {
                out.println("  " + what);
                before = what;
            }
            String interval = measure.interval()
                    .map(i -> String.format(Locale.ROOT, "  95 %% [%.2f, %.2f]", i.low(), i.high()))
                    .orElse("");
            out.printf(Locale.ROOT, "    %-26s %10.2f%s%n", measure.name(), measure.value(), interval);
        }
    }
}
