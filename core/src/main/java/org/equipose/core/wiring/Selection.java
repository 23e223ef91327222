package org.equipose.core.wiring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.Setting;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.plugins.Catalog;

/**
 * Which components a run is made of, each with its settings. Everything in it exists and is in range.
 *
 * @param settings of the run; a role that the model does not ask for is {@code none}, the objective is never empty
 * @param objective what to minimise
 * @param parts every chosen component, each after those it asks for
 * @param effective every setting that has an effect, by key, as it would be written in a file
 */
public record Selection(
        RunSettings settings, ObjectiveExpression objective, List<Part> parts, SortedMap<String, String> effective) {

    /**
     * Chooses the components that a configuration asks for.
     *
     * @param aliases settings given by their last name only, such as {@code latent-dim}
     * @param earlier problems found so far, to be reported with those that are found here
     * @throws ConfigurationException with everything that is wrong
     */
    public static Selection of(
            Configuration configuration, Map<String, String> aliases, Catalog catalog, List<String> earlier) {
        return new Planner(configuration, aliases, catalog, earlier).plan();
    }

    /** Returns the keys that choose a component: the usual roles and those that some component asks for. */
    public static Set<String> roles(Catalog catalog) {
        Set<String> names = new TreeSet<>(Planner.allRoles(catalog).keySet());
        names.remove(Role.EVALUATOR.name());
        return names;
    }

    /** Returns the same choice with other settings of the run; none of them may choose a component. */
    public Selection with(Map<String, String> changed) {
        SettingsBinder<RunSettings> binder = new SettingsBinder<>(RunSettings.class);
        Map<String, Setting> texts = new LinkedHashMap<>();
        binder.texts("", settings).forEach((key, text) -> texts.put(key, Setting.of(text)));
        changed.forEach((key, text) -> texts.put(key, Setting.of(text)));
        List<String> problems = new ArrayList<>();
        RunSettings other = binder.bind("", Configuration.of(texts), problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        SortedMap<String, String> all = new TreeMap<>(effective);
        all.putAll(changed);
        return new Selection(other, objective, parts, all);
    }

    /** Returns the model. */
    public Part model() {
        return inRole(Role.MODEL).get(0);
    }

    /** Returns the data set. */
    public Part dataset() {
        return inRole(Role.DATASET).get(0);
    }

    /** Returns the evaluators in the order they were asked for. */
    public List<Part> evaluators() {
        return inRole(Role.EVALUATOR);
    }

    /** Returns the settings of an evaluator that have an effect, by key. */
    public SortedMap<String, String> ofEvaluator(String name) {
        String prefix = Role.EVALUATOR.name() + "." + name + ".";
        SortedMap<String, String> settings = new TreeMap<>(effective);
        settings.keySet().removeIf(key -> !key.startsWith(prefix));
        return settings;
    }

    private List<Part> inRole(Role role) {
        return parts.stream().filter(part -> part.role().equals(role)).toList();
    }
}
