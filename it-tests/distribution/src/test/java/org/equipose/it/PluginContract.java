package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every component of a plugin jar is chosen on the command line and trained with. Extend and name the jar and the choices;
 * {@link PluginRuleTest} asks for such a class for every jar.
 */
abstract class PluginContract {
    private static final Pattern COMPONENT = Pattern.compile("  (\\S+) .* (\\S+\\.jar)");

    @TempDir
    private Path fresh;

    /** Returns the plugin, {@code spatial-vae} of {@code equipose-plugin-spatial-vae-0.1.0.jar}. */
    abstract String plugin();

    /**
     * Returns what must be added to the command line of a tiny training ({@link Equipose#tiny}) to choose a component, by its
     * kind and name, for example {@code transform tps}. Components may share a training.
     */
    abstract Map<String, String> choices();

    /** Returns a part of what {@code describe} says of each component, by kind and name: a setting of it, its paper, its class. */
    abstract Map<String, String> descriptions();

    /** Returns the classes that choose other components, because a tiny training on strokes cannot; none by default. */
    Map<String, Class<?>> elsewhere() {
        return Map.of();
    }

    /** Returns the options of a tiny training that mean nothing to what these words choose; none by default. */
    Set<String> meaningless(String words) {
        return Set.of();
    }

    /** Checks more of the run that a choice left behind. */
    void check(Run run, Equipose.Result result) throws IOException {}

    /** Returns the file name of a plugin of the distribution. */
    static String jar(String plugin) {
        return "equipose-plugin-" + plugin + "-" + Equipose.VERSION + ".jar";
    }

    /** Returns the components of a jar in what {@code list} says, by kind and name. */
    static Set<String> components(String listed, String jar) {
        Set<String> components = new TreeSet<>();
        String kind = "";
        for (String line : listed.lines().toList()) {
            Matcher component = COMPONENT.matcher(line);
            if (!line.startsWith(" ")) {
                kind = line;
            } else if (component.matches() && component.group(2).equals(jar)) {
                components.add(kind + " " + component.group(1));
            }
        }
        return components;
    }

    @Test
    void everyComponentHasAChoice() {
        Set<String> chosen = new TreeSet<>(choices().keySet());
        chosen.addAll(elsewhere().keySet());
        assertThat(components(Equipose.in(fresh).succeed("list").out(), jar(plugin())))
                .as("components of " + jar(plugin()) + " in `run.sh list`: each needs a line in choices() of "
                        + getClass().getSimpleName() + " that says how to choose it, or in elsewhere() that says which"
                        + " class does")
                .isNotEmpty()
                .isEqualTo(chosen);
    }

    @TestFactory
    Stream<DynamicTest> everyComponentIsListedAndDescribed() {
        Equipose equipose = Equipose.in(fresh);
        String jar = jar(plugin());
        String module = "org.equipose.plugin." + plugin().replace("-", "") + "@" + Equipose.VERSION;
        String listed = equipose.succeed("list").out();
        assertThat(descriptions().keySet()).isEqualTo(components(listed, jar));
        return descriptions().entrySet().stream()
                .map(description -> DynamicTest.dynamicTest(description.getKey(), () -> {
                    String[] kindAndName = description.getKey().split(" ", 2);
                    assertThat(listed.lines())
                            .anySatisfy(line ->
                                    assertThat(line).matches("  " + kindAndName[1] + " +\\S.* " + module + " " + jar));
                    assertThat(equipose.succeed("describe", kindAndName[0], kindAndName[1])
                                    .out())
                            .startsWith(description.getKey() + ": ")
                            .contains("  module   " + module + "\n", jar + "\n", description.getValue());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyChoiceTrains() {
        Map<String, Set<String>> trainings = new LinkedHashMap<>();
        choices()
                .forEach((component, words) ->
                        trainings.computeIfAbsent(words, any -> new TreeSet<>()).add(component));
        List<DynamicTest> tests = new ArrayList<>();
        trainings.forEach((words, components) -> {
            String directory = "run-" + tests.size();
            tests.add(DynamicTest.dynamicTest(
                    String.join(", ", components) + ": " + words, () -> train(words, components, directory)));
        });
        return tests.stream();
    }

    private void train(String words, Set<String> components, String directory) throws IOException {
        List<String> more = new ArrayList<>(List.of("--run-dir", directory));
        if (!words.isEmpty()) {
            more.addAll(List.of(words.split(" ", -1)));
        }
        List<String> all = new ArrayList<>(List.of(Equipose.tiny(more.toArray(new String[0]))));
        for (String option : meaningless(words)) {
            int at = all.indexOf(option);
            all.subList(at, at + 2).clear();
        }
        Equipose.Result result = Equipose.in(fresh).succeed(all.toArray(new String[0]));
        Run run = new Run(fresh.resolve(directory));
        assertThat(run.components()).as("chosen by " + words).containsAll(components);
        // The columns are finite numbers, and training gets somewhere.
        assertThat(run.columns().get("step")).containsExactly(4, 8);
        assertThat(run.columns().get("train/loss")[1]).isLessThan(run.columns().get("train/loss")[0]);
        for (String picture : run.names("evaluation")) {
            if (picture.endsWith(".png")) {
                run.picture("evaluation/" + picture);
            }
        }
        assertThat(run.measure("reconstruction", "reconstruction_at_mean")).isFinite();
        check(run, result);
    }
}
