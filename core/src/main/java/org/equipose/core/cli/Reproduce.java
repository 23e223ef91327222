package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.ConfigurationFile;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.reproduction.Courses;
import org.equipose.core.reproduction.Findings;
import org.equipose.core.reproduction.Recipe;
import org.equipose.core.run.Chart;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.ReportFiles;
import org.equipose.core.run.RunDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Reproduces a table or a figure of a paper: trains what is not there, goes on with what was cut off, evaluates, and puts our
 * numbers beside the paper's. Each training and each evaluation is a command line of its own, that a person could have typed.
 */
final class Reproduce implements Verb {
    private static final String SUFFIX = ".yaml";
    private static final String OF_EVALUATORS = "evaluator.";

    /** Settings that a training does not depend on, or only in its last bits. */
    private static final Set<String> INDIFFERENT = Set.of("eval", "threads", "device");

    @Override
    public String name() {
        return "reproduce";
    }

    @Override
    public String about() {
        return "reproduce a table or figure of a paper: train what is missing and compare";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(Arguments.parameter(
                        "NAME", "such as vive2017/table1, or a file of your own; without one, all are listed"))
                .addOption(Arguments.flag("quick", "few epochs and one seed; says which claims must still hold"))
                .addOption(Arguments.flag("plan", "check everything, list the trainings and stop"))
                .addOption(Arguments.option("to", "DIR", "where to (default: reproductions)"))
                .addOption(Arguments.option("threads", "N", "operations run at a time (default: one per processor)"))
                .addOption(Arguments.option("device", "NAME", "auto, cpu or gpu:N (default: auto)"));
        TrainedRun.addPlaces(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        List<String> words = arguments.parameters(0, 1);
        arguments.check();
        if (words.isEmpty()) {
            for (String name : Home.recipes().names()) {
                terminal.out()
                        .println(name + "  "
                                + Recipe.read(Home.recipes().file(name)).title());
            }
            return 0;
        }
        boolean quick = arguments.has("quick");
        Recipe recipe = Recipe.read(file(words.get(0)));
        return new Work(name(words.get(0)), quick, quick ? recipe.quickly() : recipe, arguments, terminal).all();
    }

    /** Finds the recipe of the distribution, or one's own. */
    private static Path file(String word) {
        if (word.endsWith(SUFFIX)) {
            return Path.of(word);
        }
        List<String> names = Home.recipes().names();
        if (!names.contains(word)) {
            throw new ConfigurationException("nothing is known of how to reproduce '" + word + "'"
                    + DidYouMean.among(word, names) + "; a recipe of your own ends in " + SUFFIX);
        }
        return Home.recipes().file(word);
    }

    private static String name(String word) {
        return word.endsWith(SUFFIX) ? Path.of(word).getFileName().toString().replaceFirst("\\.yaml$", "") : word;
    }

    /**
     * One training and what is measured of it.
     *
     * @param key its name in the recipe
     * @param words of the command line that trains it, but for the directory
     */
    private record Job(
            String key, Path directory, Set<String> evaluators, List<String> words, Preparation preparation) {

        /** The last line of the metrics is written before the checkpoint that evaluators read. */
        boolean finished() throws IOException {
            Path metrics = directory.resolve("metrics.csv");
            if (!Files.exists(metrics)) {
                return false;
            }
            Optional<MetricsFile.Row> last = MetricsFile.read(metrics).stream()
                    .filter(row -> row.epoch() == preparation.settings().epochs())
                    .findFirst();
            return last.isPresent()
                    && new Checkpoints(RunDirectory.open(directory).checkpoints()).latestStep()
                            >= last.get().step();
        }
    }

    /** One reproduction. */
    private static final class Work {
        private final String name;
        private final boolean quick;
        private final Recipe recipe;
        private final Arguments arguments;
        private final Terminal terminal;
        private final Path folder;

        Work(String name, boolean quick, Recipe recipe, Arguments arguments, Terminal terminal) {
            this.name = name;
            this.quick = quick;
            this.recipe = recipe;
            this.arguments = arguments;
            this.terminal = terminal;
            folder = arguments.path("to").orElse(Path.of("reproductions"));
        }

        int all() throws IOException {
            List<Job> jobs = jobs();
            terminal.out()
                    .println(recipe.title() + (quick ? ", quick" : "") + ": " + jobs.size()
                            + (jobs.size() == 1 ? " training" : " trainings"));
            if (arguments.has("plan")) {
                for (Job job : jobs) {
                    terminal.out().println("  " + job.directory() + state(job));
                }
                return 0;
            }
            Map<String, List<RunDirectory>> runs = new LinkedHashMap<>();
            for (int i = 0; i < jobs.size(); i++) {
                Job job = jobs.get(i);
                terminal.out().println("\nrun " + (i + 1) + " of " + jobs.size() + ": " + job.directory() + state(job));
                if (!trained(job)) {
                    terminal.out().println("the same command goes on from there");
                    return 0;
                }
                RunDirectory run = RunDirectory.open(job.directory());
                evaluate(job, run);
                runs.computeIfAbsent(job.key(), any -> new ArrayList<>()).add(run);
            }
            return conclude(Findings.of(recipe, runs), runs);
        }

        private static String state(Job job) throws IOException {
            return job.finished() ? " is there" : Files.exists(job.directory()) ? " goes on" : "";
        }

        /** Prepares all trainings before the first begins: what is wrong with the last one is said now and not in an hour. */
        private List<Job> jobs() throws IOException {
            List<Job> jobs = new ArrayList<>();
            for (Map.Entry<String, Recipe.Training> entry : recipe.runs().entrySet()) {
                Recipe.Training training = entry.getValue();
                Set<String> evaluators = recipe.evaluators(entry.getKey());
                for (String seed : training.seeds()) {
                    List<String> words = new ArrayList<>(List.of("--preset", training.preset(), "--seed", seed));
                    words.addAll(List.of("--eval", String.join(",", evaluators)));
                    training.set().forEach((setting, value) -> words.addAll(List.of("--set", setting + "=" + value)));
                    words.addAll(given("threads", "device", "data-dir", "plugins"));
                    Preparation preparation = Preparation.of(words(new Train(), words));
                    Job job = new Job(entry.getKey(), directory(entry.getKey(), seed), evaluators, words, preparation);
                    if (Files.exists(job.directory())) {
                        check(job);
                    }
                    jobs.add(job);
                }
            }
            return jobs;
        }

        /** Trains what is not there; false if it was stopped. */
        private boolean trained(Job job) throws IOException {
            if (job.finished()) {
                return true;
            }
            List<String> words = new ArrayList<>(job.words());
            if (Files.exists(job.directory())) {
                // A run keeps its threads and its device.
                words = new ArrayList<>(List.of("--resume", job.directory().toString()));
                words.addAll(given("data-dir", "plugins"));
            } else {
                words.addAll(List.of("--run-dir", job.directory().toString()));
            }
            new Train().run(words(new Train(), words), terminal);
            return job.finished();
        }

        /** Evaluates again what was not evaluated with these settings. */
        private void evaluate(Job job, RunDirectory run) throws IOException {
            Set<String> missing = new TreeSet<>();
            for (String evaluator : job.evaluators()) {
                Path report = run.evaluation().resolve(evaluator + ".json");
                if (!ReportFiles.settings(report)
                        .equals(Optional.of(job.preparation().selection().ofEvaluator(evaluator)))) {
                    missing.add(evaluator);
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            List<String> words =
                    new ArrayList<>(List.of("--run", job.directory().toString(), "--eval", String.join(",", missing)));
            for (String evaluator : missing) {
                job.preparation()
                        .selection()
                        .ofEvaluator(evaluator)
                        .forEach((setting, value) -> words.addAll(List.of("--set", setting + "=" + value)));
            }
            words.addAll(given("data-dir", "plugins"));
            new Evaluate().run(words(new Evaluate(), words), terminal);
        }

        /** Recipes of one folder share their runs. */
        private Path directory(String key, String seed) {
            String paper = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
            return folder.resolve(paper)
                    .resolve("runs")
                    .resolve(key + "-seed" + seed
                            + (quick ? "-quick" + recipe.quick().epochs() : ""));
        }

        private List<String> given(String... options) {
            List<String> words = new ArrayList<>();
            for (String option : options) {
                arguments.get(option).ifPresent(value -> words.addAll(List.of("--" + option, value)));
            }
            return words;
        }

        private static Arguments words(Verb verb, List<String> words) {
            CommandSpec spec = CommandSpec.create();
            verb.describe(spec);
            return Arguments.parse(new CommandLine(spec), words);
        }

        /** A run of that name with other settings would be taken for what it is not. */
        private static void check(Job job) throws IOException {
            Map<String, String> there = new TreeMap<>();
            ConfigurationFile.read(RunDirectory.open(job.directory()).config())
                    .forEach((key, setting) -> there.put(key, setting.text()));
            Map<String, String> wanted = job.preparation().selection().effective();
            Set<String> different = new TreeSet<>(there.keySet());
            different.addAll(wanted.keySet());
            different.removeIf(key -> key.startsWith(OF_EVALUATORS)
                    || INDIFFERENT.contains(key)
                    || there.getOrDefault(key, "").equals(wanted.getOrDefault(key, "")));
            if (!different.isEmpty()) {
                throw new ConfigurationException(job.directory() + " was made with other settings ("
                        + String.join(", ", different) + "); delete it to train it again, or choose another --to");
            }
        }

        private int conclude(Findings findings, Map<String, List<RunDirectory>> runs) throws IOException {
            Path page = folder.resolve(name + (quick ? "-quick" : "") + ".md");
            Map<String, String> pictures = pictures(findings, runs, page);
            String how = how(runs);
            String command = "run.sh reproduce " + name + (quick ? " --quick" : "");
            Files.writeString(page, findings.markdown(command, how, pictures));
            terminal.out().println("\n" + recipe.title() + "; " + how + "\n" + findings.text() + "\npage\n  " + page);
            List<String> failed = findings.verdicts().stream()
                    .filter(verdict -> quick && !verdict.holds())
                    .map(verdict -> "this claim must hold even in a quick reproduction, and does not: "
                            + verdict.claim().says())
                    .toList();
            if (!failed.isEmpty()) {
                throw new ConfigurationException(failed);
            }
            return 0;
        }

        /** Copies what evaluators drew of the first seed beside the page. */
        private Map<String, String> pictures(Findings findings, Map<String, List<RunDirectory>> runs, Path page)
                throws IOException {
            Files.createDirectories(page.toAbsolutePath().getParent());
            String stem = page.getFileName().toString().replaceFirst("\\.md$", "");
            Map<String, String> pictures = new LinkedHashMap<>();
            Optional<Chart> chart = findings.chart();
            if (chart.isPresent()) {
                ImageIO.write(
                        chart.get().image(),
                        "png",
                        page.resolveSibling(stem + ".png").toFile());
                pictures.put(recipe.title() + ": lines are ours, crosses the paper's", stem + ".png");
            }
            for (int i = 0; i < recipe.curves().size(); i++) {
                Recipe.Curves curves = recipe.curves().get(i);
                String file = stem + "-curves" + (i == 0 ? "" : i + 1) + ".png";
                ImageIO.write(
                        Courses.picture(curves, runs),
                        "png",
                        page.resolveSibling(file).toFile());
                pictures.put(curves.caption(), file);
            }
            for (Recipe.Picture picture : recipe.pictures()) {
                String drawn = picture.evaluator() + (picture.name().isEmpty() ? "" : "-" + picture.name()) + ".png";
                Path from = runs.get(picture.run()).get(0).evaluation().resolve(drawn);
                if (!Files.exists(from)) {
                    throw new ConfigurationException("the recipe wants a picture that there is not: " + from);
                }
                String copy = stem + "-" + picture.run() + "-" + drawn;
                Files.copy(from, page.resolveSibling(copy), StandardCopyOption.REPLACE_EXISTING);
                pictures.put(picture.caption(), copy);
            }
            return pictures;
        }

        /** Says how all numbers came about. */
        private String how(Map<String, List<RunDirectory>> runs) throws IOException {
            Set<Integer> epochs = new TreeSet<>();
            Set<String> seeds = new TreeSet<>();
            recipe.runs().values().forEach(training -> seeds.addAll(training.seeds()));
            Set<Integer> images = new TreeSet<>();
            for (List<RunDirectory> some : runs.values()) {
                images.add(
                        Manifest.read(some.get(0).manifest()).dataset().train().images());
                List<MetricsFile.Row> rows = MetricsFile.read(some.get(0).metrics());
                epochs.add(rows.get(rows.size() - 1).epoch());
            }
            return joined(epochs) + (epochs.equals(Set.of(1)) ? " epoch of " : " epochs of ") + joined(images)
                    + " training images, "
                    + (seeds.size() == 1 ? "seed " : "seeds ") + String.join(", ", seeds)
                    + (seeds.size() == 1 ? "" : ", mean ± standard deviation where there are several");
        }

        private static String joined(Set<?> values) {
            return String.join(" or ", values.stream().map(String::valueOf).toList());
        }
    }
}
