package org.equipose.core.plugins;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The modules of one plugin, which may carry its own version of a library that the framework has too. An ordinary module
 * reads what it requires, and so gets the plugin's version. An automatic one (a jar without module-info, as many libraries
 * are) reads all there is, hence both versions, which Java refuses. Where there are two, the plugin's automatic modules are
 * therefore described as ordinary ones that require everything but what the plugin replaces.
 */
final class PluginModules implements ModuleFinder {
    private static final String CLASS = ".class";

    private final ModuleLayer parent;
    private final Map<String, ModuleReference> modules = new LinkedHashMap<>();
    private final Set<String> described = new HashSet<>();

    /**
     * Takes what was found.
     *
     * @throws IOException if a jar cannot be read
     */
    PluginModules(Set<ModuleReference> found, ModuleLayer parent) throws IOException {
        this.parent = parent;
        found.forEach(module -> modules.put(module.descriptor().name(), module));
        Set<Module> replaced = replaced();
        if (!replaced.isEmpty()) {
            List<Module> others = without(replaced);
            for (ModuleReference module : found) {
                if (module.descriptor().isAutomatic()) {
                    described.add(module.descriptor().name());
                    modules.put(module.descriptor().name(), new Described(module, describe(module, others)));
                }
            }
        }
    }

    /** Returns the modules above that have the name of one of these, or a package in common with one of them. */
    private Set<Module> replaced() {
        Set<String> packages = modules.values().stream()
                .flatMap(module -> module.descriptor().packages().stream())
                .collect(Collectors.toSet());
        return parent.modules().stream()
                .filter(above ->
                        modules.containsKey(above.getName()) || !Collections.disjoint(above.getPackages(), packages))
                .collect(Collectors.toSet());
    }

    /** Returns the modules above through which nobody comes to read one that is replaced. */
    private List<Module> without(Set<Module> replaced) {
        Set<Module> left = new HashSet<>(parent.modules());
        left.removeAll(replaced);
        while (left.removeIf(module -> !left.containsAll(implied(module)))) {
            // Until no more fall.
        }
        return List.copyOf(left);
    }

    /** Returns what is read by whoever reads a module. */
    private Set<Module> implied(Module module) {
        ModuleDescriptor descriptor = module.getDescriptor();
        return descriptor.isAutomatic()
                ? parent.modules().stream()
                        .filter(other -> other.getDescriptor().isAutomatic())
                        .collect(Collectors.toSet())
                : descriptor.requires().stream()
                        .filter(required ->
                                required.modifiers().contains(ModuleDescriptor.Requires.Modifier.TRANSITIVE))
                        .flatMap(required -> parent.findModule(required.name()).stream())
                        .collect(Collectors.toSet());
    }

    private ModuleDescriptor describe(ModuleReference module, List<Module> others) throws IOException {
        ModuleDescriptor automatic = module.descriptor();
        ModuleDescriptor.Builder builder =
                ModuleDescriptor.newOpenModule(automatic.name()).packages(automatic.packages());
        automatic.packages().forEach(builder::exports);
        automatic.version().ifPresent(builder::version);
        Set<String> required = others.stream().map(Module::getName).collect(Collectors.toSet());
        Set<String> read = new HashSet<>();
        for (Module other : others) {
            other.getPackages().stream().filter(other::isExported).forEach(read::add);
        }
        for (ModuleDescriptor.Provides provided : automatic.provides()) {
            builder.provides(provided);
            String service = packageOf(provided.service());
            modules.values().stream()
                    .map(ModuleReference::descriptor)
                    .filter(sibling -> !sibling.name().equals(automatic.name()))
                    .filter(sibling -> sibling.packages().contains(service))
                    .forEach(sibling -> required.add(sibling.name()));
        }
        required.remove("java.base"); // which the builder adds
        required.forEach(builder::requires);
        for (String service : services(module)) {
            String home = packageOf(service);
            if (automatic.packages().contains(home) || read.contains(home)) {
                try {
                    builder.uses(service);
                } catch (IllegalArgumentException e) {
                    // A name that no source file could hold, such as package-info: no service.
                }
            }
        }
        return builder.build();
    }

    /** An automatic module may look for any service: here one of its own classes, or what somebody above provides or uses. */
    private Set<String> services(ModuleReference module) throws IOException {
        Set<String> services = new HashSet<>();
        for (Module above : parent.modules()) {
            services.addAll(above.getDescriptor().uses());
            above.getDescriptor().provides().forEach(provided -> services.add(provided.service()));
        }
        try (ModuleReader reader = module.open();
                Stream<String> files = reader.list()) {
            files.filter(file -> file.endsWith(CLASS))
                    .map(file ->
                            file.substring(0, file.length() - CLASS.length()).replace('/', '.'))
                    .forEach(services::add);
        }
        return services;
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    /** Lets the described modules and the plugin's others read one another; as requirements that would be a cycle. */
    void connect(ModuleLayer.Controller controller) {
        for (String name : described) {
            Module module = controller.layer().findModule(name).orElseThrow();
            controller.layer().modules().forEach(sibling -> {
                controller.addReads(module, sibling);
                controller.addReads(sibling, module);
            });
        }
    }

    @Override
    public Optional<ModuleReference> find(String name) {
        return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
        return Set.copyOf(modules.values());
    }

    /** Returns the names of all modules. */
    Set<String> names() {
        return Collections.unmodifiableSet(modules.keySet());
    }

    /** An automatic module with the description of an ordinary one; the files are the same. */
    private static final class Described extends ModuleReference {
        private final ModuleReference automatic;

        Described(ModuleReference automatic, ModuleDescriptor descriptor) {
            super(descriptor, automatic.location().orElse(null));
            this.automatic = automatic;
        }

        @Override
        public ModuleReader open() throws IOException {
            return automatic.open();
        }
    }
}
