package org.equipose.core.wiring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.Setting;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;

/** Turns a configuration into a selection, and collects everything that is wrong on the way. */
final class Planner {
    private static final String NONE = "none";

    private final Catalog catalog;
    private final Map<Alias, String> aliases = new LinkedHashMap<>();
    private final SettingsBinder<RunSettings> runBinder = new SettingsBinder<>(RunSettings.class);
    private final Map<String, String> runDefaults = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** By {@link Part#key}, each after those it asks for. */
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** Keys of the parts that are there, or will be, or should be but cannot. */
    private final Set<String> asked = new LinkedHashSet<>();

    private Configuration configuration;

    Planner(Configuration configuration, Map<String, String> aliases, Catalog catalog, List<String> earlierProblems) {
        this.problems.addAll(earlierProblems);
        this.configuration = configuration;
        this.catalog = catalog;
        aliases.forEach((key, text) -> this.aliases.put(Alias.named(key), text));
        runBinder.keys().forEach(key -> runDefaults.put(key.name(), key.defaultText()));
    }

    Selection plan() {
        RunSettings settings = runBinder.bind("", configuration, problems);
        Optional<ObjectiveExpression> written = expression(settings.objective());
        for (Role role : List.of(Role.MODEL, Role.ENCODER, Role.DECODER)) {
            applyAliases(role, List.of(name(role).orElseThrow()));
        }
        written.ifPresent(expression -> applyAliases(Role.OBJECTIVE, names(expression)));

        choose(Role.DATASET, settings.dataset());
        choose(Role.MODEL, settings.model());
        written.ifPresent(expression -> names(expression).forEach(name -> choose(Role.OBJECTIVE, name)));
        List<String> evaluators =
                evaluators(settings, written.map(Planner::names).orElse(List.of()));
        evaluators.forEach(name -> choose(Role.EVALUATOR, name));
        refuseUnusedRoles();
        refuseUnknownKeys();
        Optional<ObjectiveExpression> objective = settings.objective().isBlank() ? defaultObjective() : written;
        throwProblems();
        return finished(settings, objective.orElseThrow(), evaluators);
    }

    /** Plans a data set alone; it comes last. */
    List<Part> planDataset(String name) {
        choose(Role.DATASET, name);
        refuseUnknownKeys();
        throwProblems();
        return List.copyOf(parts.values());
    }

    private Optional<ObjectiveExpression> expression(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(ObjectiveExpression.parse(text));
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    /**
     * A model names its bound only once it exists; it has no state, so one is built to be asked. Where there are problems
     * already that may fail, and then says nothing new.
     */
    private Optional<ObjectiveExpression> defaultObjective() {
        if (!parts.containsKey(Role.MODEL.name())) {
            return Optional.empty();
        }
        ObjectiveExpression objective;
        try {
            objective = ObjectiveExpression.parse(Wiring.defaultBound(List.copyOf(parts.values())));
        } catch (ConfigurationException e) {
            if (problems.isEmpty()) {
                throw e; // with its cause, for the log
            }
            return Optional.empty();
        }
        applyAliases(Role.OBJECTIVE, names(objective));
        names(objective).forEach(name -> choose(Role.OBJECTIVE, name));
        return Optional.of(objective);
    }

    private static List<String> names(ObjectiveExpression expression) {
        return expression.terms().stream().map(ObjectiveExpression.Term::name).toList();
    }

    /** Unless the user chooses, the installed ones that show what the objectives do come after the others. */
    private List<String> evaluators(RunSettings settings, List<String> objectives) {
        Set<String> installed = catalog.names(Kind.EVALUATOR);
        if (settings.eval().equals(List.of(NONE)) && !installed.contains(NONE)) {
            return List.of();
        }
        Set<String> evaluators = new LinkedHashSet<>(settings.eval());
        if (configuration.get("eval").isEmpty()) {
            objectives.stream()
                    .flatMap(name -> catalog.find(Kind.OBJECTIVE, name).stream())
                    .flatMap(objective -> objective.shownBy().stream())
                    .filter(installed::contains)
                    .forEach(evaluators::add);
        }
        return List.copyOf(evaluators);
    }

    /** Returns the name of the component that is chosen for a role; empty if the user must choose. */
    private Optional<String> name(Role role) {
        String fallback =
                switch (role.kind()) {
                    case ENCODER, DECODER, TRANSFORM ->
                        runDefaults.get(role.kind().label());
                    case PRIOR -> runDefaults.get(Role.CODE_PRIOR.name());
                    default -> null;
                };
        return configuration
                .get(role.name())
                .map(Setting::text)
                .or(() -> Optional.ofNullable(runDefaults.getOrDefault(role.name(), fallback)));
    }

    private void choose(Role role, String name) {
        if (role.kind() == Kind.TRANSFORM && name.contains("+")) {
            chooseComposed(role, name);
        } else {
            choose(role, name, role.equals(Role.OBJECTIVE) || role.equals(Role.EVALUATOR));
        }
    }

    /** Chooses the transforms of a sum such as {@code affine+tps}. */
    private void chooseComposed(Role role, String sum) {
        List<String> names = List.of(sum.split("\\+", -1));
        for (String name : names) {
            if (name.isBlank()) {
                problems.add(role.name() + " must be a sum such as affine+tps but was '" + sum + "'");
                return;
            }
        }
        if (names.contains(NONE) || names.stream().distinct().count() < names.size()) {
            problems.add(role.name() + " " + sum + ": "
                    + (names.contains(NONE) ? "none moves nothing; leave it out" : "each can be there once"));
            return;
        }
        names.forEach(name -> choose(role, name, true));
    }

    private void choose(Role role, String name, boolean shares) {
        Optional<Component> component = catalog.find(role.kind(), name);
        if (component.isEmpty()) {
            String where = role.name().equals(role.kind().label()) ? "" : role.name() + ": ";
            problems.add(where + catalog.whyNot(role.kind(), name));
            return;
        }
        try {
            add(role, component.get(), shares);
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
    }

    private void add(Role role, Component component, boolean shares) {
        Optional<Record> settings =
                component.settings().map(binder -> binder.bind(role.section(component), configuration, problems));
        Part part = new Part(role, component, settings, shares);
        asked.add(part.key());
        for (Component.Need need : component.needs()) {
            Role needed = Role.of(need)
                    .orElseThrow(() -> new ConfigurationException(component + " asks for a "
                            + need.kind().label() + " without saying in which role: @Named is missing"));
            if (!asked.add(needed.name())) {
                refuseOtherKind(part, needed);
            } else {
                applyDefaults(needed, need.defaults());
                name(needed)
                        .ifPresentOrElse(
                                name -> choose(needed, name),
                                () -> problems.add(component + " needs a " + needed.name() + ": choose with "
                                        + needed.name() + ": NAME; available: "
                                        + String.join(", ", catalog.names(needed.kind()))));
            }
        }
        parts.put(part.key(), part);
    }

    /** Settings of a component that is not chosen would be taken for the user's. */
    private void applyDefaults(Role role, List<String> defaults) {
        Map<String, Setting> keys = new LinkedHashMap<>();
        for (String text : defaults) {
            int dot = text.indexOf('.');
            int equals = text.indexOf('=');
            String key = role.name() + "." + text.substring(0, equals);
            String component = text.substring(0, dot);
            Optional<Component> chosen =
                    name(role).filter(component::equals).flatMap(name -> catalog.find(role.kind(), name));
            if (chosen.isPresent() && !has(chosen.get(), key)) {
                problems.add("@RoleDefaults say " + text + " for the role " + role.name() + ", but " + chosen.get()
                        + " has no such setting; the author of what asks for that role can help");
            } else if (chosen.isPresent() && configuration.get(key).isEmpty()) {
                keys.put(key, Setting.of(text.substring(equals + 1)));
            }
        }
        configuration = configuration.below(keys);
    }

    private void refuseOtherKind(Part asking, Role needed) {
        Part there = parts.get(needed.name());
        if (there != null && there.role().kind() != needed.kind()) {
            problems.add(asking.component() + " asks for " + needed.name() + " as a "
                    + needed.kind().label() + ", but it is a "
                    + there.role().kind().label());
        }
    }

    /** Gives every alias of a role the full key of the component that is chosen for it. */
    private void applyAliases(Role role, List<String> names) {
        Map<String, Setting> keys = new LinkedHashMap<>();
        aliases.forEach((alias, text) -> {
            if (alias.roles().contains(role)) {
                aliasKey(alias, role, names).ifPresent(key -> keys.put(key, Setting.of(text)));
            }
        });
        keys.keySet().stream()
                .filter(key ->
                        configuration.get(key).map(Setting::onCommandLine).orElse(false))
                .forEach(key -> problems.add(key + " is given twice on the command line"));
        configuration = configuration.below(keys);
    }

    /** Of several objectives, the first that has the setting is meant. */
    private Optional<String> aliasKey(Alias alias, Role role, List<String> names) {
        List<Component> components = names.stream()
                .flatMap(name -> catalog.find(role.kind(), name).stream())
                .toList();
        if (components.size() < names.size()) {
            return Optional.empty(); // The unknown name is reported where it is chosen.
        }
        try {
            for (Component component : components) {
                if (component.keys().stream().anyMatch(key -> key.name().equals(alias.key()))) {
                    return Optional.of(role.section(component) + "." + alias.key());
                }
            }
            problems.add("--" + alias.key() + " means nothing to "
                    + String.join(
                            " or ", components.stream().map(Component::toString).toList()));
        } catch (ConfigurationException e) {
            // A component that cannot be used is reported where it is chosen.
        }
        return Optional.empty();
    }

    /** A role that nothing asks for may be left alone or be none; anything else is a misunderstanding. */
    private void refuseUnusedRoles() {
        Part model = parts.get(Role.MODEL.name());
        if (model == null) {
            return;
        }
        for (Role role : Role.ASKED_FOR) {
            Optional<Setting> chosen = configuration.get(role.name());
            if (!asked.contains(role.name())
                    && chosen.isPresent()
                    && !chosen.get().text().equals(NONE)) {
                problems.add("model " + model.component().name() + " takes no " + role.name() + ": use "
                        + modelsWith(role) + "--" + role.name() + " none");
            }
        }
    }

    private String modelsWith(Role role) {
        List<String> models = catalog.components(Kind.MODEL).stream()
                .filter(model -> asks(model, role))
                .map(Component::name)
                .toList();
        return models.isEmpty() ? "" : "--model " + String.join(" or ", models) + ", or ";
    }

    private static boolean asks(Component component, Role role) {
        return roles(component).contains(role);
    }

    private static List<Role> roles(Component component) {
        try {
            return component.needs().stream()
                    .flatMap(need -> Role.of(need).stream())
                    .toList();
        } catch (ConfigurationException e) {
            return List.of(); // Only asked about components that may not be chosen at all.
        }
    }

    /**
     * A key must exist, even if its component is not chosen: presets and command lines get combined. Its value must then be
     * right too.
     */
    private void refuseUnknownKeys() {
        Set<String> checked = new LinkedHashSet<>();
        parts.values().forEach(part -> checked.add(part.role().section(part.component())));
        Map<String, Role> roles = null;
        for (String key : configuration.keys()) {
            if (runDefaults.containsKey(key)) {
                continue;
            }
            if (roles == null) {
                roles = allRoles(catalog);
            }
            if (roles.containsKey(key) && !key.equals(Role.EVALUATOR.name())) {
                continue;
            }
            Optional<Component> component = componentOf(key, roles);
            if (component.isEmpty() || !has(component.get(), key)) {
                String where = configuration.get(key).orElseThrow().origin();
                problems.add("unknown setting '" + key + "'" + (where.isEmpty() ? "" : " (" + where + ")")
                        + hint(key, component, roles));
            } else if (checked.add(key.substring(0, key.lastIndexOf('.')))) {
                bindUnchosen(component.get(), key.substring(0, key.lastIndexOf('.')));
            }
        }
    }

    private void bindUnchosen(Component component, String section) {
        component.settings().ifPresent(binder -> binder.bind(section, configuration, problems));
    }

    private static boolean has(Component component, String key) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        return keysOf(component).stream().anyMatch(setting -> setting.name().equals(last));
    }

    private static List<SettingsBinder.Key> keysOf(Component component) {
        try {
            return component.keys();
        } catch (ConfigurationException e) {
            return List.of(); // Reported where it is chosen.
        }
    }

    /** Returns the component that a key of the form role.name.setting speaks of. */
    private Optional<Component> componentOf(String key, Map<String, Role> roles) {
        String[] names = key.split("\\.", -1);
        return names.length == 3 && roles.containsKey(names[0])
                ? catalog.find(roles.get(names[0]).kind(), names[1])
                : Optional.empty();
    }

    /** Returns every role there could be, by name. */
    static Map<String, Role> allRoles(Catalog catalog) {
        Map<String, Role> roles = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            catalog.components(kind)
                    .forEach(component -> roles(component).forEach(role -> roles.put(role.name(), role)));
        }
        Role.FIXED.forEach(role -> roles.put(role.name(), role));
        return roles;
    }

    private String hint(String key, Optional<Component> component, Map<String, Role> roles) {
        if (component.isPresent()) {
            String section = key.substring(0, key.lastIndexOf('.') + 1);
            return DidYouMean.among(
                    key,
                    keysOf(component.get()).stream()
                            .map(setting -> section + setting.name())
                            .toList());
        }
        Set<String> all = new TreeSet<>(runDefaults.keySet());
        all.addAll(roles.keySet());
        all.remove(Role.EVALUATOR.name());
        roles.values()
                .forEach(role -> catalog.components(role.kind())
                        .forEach(candidate -> keysOf(candidate)
                                .forEach(setting -> all.add(role.section(candidate) + "." + setting.name()))));
        Optional<String> near = DidYouMean.nearest(key, all);
        if (near.isEmpty() && key.contains(".")) {
            String[] names = key.split("\\.", -1);
            return roles.containsKey(names[0])
                    ? "; " + catalog.whyNot(roles.get(names[0]).kind(), names[1])
                    : "; the roles are " + String.join(", ", roles.keySet());
        }
        return DidYouMean.among(key, near.isPresent() ? all : runDefaults.keySet());
    }

    private Selection finished(RunSettings settings, ObjectiveExpression objective, List<String> evaluators) {
        SortedMap<String, String> effective = new TreeMap<>(runBinder.texts("", settings));
        effective.put(Role.OBJECTIVE.name(), objective.toString());
        effective.put("eval", String.join(",", evaluators));
        effective.put("lr", Double.toString(settings.learningRate()));
        Role.ASKED_FOR.stream().filter(role -> !taken(role)).forEach(role -> effective.put(role.name(), NONE));
        Map<String, Setting> run = new LinkedHashMap<>();
        effective.forEach((key, text) -> run.put(key, Setting.of(text)));
        RunSettings settled = runBinder.bind("", Configuration.of(run), problems);

        // Of the roles that nothing asks for, a reader only expects to be told about the transform.
        effective
                .keySet()
                .removeIf(key -> Role.ASKED_FOR.stream()
                        .anyMatch(role -> role.name().equals(key) && !role.equals(Role.TRANSFORM) && !taken(role)));
        for (Part part : parts.values()) {
            effective.putAll(part.texts());
            if (!Role.FIXED.contains(part.role())) {
                effective.put(part.role().name(), name(part.role()).orElseThrow());
            }
        }
        throwProblems();
        return new Selection(settled, objective, List.copyOf(parts.values()), effective);
    }

    private boolean taken(Role role) {
        return parts.values().stream().anyMatch(part -> part.role().equals(role));
    }

    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems.stream().distinct().toList());
        }
    }
}
