package org.equipose.core.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;
import org.equipose.core.wiring.Role;
import picocli.CommandLine.Model.CommandSpec;

/** Tells everything about a component: where it comes from, what it needs, and its settings. */
final class Describe implements Verb {

    @Override
    public String name() {
        return "describe";
    }

    @Override
    public String about() {
        return "describe a component and its settings";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.addPositional(Arguments.parameter("[KIND] NAME", "for example: tps, or transform tps"))
                .addOption(Arguments.option("plugins", "DIR", "folder of plugins (default: the program's own)"));
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) {
        List<String> words = arguments.parameters(1, 2);
        arguments.check();
        Catalog catalog = Home.catalog(arguments.path("plugins"));
        List<Component> found = new ArrayList<>();
        for (String name : words.get(words.size() - 1).split("\\+", -1)) { // of composed transforms, each
            found.addAll(words.size() == 2 ? find(catalog, kind(words.get(0)), name) : find(catalog, name));
        }
        found.forEach(component -> print(component, terminal.out()));
        return 0;
    }

    private static List<Component> find(Catalog catalog, Kind kind, String name) {
        List<Component> found = catalog.components(kind).stream()
                .filter(component -> component.name().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new ConfigurationException(catalog.whyNot(kind, name));
        }
        return found;
    }

    private static List<Component> find(Catalog catalog, String name) {
        List<Component> all = Arrays.stream(Kind.values())
                .flatMap(kind -> catalog.components(kind).stream())
                .toList();
        List<Component> found =
                all.stream().filter(component -> component.name().equals(name)).toList();
        if (found.isEmpty()) {
            Set<String> names = new TreeSet<>(all.stream().map(Component::name).toList());
            throw new ConfigurationException("there is no component '" + name + "'" + DidYouMean.among(name, names));
        }
        return found;
    }

    /** Also takes a role for a kind: pose-prior is a prior. */
    private static Kind kind(String word) {
        return Role.FIXED.stream()
                .filter(role -> role.name().equals(word))
                .map(Role::kind)
                .findFirst()
                .orElseGet(() -> ListComponents.kind(word));
    }

    private static void print(Component component, PrintStream out) {
        out.println(component.kind().label() + " " + component.name()
                + (component.about().isEmpty() ? "" : ": " + component.about()));
        if (!component.paper().isEmpty()) {
            out.println("  paper    " + component.paper());
        }
        out.println("  module   " + component.origin().moduleVersion());
        component.origin().jar().ifPresent(jar -> out.println("  jar      " + jar));
        out.println("  class    " + component.type().getName());
        List<String> needs = component.needs().stream()
                .flatMap(need -> Role.of(need).stream()
                        .map(role -> role.name()
                                + (need.defaults().isEmpty() ? "" : " (" + String.join(", ", need.defaults()) + ")")))
                .toList();
        if (!needs.isEmpty()) {
            out.println("  asks for " + String.join(", ", needs));
        }
        List<Role> roles = Role.FIXED.stream()
                .filter(role -> role.kind() == component.kind())
                .toList();
        for (SettingsBinder.Key key : component.keys()) {
            out.println("  "
                    + String.join(
                            " or ",
                            roles.stream()
                                    .map(role -> role.section(component) + "." + key.name())
                                    .toList()));
            String about = key.about().isEmpty() ? "" : key.about() + "; ";
            boolean told = key.defaultText().isEmpty() && key.about().contains("default:");
            String fallback = key.defaultText().isEmpty() ? "empty" : key.defaultText();
            out.println("      " + about + key.type() + (told ? "" : "; default: " + fallback));
        }
    }
}
