package org.equipose.core.plugins;

import jakarta.inject.Named;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.spi.DataSource;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;

/**
 * Every component class on the module path and in the plugins folder, by kind and name. Classes are found and loaded, never
 * initialised. A plugin that cannot be used leaves a problem behind and nothing else.
 */
public final class Catalog {
    /** Version of the service interfaces; a plugin may state which one it was built for. */
    public static final String SPI = "1";

    private static final String NAME = "[a-z0-9]+(-[a-z0-9]+)*";

    /** By kind and name; more than one component under a name is a conflict for whoever selects it. */
    private final Map<Kind, TreeMap<String, List<Component>>> components = new EnumMap<>(Kind.class);

    private final List<String> problems = new ArrayList<>();

    private Catalog() {
        for (Kind kind : Kind.values()) {
            components.put(kind, new TreeMap<>());
        }
    }

    /**
     * Finds everything on the module path and in a folder of plugins.
     *
     * @param plugins folder of which every jar, and every folder of jars, is a plugin
     */
    public static Catalog scan(Path plugins) {
        Catalog catalog = installed();
        for (Path plugin : catalog.list(plugins)) {
            try {
                int before = catalog.count();
                int known = catalog.problems.size();
                catalog.search(PluginLayer.open(plugin, SPI), Optional.of(plugin));
                if (catalog.count() == before && catalog.problems.size() == known) {
                    catalog.problems.add(plugin.getFileName() + ": it provides no component");
                }
            } catch (PluginException e) {
                catalog.problems.add(plugin.getFileName() + ": " + e.getMessage());
            }
        }
        catalog.reportConflicts();
        return catalog;
    }

    /** Finds what is on the module path alone. */
    public static Catalog installed() {
        Catalog catalog = new Catalog();
        catalog.search(PluginLayer.parent(), Optional.empty());
        return catalog;
    }

    /** Makes a catalog of given classes, as if they had been found. */
    public static Catalog of(Class<?>... types) {
        Catalog catalog = new Catalog();
        for (Class<?> type : types) {
            for (Kind kind : Kind.values()) {
                if (kind.type().isAssignableFrom(type)) {
                    catalog.add(kind, type, Optional.empty());
                }
            }
        }
        catalog.reportConflicts();
        return catalog;
    }

    /** Returns all components of a kind, by name. */
    public List<Component> components(Kind kind) {
        return components.get(kind).values().stream().flatMap(List::stream).toList();
    }

    /** Returns the names of a kind. */
    public SortedSet<String> names(Kind kind) {
        return new TreeSet<>(components.get(kind).keySet());
    }

    /** Returns what is wrong with the plugins, one sentence each. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Returns the component of that name, if there is exactly one. */
    public Optional<Component> find(Kind kind, String name) {
        List<Component> found = components.get(kind).getOrDefault(name, List.of());
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** Returns why {@link #find} finds nothing, with the names there are and the plugins that could not be read. */
    public String whyNot(Kind kind, String name) {
        List<Component> found = components.get(kind).getOrDefault(name, List.of());
        if (found.size() > 1) {
            return conflict(found);
        }
        Set<String> names = components.get(kind).keySet();
        StringBuilder reason = new StringBuilder("unknown " + kind.label() + " '" + name + "'"
                + (names.isEmpty()
                        ? "; no plugin brings any: put one that does into the folder of plugins"
                        : DidYouMean.among(name, names)));
        problems.forEach(problem ->
                reason.append("\n  (a plugin cannot be used: ").append(problem).append(')'));
        return reason.toString();
    }

    private List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            problems.add("there is no folder of plugins " + folder);
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .filter(entry -> entry.toString().endsWith(".jar") || Files.isDirectory(entry))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add("the folder of plugins cannot be read: " + e.getMessage());
            return List.of();
        }
    }

    /** Each service is named here, since ServiceLoader looks at who calls it. */
    private void search(ModuleLayer layer, Optional<Path> jar) {
        search(Kind.MODEL, layer, ServiceLoader.load(layer, Model.class), jar);
        search(Kind.ENCODER, layer, ServiceLoader.load(layer, Encoder.class), jar);
        search(Kind.DECODER, layer, ServiceLoader.load(layer, Decoder.class), jar);
        search(Kind.TRANSFORM, layer, ServiceLoader.load(layer, PoseTransform.class), jar);
        search(Kind.PRIOR, layer, ServiceLoader.load(layer, Prior.class), jar);
        search(Kind.OBJECTIVE, layer, ServiceLoader.load(layer, Objective.class), jar);
        search(Kind.EVALUATOR, layer, ServiceLoader.load(layer, Evaluator.class), jar);
        search(Kind.DATASET, layer, ServiceLoader.load(layer, DataSource.class), jar);
    }

    private <T> void search(Kind kind, ModuleLayer layer, ServiceLoader<T> loader, Optional<Path> jar) {
        Iterator<ServiceLoader.Provider<T>> providers = loader.stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                Class<?> type = providers.next().type();
                // The loader also finds what the layers above provide.
                if (type.getModule().getLayer() == layer) {
                    add(kind, type, jar);
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                // It goes on to the next provider after an error.
                problems.add(where(jar) + e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause()));
            }
        }
    }

    private void add(Kind kind, Class<?> type, Optional<Path> jar) {
        Named named = type.getAnnotation(Named.class);
        if (named == null || !named.value().matches(NAME)) {
            problems.add(where(jar) + type.getName()
                    + " needs @Named with a name of lower-case letters, digits and hyphens");
        } else if (Modifier.isAbstract(type.getModifiers())) {
            problems.add(where(jar) + type.getName() + " is abstract");
        } else if (!type.getModule().isExported(type.getPackageName(), Catalog.class.getModule())) {
            problems.add(where(jar) + "its module must export the package " + type.getPackageName());
        } else {
            components
                    .get(kind)
                    .computeIfAbsent(named.value(), name -> new ArrayList<>(1))
                    .add(new Component(kind, named.value(), type, Origin.of(type, jar)));
        }
    }

    private static String where(Optional<Path> jar) {
        return jar.map(path -> path.getFileName() + ": ").orElse("");
    }

    private void reportConflicts() {
        components.values().stream()
                .flatMap(names -> names.values().stream())
                .filter(found -> found.size() > 1)
                .forEach(found -> problems.add(conflict(found)));
    }

    private static String conflict(List<Component> found) {
        Component first = found.get(0);
        return first.kind().label() + " '" + first.name() + "' is ambiguous: it is provided by "
                + String.join(
                        " and by ",
                        found.stream().map(c -> c.origin().toString()).toList())
                + "; remove all but one";
    }

    private int count() {
        return components.values().stream()
                .flatMap(names -> names.values().stream())
                .mapToInt(List::size)
                .sum();
    }
}
