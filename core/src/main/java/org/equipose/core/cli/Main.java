package org.equipose.core.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.training.TrainingFailure;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The program. It exits with 0 when all went well, with 2 and one message when the user can do something about it, and with
 * 1 and a stack trace when the fault is ours.
 */
public final class Main {
    private static final String PROGRAM = "run.sh";
    private static final int FORESEEN = 2;
    private static final int OUR_FAULT = 1;

    private final Terminal terminal;
    private final List<Verb> verbs = List.of(
            new Train(),
            new Evaluate(),
            new Sample(),
            new Reconstruct(),
            new Embed(),
            new Export(),
            new Reproduce(),
            new ListComponents(),
            new Describe(),
            new Data(),
            new Completion(() -> this.verbs));

    /** Makes a program that speaks to a terminal. */
    Main(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the program and exits. */
    public static void main(String[] args) {
        // What we print is UTF-8 whatever the locale, as is what we write.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(standardError(), true, StandardCharsets.UTF_8);
        System.setErr(err);
        int code = new Main(new Terminal(out, err, Terminal.isWatched())).run(List.of(args));
        out.flush();
        err.flush();
        System.exit(code);
    }

    /**
     * Opens the standard error. run.sh puts a filter behind its descriptor, for two lines that TensorFlow cannot be told to
     * leave out, and names another descriptor that leads around the filter to where the lines are read.
     */
    private static FileOutputStream standardError() {
        String descriptor = System.getProperty("equipose.stderr");
        if (descriptor != null) {
            try {
                return new FileOutputStream("/dev/fd/" + descriptor, true);
            } catch (IOException e) {
                // A socket, say, cannot be opened again; the filter only costs the line that is written again and
                // again.
            }
        }
        return new FileOutputStream(FileDescriptor.err);
    }

    /** Runs the program and returns its exit code. */
    int run(List<String> words) {
        try {
            return dispatch(words);
        } catch (ConfigurationException e) {
            return fail(e.problems());
        } catch (IOException e) {
            return fail(List.of(message(e)));
        } catch (TrainingFailure e) {
            return fail(List.of(e.getMessage()));
        } catch (UncheckedIOException e) {
            return fail(List.of(message(e.getCause())));
        } catch (RuntimeException | Error e) {
            Optional<String> fault = Shortage.explain(e).or(() -> PluginFault.explain(e));
            if (fault.isPresent()) {
                return fail(List.of(fault.get()));
            }
            terminal.err().println("This is a fault of Equipose itself; please report it with the lines below.");
            e.printStackTrace(terminal.err());
            return OUR_FAULT;
        }
    }

    private int dispatch(List<String> words) throws IOException {
        String first = words.isEmpty() ? "" : words.get(0);
        switch (first) {
            case "-h", "--help" -> {
                return help(List.of());
            }
            case "help" -> {
                return help(words.subList(1, words.size()));
            }
            case "-V", "--version" -> {
                Version.lines().forEach(terminal.out()::println);
                return 0;
            }
            default -> {
                boolean noVerb = first.isEmpty() || first.startsWith("-");
                Verb verb = verb(noVerb ? verbs.get(0).name() : first);
                return run(verb, noVerb ? words : words.subList(1, words.size()));
            }
        }
    }

    private int run(Verb verb, List<String> words) throws IOException {
        CommandLine command = command(verb);
        Arguments arguments = Arguments.parse(command, words);
        if (arguments.help()) {
            terminal.out().print(usage(command));
            return 0;
        }
        return verb.run(arguments, terminal);
    }

    private int help(List<String> words) {
        if (!words.isEmpty()) {
            terminal.out().print(usage(command(verb(words.get(0)))));
            return 0;
        }
        CommandSpec program = Arguments.withHelp(CommandSpec.create().name(PROGRAM));
        program.usageMessage()
                .synopsisHeading("")
                .customSynopsis(PROGRAM + " [VERB] [OPTIONS]")
                .description("%nGenerative models that separate what an image shows from how it is posed.")
                .commandListHeading("%nVerbs:%n")
                .optionListHeading("%n")
                .footer(
                        "",
                        "Without a verb it trains: '" + PROGRAM + " --dataset mnist --transform tps'.",
                        "'" + PROGRAM + " help train' shows all settings of a run.");
        program.addOption(CommandLine.Model.OptionSpec.builder("-V", "--version")
                .description("say which versions these are, and stop")
                .build());
        verbs.forEach(verb -> program.addSubcommand(verb.name(), command(verb)));
        terminal.out().print(usage(new CommandLine(program)));
        return 0;
    }

    private static CommandLine command(Verb verb) {
        CommandSpec spec = Arguments.withHelp(CommandSpec.create().name(PROGRAM + " " + verb.name()));
        spec.usageMessage()
                .description(verb.about())
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(true);
        verb.describe(spec);
        return new CommandLine(spec);
    }

    private static String usage(CommandLine command) {
        command.setUsageHelpWidth(110).setUsageHelpLongOptionsMaxWidth(34);
        return command.getUsageMessage().stripTrailing() + System.lineSeparator();
    }

    private Verb verb(String name) {
        List<String> names = new ArrayList<>(verbs.stream().map(Verb::name).toList());
        names.add("help");
        return verbs.stream()
                .filter(verb -> verb.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigurationException("unknown verb '" + name + "'" + DidYouMean.among(name, names)));
    }

    private int fail(List<String> problems) {
        problems.forEach(problem -> terminal.err().println("error: " + problem));
        return FORESEEN;
    }

    /** Returns what an exception about a file says, for those that only name the file. */
    static String message(IOException e) {
        String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
        if (e instanceof NoSuchFileException) {
            return "there is no file " + message;
        } else if (e instanceof FileAlreadyExistsException) {
            return message + " exists already";
        } else if (e instanceof AccessDeniedException) {
            return "no permission for " + message;
        }
        return message;
    }
}
