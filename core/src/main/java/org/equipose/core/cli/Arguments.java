package org.equipose.core.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.config.Setting;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What was typed after a verb. Mistakes are collected, so that they can be reported together with those in settings. */
final class Arguments {
    private final ParseResult parsed;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> unknown = new LinkedHashMap<>();

    private Arguments(ParseResult parsed) {
        this.parsed = parsed;
        parsed.errors().forEach(error -> problems.add(lowerFirst(error.getMessage())));
        sortUnmatched(parsed.unmatched());
    }

    static Arguments parse(CommandLine verb, List<String> words) {
        // The last of several wins, so that a script may add to what it was given.
        verb.setOverwrittenOptionsAllowed(true)
                .setUnmatchedArgumentsAllowed(true)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false);
        verb.getCommandSpec().parser().collectErrors(true);
        return new Arguments(verb.parseArgs(words.toArray(new String[0])));
    }

    /** Adds an option with a value. */
    static OptionSpec option(String name, String label, String about) {
        // picocli formats descriptions.
        return OptionSpec.builder("--" + name)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(about.replace("%", "%%"))
                .build();
    }

    /** Adds an option with a value that can be given several times. */
    static OptionSpec options(String name, String label, String about) {
        return OptionSpec.builder("--" + name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(about.replace("%", "%%"))
                .build();
    }

    /** Unknown options come with their values: whatever follows and is no option itself. */
    private void sortUnmatched(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                problems.add("unexpected argument '" + word + "'");
            } else if (word.contains("=")) {
                unknown.put(word.substring(2, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
                unknown.put(word.substring(2), words.get(++i));
            } else {
                unknown.put(word.substring(2), "");
            }
        }
    }

    /** Returns the words of the command line as they were given. */
    List<String> words() {
        return parsed.originalArgs();
    }

    /** Returns whether help was asked for. */
    boolean help() {
        return parsed.hasMatchedOption("--help");
    }

    /** Returns the options that were given and exist, without their hyphens, in order. */
    List<String> given() {
        return parsed.matchedOptions().stream()
                .map(option -> option.longestName().replaceFirst("^-+", ""))
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the value of an option, if it was given. */
    Optional<String> get(String option) {
        return Optional.ofNullable(parsed.matchedOptionValue("--" + option, (String) null));
    }

    /** Returns the value of an option as a path, if it was given. */
    Optional<Path> path(String option) {
        return get(option).flatMap(text -> path(option, text));
    }

    /** Returns the values of an option that can be given several times, as paths. */
    List<Path> paths(String option) {
        List<String> none = List.of();
        return parsed.matchedOptionValue("--" + option, none).stream()
                .flatMap(text -> path(option, text).stream())
                .toList();
    }

    private Optional<Path> path(String option, String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            problems.add("--" + option + " must be a path: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns the value of an option as a whole number from 1 on.
     *
     * @throws ConfigurationException if it is anything else
     */
    int number(String option, int otherwise, int most) {
        String text = get(option).orElse(Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigurationException(
                option + " must be a whole number from 1 to " + most + " but was '" + text + "'");
    }

    /** Adds a switch. */
    static OptionSpec flag(String name, String about) {
        return OptionSpec.builder("--" + name).arity("0").description(about).build();
    }

    /** Returns whether a switch was given. */
    boolean has(String flag) {
        return parsed.hasMatchedOption("--" + flag);
    }

    /** Adds what is typed without an option. */
    static PositionalParamSpec parameter(String label, String about) {
        // How many there may be is checked by parameters().
        return PositionalParamSpec.builder()
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .paramLabel(label)
                .hideParamSyntax(true)
                .description(about)
                .build();
    }

    /** Returns what was typed without an option; another number of words is a mistake. */
    List<String> parameters(int least, int most) {
        List<String> none = List.of();
        List<String> words = parsed.matchedPositionals().isEmpty() ? none : parsed.matchedPositionalValue(0, none);
        if (words.size() < least) {
            problems.add("say which: "
                    + parsed.commandSpec().positionalParameters().get(0).paramLabel());
        }
        words.stream().skip(most).forEach(word -> problems.add("unexpected argument '" + word + "'"));
        return words;
    }

    /** Returns what was given as {@code --set key=value}. */
    Map<String, Setting> set() {
        Map<String, Setting> settings = new LinkedHashMap<>();
        List<String> none = List.of();
        for (String assignment : parsed.matchedOptionValue("--set", none)) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add("--set needs key=value but got '" + assignment + "'");
            } else {
                settings.put(assignment.substring(0, equals).strip(), Setting.of(assignment.substring(equals + 1)));
            }
        }
        return settings;
    }

    /** Returns the options that do not exist, with their values. A caller may know better and take some out. */
    Map<String, String> unknown() {
        return unknown;
    }

    /** Adds a mistake. */
    void problem(String text) {
        problems.add(text);
    }

    /** Returns the mistakes so far, unknown options included. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        List<String> names = parsed.commandSpec().options().stream()
                .map(option -> option.longestName())
                .toList();
        unknown.keySet()
                .forEach(name -> all.add("unknown option '--" + name + "'"
                        + DidYouMean.nearest("--" + name, names)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("; --help lists all")));
        return all;
    }

    /** Ends the program if there are mistakes. */
    void check() {
        if (!problems().isEmpty()) {
            throw new ConfigurationException(problems());
        }
    }

    static CommandSpec withHelp(CommandSpec spec) {
        return spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("say what there is, and stop")
                .build());
    }

    private static String lowerFirst(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
