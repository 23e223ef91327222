package org.equipose.core.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;
import org.equipose.core.wiring.Alias;
import org.equipose.core.wiring.Role;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Prints a script with which a shell completes verbs, options and the names of what is installed. */
final class Completion implements Verb {
    private static final String PROGRAM = "run.sh";
    private static final List<String> SHELLS = List.of("bash", "zsh");
    private static final Set<String> PATHS = Set.of("DIR", "FILE", "PNG");

    /** picocli's own end knows no {@code --option=value}, and takes any program called run for this one. */
    private static final String END = """
            # What follows the = of --option=value is completed like the word after --option; bash makes it a word of its own.
            function _complete_run_sh() {
              if [[ ${COMP_WORDS[COMP_CWORD]} == = ]]; then
                COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD}" '')
              elif [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then
                COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD-1}" "${COMP_WORDS[COMP_CWORD]}")
                COMP_CWORD=$((COMP_CWORD - 1))
              fi
              _complete_run
            }
            # Also for ./run.sh: bash looks for the last name of a path.
            complete -F _complete_run_sh -o default run.sh
            """;

    private final Supplier<List<Verb>> verbs;

    /**
     * Makes the verb.
     *
     * @param verbs all there are, this one included
     */
    Completion(Supplier<List<Verb>> verbs) {
        this.verbs = verbs;
    }

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public String about() {
        return "print a script that makes bash or zsh complete what is typed after run.sh";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(Arguments.parameter("SHELL", "bash or zsh; both take the same script"))
                .addOption(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"))
                .usageMessage()
                .footer(
                        "",
                        "In this shell:    source <(./run.sh completion bash)",
                        "In every bash:    mkdir -p ~/.local/share/bash-completion/completions",
                        "                  ./run.sh completion bash > ~/.local/share/bash-completion/completions/run.sh",
                        "In every zsh:     echo 'source <(/path/to/run.sh completion zsh)' >> ~/.zshrc",
                        "",
                        "It holds for run.sh in whatever folder. The names are those of the plugins and presets that are there",
                        "when the script is made; make it again after adding some.");
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) {
        List<String> words = arguments.parameters(1, 1);
        arguments.check();
        if (!SHELLS.contains(words.get(0))) {
            throw new ConfigurationException(
                    "cannot complete in " + words.get(0) + DidYouMean.among(words.get(0), SHELLS));
        }
        terminal.out().print(script(Home.catalog(arguments.path("plugins"))));
        return 0;
    }

    private String script(Catalog catalog) {
        Map<String, Collection<String>> values = values(catalog);
        CommandSpec program = CommandSpec.create()
                .name(PROGRAM)
                .addOption(OptionSpec.builder("-V", "--version").build());
        CommandSpec help = CommandSpec.create()
                .addPositional(positional(verbs.get().stream().map(Verb::name).toList()));
        for (Verb verb : verbs.get()) {
            CommandSpec described = Arguments.withHelp(CommandSpec.create());
            verb.describe(described);
            boolean trains = verb instanceof Train;
            CommandSpec spec = CommandSpec.create();
            addOptions(spec, described, values, trains);
            if (trains) { // which is also what happens without a verb
                addOptions(program, described, values, true);
            }
            List<String> words = words(verb, catalog);
            if (!words.isEmpty()) {
                spec.addPositional(positional(words));
            }
            program.addSubcommand(verb.name(), spec);
        }
        program.addSubcommand("help", help);
        String script = AutoComplete.bash(PROGRAM, new CommandLine(program));
        return script.substring(0, script.lastIndexOf("# Define a completion specification")) + END;
    }

    /** Adds the options that a verb has, without all that is not needed here. */
    private static void addOptions(
            CommandSpec spec, CommandSpec described, Map<String, Collection<String>> values, boolean roles) {
        Set<String> left = new TreeSet<>(values.keySet());
        for (OptionSpec option : described.options()) {
            String name = option.longestName().replaceFirst("^-+", "");
            // The script keeps the values under the label, which must be the option's own.
            OptionSpec.Builder copy =
                    OptionSpec.builder(option.names()).arity(option.arity()).paramLabel(name);
            if (option.arity().max() > 0) {
                copy.type(PATHS.contains(option.paramLabel()) ? Path.class : String.class);
                copy.completionCandidates(values.get(name));
            }
            spec.addOption(copy.build());
            left.remove(name);
        }
        if (roles) { // of a component that asks for another by a role of its own
            left.forEach(role -> spec.addOption(OptionSpec.builder("--" + role)
                    .arity("1")
                    .type(String.class)
                    .paramLabel(role)
                    .completionCandidates(values.get(role))
                    .build()));
        }
    }

    private static PositionalParamSpec positional(List<String> words) {
        return PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .paramLabel("WORD")
                .completionCandidates(words)
                .build();
    }

    /** Returns what can be typed after a verb without an option. */
    private static List<String> words(Verb verb, Catalog catalog) {
        List<String> words = new ArrayList<>();
        switch (verb.name()) {
            case "list" -> words.addAll(ListComponents.labels());
            case "describe" -> {
                words.addAll(ListComponents.labels());
                Set<String> names = new TreeSet<>();
                for (Kind kind : Kind.values()) {
                    names.addAll(catalog.names(kind));
                }
                words.addAll(names);
            }
            case "data" -> {
                words.addAll(Data.ACTIONS);
                words.addAll(catalog.names(Kind.DATASET));
            }
            case "completion" -> words.addAll(SHELLS);
            default -> {
                // none
            }
        }
        return words;
    }

    /** Returns the values that options can have, by option, where they can be counted. */
    private static Map<String, Collection<String>> values(Catalog catalog) {
        Map<String, Collection<String>> values = new LinkedHashMap<>();
        List<String> aliases = Arrays.stream(Alias.values()).map(Alias::key).toList();
        for (SettingsBinder.Key key : new SettingsBinder<>(RunSettings.class).keys()) {
            put(values, key.name(), key.choices());
        }
        put(values, "device", List.of("auto", "cpu"));
        put(values, "preset", Home.presetNames());
        for (Kind kind : Kind.values()) {
            for (Component component : catalog.components(kind)) {
                try {
                    component.needs().stream()
                            .flatMap(need -> Role.of(need).stream())
                            .forEach(role -> put(values, role.name(), catalog.names(role.kind())));
                    for (SettingsBinder.Key key : component.keys()) {
                        if (aliases.contains(key.name())) {
                            put(values, key.name(), key.choices());
                        }
                    }
                } catch (ConfigurationException e) {
                    // It cannot be used; list says why.
                }
            }
        }
        Role.FIXED.forEach(
                role -> put(values, role.kind() == Kind.EVALUATOR ? "eval" : role.name(), catalog.names(role.kind())));
        put(values, "eval", List.of("none"));
        return values;
    }

    private static void put(Map<String, Collection<String>> values, String option, Collection<String> some) {
        if (!some.isEmpty()) {
            values.computeIfAbsent(option, name -> new TreeSet<>()).addAll(some);
        }
    }
}
