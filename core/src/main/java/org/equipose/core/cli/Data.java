package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.config.Setting;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;
import org.equipose.core.spi.DataSource;
import org.equipose.core.wiring.Wiring;
import picocli.CommandLine.Model.CommandSpec;

/** Fetches and checks data sets. */
final class Data implements Verb {
    static final List<String> ACTIONS = List.of("list", "fetch", "check");

    @Override
    public String name() {
        return "data";
    }

    @Override
    public String about() {
        return "list data sets, fetch one, or check what is there";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(Arguments.parameter(
                        "list|fetch|check [NAME]",
                        "what to do, and with which data set; check without a name checks all, offline"))
                .addOption(Arguments.option("seed", "N", "seed of data sets that are generated (default: 1)"))
                .addOption(Arguments.options("set", "KEY=VALUE", "a setting such as dataset.strokes.train=100"))
                .addOption(Arguments.option("data-dir", "DIR", "folder of data sets (default: " + Home.data() + ")"))
                .addOption(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"));
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        Map<String, Setting> settings = arguments.set();
        List<String> words = arguments.parameters(1, 2);
        arguments.check();
        String action = words.get(0);
        List<String> names = words.subList(1, words.size());
        if (!ACTIONS.contains(action)) {
            throw new ConfigurationException("cannot " + action + " data" + DidYouMean.among(action, ACTIONS));
        }
        Catalog catalog = Home.catalog(arguments.path("plugins"));
        if (action.equals("list")) {
            catalog.components(Kind.DATASET)
                    .forEach(component -> terminal.out().printf("%-20s %s%n", component.name(), component.about()));
            return 0;
        }
        if (names.isEmpty()) {
            if (action.equals("fetch")) {
                throw new ConfigurationException(
                        "say which data set to fetch; available: " + String.join(", ", catalog.names(Kind.DATASET)));
            }
            names = catalog.components(Kind.DATASET).stream()
                    .map(Component::name)
                    .toList();
        }
        Path folder = arguments.path("data-dir").orElseGet(Home::data);
        long seed = seed(arguments);
        boolean fetch = action.equals("fetch");
        List<String> problems = new ArrayList<>();
        for (String name : names) {
            boolean asked = words.size() > 1
                    || Files.exists(folder.resolve(name))
                    || settings.keySet().stream().anyMatch(key -> key.startsWith("dataset." + name + "."));
            DataSource source = Wiring.dataSource(name, Configuration.of(settings), catalog);
            DataSets data;
            try (ConsoleProgress progress = terminal.progress()) {
                data = source.open(new DataContext(folder.resolve(name), seed, fetch, progress));
            } catch (IOException e) {
                if (asked) {
                    // What was tried is said below the first line; offline, each line is a problem of its own.
                    (fetch ? Stream.of(Main.message(e)) : Main.message(e).lines())
                            .forEach(line -> problems.add(name + ": " + line));
                } else {
                    terminal.out().printf("%-20s not here; run.sh describe %s says what it needs%n", name, name);
                }
                continue;
            }
            DataSummary.print(name, data, terminal);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return 0;
    }

    private static long seed(Arguments arguments) {
        String seed = arguments.get("seed").orElse("1");
        try {
            return Long.parseLong(seed);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("seed must be a whole number but was '" + seed + "'", e);
        }
    }
}
