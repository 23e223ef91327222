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
import org.equipose.core.reproduction.Findings;
import org.equipose.core.reproduction.Recipe;
import org.equipose.core.run.Chart;
import org.equipose.core.run.Manifest;
import org.equipose.core.run.MetricsFile;
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

    /** One reproduction. */
    private static final class Work {
        private final String name;
        private final boolean quick;
        private final Recipe recipe;
        private final Arguments arguments;
        private final Terminal terminal;
        private final Path folder;
        private final Map<String, List<RunDirectory>> runs = new LinkedHashMap<>();
        private final Set<Integer> epochs = new TreeSet<>();

        Work(String name, boolean quick, Recipe recipe, Arguments arguments, Terminal terminal) {
            this.name = name;
            this.quick = quick;
            this.recipe = recipe;
            this.arguments = arguments;
            this.terminal = terminal;
            folder = arguments.path("to").orElse(Path.of("reproductions"));
        }

        int all() throws IOException {
            int count = recipe.runs().values().stream()
                    .mapToInt(training -> training.seeds().size())
                    .sum();
            terminal.out()
                    .println(recipe.title() + (quick ? ", quick" : "") + ": " + count
                            + (count == 1 ? " training" : " trainings"));
            int number = 0;
            for (Map.Entry<String, Recipe.Training> entry : recipe.runs().entrySet()) {
                for (String seed : entry.getValue().seeds()) {
                    String place = "run " + ++number + " of " + count;
                    Optional<RunDirectory> run = run(entry.getKey(), entry.getValue(), seed, place);
                    if (run.isEmpty()) {
                        terminal.out().println("the same command goes on from there");
                        return 0;
                    }
                    runs.computeIfAbsent(entry.getKey(), any -> new ArrayList<>())
                            .add(run.get());
                }
            }
            return conclude(Findings.of(recipe, runs));
        }

        /** Trains and evaluates what is not there; empty if it was stopped. */
        private Optional<RunDirectory> run(String key, Recipe.Training training, String seed, String place)
                throws IOException {
            Path directory = directory(key, seed);
            Set<String> evaluators = new TreeSet<>(recipe.evaluators(key));
            List<String> settings = new ArrayList<>(List.of("--preset", training.preset(), "--seed", seed));
            training.set().forEach((setting, value) -> {
                if (!setting.startsWith(OF_EVALUATORS)) {
                    settings.addAll(List.of("--set", setting + "=" + value));
                }
            });
            settings.addAll(evaluation(training, evaluators));
            settings.addAll(given("threads", "device", "data-dir", "plugins"));
            Preparation preparation = Preparation.of(words(new Train(), settings));
            epochs.add(preparation.settings().epochs());
            boolean begun = Files.exists(directory);
            if (begun) {
                check(directory, preparation);
            }
            if (finished(directory, preparation)) {
                terminal.out().println("\n" + place + ": " + directory + " is there");
            } else if (begun) {
                terminal.out().println("\n" + place + ": " + directory + " goes on");
                List<String> resume = new ArrayList<>(List.of("--resume", directory.toString()));
                resume.addAll(given("threads", "data-dir", "plugins"));
                new Train().run(words(new Train(), resume), terminal);
            } else {
                terminal.out().println("\n" + place + ": " + directory);
                settings.addAll(List.of("--run-dir", directory.toString()));
                new Train().run(words(new Train(), settings), terminal);
            }
            if (!finished(directory, preparation)) {
                return Optional.empty();
            }
            RunDirectory run = RunDirectory.open(directory);
            evaluators.removeIf(evaluator -> Files.exists(run.evaluation().resolve(evaluator + ".json")));
            if (!evaluators.isEmpty()) {
                List<String> evaluate = new ArrayList<>(List.of("--run", directory.toString()));
                evaluate.addAll(evaluation(training, evaluators));
                evaluate.addAll(given("data-dir", "plugins"));
                new Evaluate().run(words(new Evaluate(), evaluate), terminal);
            }
            return Optional.of(run);
        }

        /** Recipes of one folder share their runs. */
        private Path directory(String key, String seed) {
            String paper = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
            return folder.resolve(paper).resolve("runs").resolve(key + "-seed" + seed + (quick ? "-quick" : ""));
        }

        private static List<String> evaluation(Recipe.Training training, Set<String> evaluators) {
            List<String> words = new ArrayList<>(List.of("--eval", String.join(",", evaluators)));
            training.set().forEach((setting, value) -> {
                if (setting.startsWith(OF_EVALUATORS) && evaluators.contains(setting.split("\\.", -1)[1])) {
                    words.addAll(List.of("--set", setting + "=" + value));
                }
            });
            return words;
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

        private static boolean finished(Path directory, Preparation preparation) throws IOException {
            Path metrics = directory.resolve("metrics.csv");
            return Files.exists(metrics)
                    && MetricsFile.read(metrics).stream()
                            .anyMatch(
                                    row -> row.epoch() == preparation.settings().epochs());
        }

        /** A run of that name with other settings would be taken for what it is not. */
        private static void check(Path directory, Preparation preparation) throws IOException {
            Map<String, String> there = new TreeMap<>();
            ConfigurationFile.read(RunDirectory.open(directory).config())
                    .forEach((key, setting) -> there.put(key, setting.text()));
            Map<String, String> wanted = preparation.selection().effective();
            Set<String> different = new TreeSet<>(there.keySet());
            different.addAll(wanted.keySet());
            different.removeIf(key -> key.startsWith(OF_EVALUATORS)
                    || INDIFFERENT.contains(key)
                    || there.getOrDefault(key, "").equals(wanted.getOrDefault(key, "")));
            if (!different.isEmpty()) {
                throw new ConfigurationException(directory + " was made with other settings ("
                        + String.join(", ", different) + "); delete it to train it again, or choose another --to");
            }
        }

        private int conclude(Findings findings) throws IOException {
            Path page = folder.resolve(name + (quick ? "-quick" : "") + ".md");
            Map<String, String> pictures = pictures(findings, page);
            String how = how();
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
        private Map<String, String> pictures(Findings findings, Path page) throws IOException {
            Files.createDirectories(page.toAbsolutePath().getParent());
            String stem = page.getFileName().toString().replaceFirst("\\.md$", "");
            Map<String, String> pictures = new LinkedHashMap<>();
            Optional<Chart> chart = findings.chart();
            if (chart.isPresent()) {
                ImageIO.write(
                        chart.get().image(),
                        "png",
                        page.resolveSibling(stem + ".png").toFile());
                pictures.put(recipe.title() + ": lines are ours, points the paper's", stem + ".png");
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
        private String how() throws IOException {
            Set<String> seeds = new TreeSet<>();
            recipe.runs().values().forEach(training -> seeds.addAll(training.seeds()));
            Set<Integer> images = new TreeSet<>();
            for (List<RunDirectory> some : runs.values()) {
                images.add(
                        Manifest.read(some.get(0).manifest()).dataset().train().images());
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
