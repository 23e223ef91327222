package org.equipose.core.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.run.Chart;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;

/**
 * What a reproduction found, beside what the paper says.
 *
 * @param recipe what was followed
 * @param rows numbers, in the recipe's order
 */
public record Findings(Recipe recipe, List<Found> rows) {

    /**
     * A row of the recipe with our numbers.
     *
     * @param values one for each seed
     * @param unit of all of them
     * @param protocol split and how it was measured
     */
    public record Found(Recipe.Row row, List<Double> values, String unit, String protocol) {

        /** Returns the mean over the seeds. */
        public double mean() {
            return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }

        /** Returns the standard deviation over the seeds, if there are several. */
        public OptionalDouble deviation() {
            if (values.size() < 2) {
                return OptionalDouble.empty();
            }
            double mean = mean();
            double squares =
                    values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
            return OptionalDouble.of(Math.sqrt(squares / (values.size() - 1)));
        }

        String ours() {
            return Report.figure(mean())
                    + (deviation().isPresent()
                            ? format(
                                    Math.abs(mean()) < 1 ? " ± %.3f" : " ± %.2f",
                                    deviation().getAsDouble())
                            : "");
        }

        String paper() {
            return row.paper().isPresent() ? Report.figure(row.paper().getAsDouble()) : "";
        }

        String difference() {
            return row.paper().isPresent()
                    ? format("%+.2f", mean() - row.paper().getAsDouble())
                    : "";
        }

        String verdict() {
            if (row.paper().isEmpty() || row.within().isEmpty()) {
                return "";
            }
            boolean near =
                    Math.abs(mean() - row.paper().getAsDouble()) <= row.within().getAsDouble();
            return (near ? "within " : "not within ")
                    + format("%.1f", row.within().getAsDouble());
        }
    }

    /**
     * A claim that was put to the test.
     *
     * @param holds whether the numbers bear it out
     * @param numbers the two numbers
     */
    public record Verdict(Recipe.Claim claim, boolean holds, String numbers) {}

    /**
     * Collects the numbers of a recipe.
     *
     * @param runs run directories of each training, one for each seed
     * @throws ConfigurationException if a run does not have what a row asks for
     */
    public static Findings of(Recipe recipe, Map<String, List<RunDirectory>> runs) throws IOException {
        List<Found> rows = new ArrayList<>();
        for (Recipe.Row row : recipe.rows()) {
            List<Double> values = new ArrayList<>();
            Measured number = null;
            for (RunDirectory run : runs.get(row.run())) {
                number = row.measure().ofTraining() ? ofTraining(row, run) : ofEvaluation(row, run);
                values.add(number.value());
            }
            rows.add(new Found(row, values, number.unit(), number.protocol()));
        }
        return new Findings(recipe, rows);
    }

    private record Measured(double value, String unit, String protocol) {}

