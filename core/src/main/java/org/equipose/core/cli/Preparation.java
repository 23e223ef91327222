package org.equipose.core.cli;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.ConfigurationFile;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.Setting;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.Progress;
import org.equipose.core.graph.Device;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.wiring.Selection;

/**
 * All that is settled before anything is built: the command line has been understood, and everything it names exists.
 *
 * @param catalog what there is to choose from
 * @param selection what was chosen
 * @param places folders
 */
record Preparation(Catalog catalog, Selection selection, Places places) {
    private static final String CONFIGURATION = "config.yaml";

    /**
     * Folders of a run.
     *
     * @param out parent folder of runs
     * @param name name of the run
     * @param runDir exact folder of the run, if it was given
     * @param resume folder of the run to continue, if one is continued
     * @param data folder of data sets
     */
    record Places(Path out, String name, Optional<Path> runDir, Optional<Path> resume, Path data) {}

    /**
     * Settles a run from a command line.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    static Preparation of(Arguments arguments) {
        return of(arguments, arguments.path("resume"));
    }

    /**
     * Settles a run that exists from its own configuration; the command line may still change settings. What may be changed
     * when its training goes on is the business of {@link Resumption}.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    static Preparation ofRun(Path run, Arguments arguments) {
        return of(arguments, Optional.of(run));
    }

    private static Preparation of(Arguments arguments, Optional<Path> existing) {
        Map<String, Setting> commandLine = RunOptions.settings(arguments);
        Catalog catalog = Home.catalog(arguments.path("plugins"));
        takeRoles(arguments, commandLine, catalog);
        List<String> problems = new ArrayList<>();
        Map<String, Setting> file = Map.of();
        Map<String, Setting> preset = Map.of();
        problems.addAll(misplaced(arguments));
        try {
            if (existing.isPresent()) {
                file = ConfigurationFile.read(existing.get().resolve(CONFIGURATION));
            } else {
                file = arguments.path("config").map(ConfigurationFile::read).orElse(Map.of());
                preset = arguments
                        .get("preset")
                        .map(name -> ConfigurationFile.read(Home.presets().file(name)))
                        .orElse(Map.of());
            }
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
        problems.addAll(0, arguments.problems());
        Selection selection = Selection.of(
                Configuration.of(commandLine, file, preset), RunOptions.aliases(arguments), catalog, problems);
        return new Preparation(catalog, selection, places(arguments, existing, selection.settings()));
    }

    /** Some component may ask for a role that we know nothing about; its name is an option then. */
    private static void takeRoles(Arguments arguments, Map<String, Setting> commandLine, Catalog catalog) {
        if (!arguments.unknown().isEmpty()) {
            Map<String, String> unknown = new LinkedHashMap<>(arguments.unknown());
            Set<String> roles = Selection.roles(catalog);
            unknown.keySet().retainAll(roles);
            unknown.forEach((role, name) -> commandLine.put(role, Setting.of(name)));
            if (arguments.get("resume").isPresent()) {
                Resumption.refuse(List.copyOf(unknown.keySet())).ifPresent(arguments::problem);
            }
            arguments.unknown().keySet().removeAll(roles);
        }
    }

    /** A folder that cannot be made is said before the data are read and TensorFlow is loaded. */
    private static List<String> misplaced(Arguments arguments) {
        List<String> problems = new ArrayList<>();
        Optional<Path> runDir = arguments.path("run-dir");
        if (arguments.get("resume").isEmpty() && runDir.isPresent()) {
            if (arguments.get("out").isPresent() || arguments.get("name").isPresent()) {
                problems.add("--run-dir is the whole path of the run: leave out --out and --name");
            }
            if (Files.exists(runDir.get(), LinkOption.NOFOLLOW_LINKS)) {
                problems.add(runDir.get() + " exists already; choose another --run-dir"
                        + (Files.exists(runDir.get().resolve("manifest.json"))
                                ? ", or go on with that run by --resume " + runDir.get()
                                : ""));
            }
        }
        arguments.get("name").flatMap(RunDirectory::wrongName).ifPresent(problems::add);
        return problems;
    }

    private static Places places(Arguments arguments, Optional<Path> existing, RunSettings settings) {
        return new Places(
                arguments.path("out").orElse(Path.of("runs")),
                arguments.get("name").orElse(settings.dataset() + "-" + settings.model() + "-" + settings.transform()),
                arguments.path("run-dir"),
                existing,
                arguments.path("data-dir").orElseGet(Home::data));
    }

    /** Returns the settings of the run. */
    RunSettings settings() {
        return selection.settings();
    }

    /** Returns this run with another seed, once and on the same images. */
    Preparation withSeed(long seed) {
        Map<String, String> changed = Map.of(
                "seed",
                Long.toString(seed),
                "data-seed",
                Long.toString(settings().seedOfData()),
                "restarts",
                "1");
        return new Preparation(catalog, selection.with(changed), places);
    }

    /**
     * Finds the device of the run. This loads TensorFlow.
     *
     * @throws ConfigurationException if a GPU is asked for and cannot be used
     */
    Device device() {
        return Device.find(settings().device(), settings().threads())
                .orElseThrow(
                        () -> new ConfigurationException("device " + settings().device()
                                + " cannot be used: there is no such GPU, no CUDA driver, or this distribution has TensorFlow's"
                                + " library for CPUs; use --device cpu"));
    }

    /** Returns what is wrong with plugins that are not needed. */
    List<String> warnings() {
        return catalog.problems();
    }

    /** Returns the text of a file that repeats this run with {@code --config}. */
    String configuration() {
        List<String> head = new ArrayList<>();
        head.add("The complete configuration of this run: run.sh --config " + CONFIGURATION + " repeats it.");
        settings()
                .initFrom()
                .ifPresent(run -> head.add("That takes the latest checkpoint of " + run
                        + "; manifest.json says which one it was here, in init_from."));
        return ConfigurationFile.format(head, selection.effective());
    }

    /** Returns what the chosen data set may use. */
    DataContext dataContext(boolean fetch, Progress progress) {
        return new DataContext(
                places.data().resolve(settings().dataset()), settings().seedOfData(), fetch, progress);
    }
}
