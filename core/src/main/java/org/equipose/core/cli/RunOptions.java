package org.equipose.core.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.Setting;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.wiring.Alias;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The options that describe a run. Those for settings are made from the settings themselves. */
final class RunOptions {
    private static final List<String> COMPONENTS = List.of(
            "dataset", "model", "encoder", "decoder", "transform", "code-prior", "pose-prior", "objective", "eval");

    private RunOptions() {}

    /** Adds every option. */
    static void addTo(CommandSpec spec) {
        List<SettingsBinder.Key> keys = new SettingsBinder<>(RunSettings.class).keys();
        ArgGroupSpec.Builder components = group(0, "%nWhat is trained (run.sh list shows the names):%n");
        ArgGroupSpec.Builder training = group(1, "%nHow:%n");
        for (SettingsBinder.Key key : keys) {
            (COMPONENTS.contains(key.name()) ? components : training)
                    .addArg(Arguments.option(key.name(), label(key), about(key)));
        }
        ArgGroupSpec.Builder aliases =
                group(2, "%nSettings of the chosen components (run.sh describe NAME shows all):%n");
        for (Alias alias : Alias.values()) {
            aliases.addArg(Arguments.option(alias.key(), "VALUE", alias.about() + "; short for " + alias.standsFor()));
        }
        aliases.addArg(Arguments.options("set", "KEY=VALUE", "any setting by its full key; repeatable"));
        ArgGroupSpec.Builder places = group(3, "%nFrom where and to where:%n")
                .addArg(Arguments.option("config", "FILE", "YAML file of settings; the command line wins over it"))
                .addArg(Arguments.option(
                        "preset", "NAME", "settings that come with the program; --config wins over them"))
                .addArg(Arguments.option("out", "DIR", "parent folder of runs (default: runs)"))
                .addArg(Arguments.option("name", "NAME", "name of the run (default: <dataset>-<model>-<transform>)"))
                .addArg(Arguments.option("run-dir", "DIR", "exact folder of the run, which must not exist"))
                .addArg(Arguments.option("resume", "DIR", "run to continue, with the settings it has"));
        addPlaces(places);
        spec.addArgGroup(components.build())
                .addArgGroup(training.build())
                .addArgGroup(aliases.build())
                .addArgGroup(places.build());
    }

    /** Adds the options for folders that every verb shares. */
    static void addPlaces(ArgGroupSpec.Builder group) {
        group.addArg(Arguments.option("data-dir", "DIR", "folder of data sets (default: " + Home.data() + ")"))
                .addArg(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"));
    }

    /** Returns the settings of the run that were given. */
    static Map<String, Setting> settings(Arguments arguments) {
        Map<String, Setting> settings = new LinkedHashMap<>(arguments.set());
        for (SettingsBinder.Key key : new SettingsBinder<>(RunSettings.class).keys()) {
            arguments.get(key.name()).ifPresent(text -> {
                if (settings.put(key.name(), Setting.of(text)) != null) {
                    arguments.problem(key.name() + " is given twice on the command line");
                }
            });
        }
        return settings;
    }

    /** Returns the aliases that were given. */
    static Map<String, String> aliases(Arguments arguments) {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (Alias alias : Alias.values()) {
            arguments.get(alias.key()).ifPresent(text -> aliases.put(alias.key(), text));
        }
        return aliases;
    }

    private static ArgGroupSpec.Builder group(int order, String heading) {
        return ArgGroupSpec.builder()
                .order(order)
                .heading(heading)
                .validate(false)
                .exclusive(false)
                .multiplicity("0..1");
    }

    private static String label(SettingsBinder.Key key) {
        if (COMPONENTS.contains(key.name())) {
            return "NAME";
        }
        return key.type().contains("number") ? "N" : key.type().startsWith("a path") ? "DIR" : "VALUE";
    }

    private static String about(SettingsBinder.Key key) {
        return key.about().contains("default:") || key.defaultText().isEmpty()
                ? key.about()
                : key.about() + " (default: " + key.defaultText() + ")";
    }
}