    private static Measured ofEvaluation(Recipe.Row row, RunDirectory run) throws IOException {
        Path file = run.evaluation().resolve(row.measure().evaluator() + ".json");
        if (!Files.exists(file)) {
            throw new ConfigurationException("evaluator " + row.measure().evaluator() + " left no report of "
                    + run.path() + ", and row '" + row.name() + "' needs it; why is said above, where it was to run");
        }
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode measure : new ObjectMapper().readTree(file.toFile()).get("measures")) {
            String name = measure.get("name").asText();
            names.add(name);
            if (name.equals(row.measure().name())) {
                return new Measured(
                        measure.get("value").asDouble(),
                        measure.get("unit").asText(),
                        measure.get("split").asText() + "; "
                                + measure.get("protocol").asText());
            }
        }
        throw new ConfigurationException(file + " has no measure '"
                + row.measure().name() + "'" + DidYouMean.among(row.measure().name(), names));
    }

    private static Measured ofTraining(Recipe.Row row, RunDirectory run) throws IOException {
        String column = row.measure().name();
        DoubleBinaryOperator choice = row.measure().least() ? Math::min : (earlier, later) -> later;
        double value = Arrays.stream(column(run, column)).reduce(choice).orElseThrow();
        String split = column.substring(0, Math.max(0, column.indexOf('/')));
        return new Measured(
                value,
                row.unit(),
                split + "; "
                        + (row.measure().least() ? "the epoch with the least value on this very split" : "last epoch"));
    }

    /** Returns a column of the metrics, a number for each epoch. */
    static double[] column(RunDirectory run, String name) throws IOException {
        List<MetricsFile.Row> epochs = MetricsFile.read(run.metrics());
        if (!epochs.get(0).values().containsKey(name)) {
            throw new ConfigurationException(run.metrics() + " has no column '" + name + "'"
                    + DidYouMean.among(name, epochs.get(0).values().keySet()));
        }
        return epochs.stream().mapToDouble(epoch -> epoch.values().get(name)).toArray();
    }

    /** Puts every claim to the test. */
    public List<Verdict> verdicts() {
        Map<String, Found> byName = new LinkedHashMap<>();
        rows.forEach(found -> byName.put(found.row().name(), found));
        return recipe.claims().stream()
                .map(claim -> {
                    double larger = number(claim.larger(), byName);
                    double than = number(claim.than(), byName);
                    String numbers = side(claim.larger(), byName) + relation(claim.by()) + side(claim.than(), byName);
                    double more = larger - than;
                    return new Verdict(claim, claim.by() == 0 ? more > 0 : more >= claim.by(), numbers);
                })
                .toList();
    }

    /** Says what was asked and not what is, as it stands beside claims that do not hold too. */
    private static String relation(double by) {
        if (by == 0) {
            return ", to be larger than ";
        }
        return by > 0 ? format(", to be larger by %.2f than ", by) : format(", to be at most %.2f less than ", -by);
    }

    private static String side(String side, Map<String, Found> byName) {
        return byName.containsKey(side)
                ? side + " " + Report.figure(byName.get(side).mean())
                : side;
    }

    private static double number(String side, Map<String, Found> byName) {
        return byName.containsKey(side) ? byName.get(side).mean() : Double.parseDouble(side);
    }

    /** Returns the table for a console. */
    public String text() {
        int width = Math.max(
                20,
                rows.stream()
                        .mapToInt(found -> found.row().name().length())
                        .max()
                        .orElse(0));
        StringBuilder text = new StringBuilder();
        String before = "";
        for (Found found : rows) {
            String what = found.unit() + "; " + found.protocol();
            if (!what.equals(before)) {
                text.append("  ").append(what).append('\n');
                text.append(format("    %-" + width + "s %9s %16s %11s%n", "", "paper", "ours", "difference"));
                before = what;
            }
            text.append(format(
                    "    %-" + width + "s %9s %16s %11s  %s%n",
                    found.row().name(),
                    found.paper(),
                    found.ours(),
                    found.difference(),
                    found.verdict()));
        }
        for (Verdict verdict : verdicts()) {
            text.append(verdict.holds() ? "  holds: " : "  does not hold: ")
                    .append(verdict.claim().says())
                    .append(" (")
                    .append(verdict.numbers())
                    .append(")\n");
        }
        return text.toString();
    }

    /**
     * Returns a page in Markdown.
     *
     * @param command that makes it again
     * @param how seeds, epochs and images, in a sentence
     * @param pictures file names by caption
     */
    public String markdown(String command, String how, Map<String, String> pictures) {
        StringBuilder text = new StringBuilder("# " + recipe.title() + "\n\nThe paper: " + recipe.says() + "\n\n`"
                + command + "`: " + how + "\n\n"
                + "| | paper | ours | difference | unit | split; protocol | |\n|---|---|---|---|---|---|---|\n");
        for (Found found : rows) {
            text.append("| ")
                    .append(String.join(
                            " | ",
                            found.row().name(),
                            found.paper(),
                            found.ours(),
                            found.difference(),
                            found.unit(),
                            found.protocol(),
                            found.verdict()))
                    .append(" |\n");
        }
        List<Verdict> verdicts = verdicts();
        if (!verdicts.isEmpty()) {
            text.append('\n');
        }
        for (Verdict verdict : verdicts) {
            text.append("* ")
                    .append(verdict.holds() ? "**Holds**: " : "**Does not hold**: ")
                    .append(verdict.claim().says())
                    .append(" (")
                    .append(verdict.numbers())
                    .append(").\n");
        }
        pictures.forEach((caption, file) -> text.append("\n![")
                .append(caption)
                .append("](")
                .append(file)
                .append(")\n\n")
                .append(caption)
                .append('\n'));
        return text.toString();
    }

    /** Returns the chart of all rows with an x: ours, and the paper's where it has numbers. */
    public Optional<Chart> chart() {
        if (recipe.axes().isEmpty()) {
            return Optional.empty();
        }
        Map<String, List<Found>> lines = new LinkedHashMap<>();
        rows.stream()
                .filter(found -> found.row().x().isPresent())
                .forEach(found -> lines.computeIfAbsent(found.row().series(), any -> new ArrayList<>())
                        .add(found));
        List<Chart.Series> series = new ArrayList<>();
        lines.forEach((name, line) -> series.add(new Chart.Series(
                name,
                Chart.Kind.LINE,
                line.stream()
                        .mapToDouble(found -> found.row().x().getAsDouble())
                        .toArray(),
                line.stream().mapToDouble(Found::mean).toArray())));
        lines.forEach((name, line) -> {
            List<Found> known = line.stream()
                    .filter(found -> found.row().paper().isPresent())
                    .toList();
            if (!known.isEmpty()) {
                series.add(new Chart.Series(
                        name + ", paper",
                        Chart.Kind.POINTS,
                        known.stream()
                                .mapToDouble(found -> found.row().x().getAsDouble())
                                .toArray(),
                        known.stream()
                                .mapToDouble(found -> found.row().paper().getAsDouble())
                                .toArray(),
                        name));
            }
        });
        Recipe.Axes axes = recipe.axes().get();
        return series.isEmpty()
                ? Optional.empty()
                : Optional.of(new Chart(recipe.title(), axes.x(), axes.y(), false, false, series));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
