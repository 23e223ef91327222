package org.equipose.core.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;
import picocli.CommandLine.Model.CommandSpec;

/** Lists the components there are. */
final class ListComponents implements Verb {

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String about() {
        return "list the components there are, and what is wrong with plugins";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(Arguments.parameter("KIND", "one of " + String.join(", ", labels()) + "; default: all"))
                .addOption(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"));
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) {
        List<String> words = arguments.parameters(0, 1);
        arguments.check();
        List<Kind> kinds = words.isEmpty() ? List.of(Kind.values()) : List.of(kind(words.get(0)));
        Catalog catalog = Home.catalog(arguments.path("plugins"));
        for (Kind kind : kinds) {
            List<Component> components = catalog.components(kind);
            if (!components.isEmpty()) {
                terminal.out().println(kind.label());
                components.forEach(component -> terminal.out().println(line(component)));
            }
        }
        if (!catalog.problems().isEmpty()) {
            terminal.out().println("problems");
            catalog.problems().forEach(problem -> terminal.out().println("  " + problem));
        }
        return 0;
    }

    /** Returns the kind of that name, in singular or plural. */
    static Kind kind(String name) {
        return Kind.named(name)
                .or(() -> name.endsWith("s") ? Kind.named(name.substring(0, name.length() - 1)) : Optional.empty())
                .orElseThrow(() ->
                        new ConfigurationException("unknown kind '" + name + "'" + DidYouMean.among(name, labels())));
    }

    /** Returns the names of the kinds. */
    static List<String> labels() {
        return Arrays.stream(Kind.values()).map(Kind::label).toList();
    }

    private static String line(Component component) {
        String jar =
                component.origin().jar().map(path -> " " + path.getFileName()).orElse("");
        return String.format(
                "  %-20s %-60s %s%s",
                component.name(), component.about(), component.origin().moduleVersion(), jar);
    }
}
