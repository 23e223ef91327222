package org.equipose.core.plugins;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Opens one jar, or folder of jars, as a layer of its own below the framework's. */
final class PluginLayer {
    private static final String SPI_ATTRIBUTE = "Equipose-SPI";
    private static final String CORE = "org.equipose.core";

    private PluginLayer() {}

    /**
     * Opens a plugin.
     *
     * @throws PluginException if it cannot be used; the message says why but not which plugin
     */
    static ModuleLayer open(Path plugin, String spi) throws PluginException {
        try {
            ModuleFinder finder = ModuleFinder.of(plugin);
            Set<ModuleReference> modules = finder.findAll();
            if (modules.isEmpty()) {
                throw new PluginException("it holds no module");
            }
            for (ModuleReference module : modules) {
                if (module.descriptor().name().equals(CORE)) {
                    throw new PluginException("it carries a copy of " + CORE
                            + ", whose interfaces would not be ours; leave out that jar");
                }
                checkSpi(module, spi);
            }
            List<String> names =
                    modules.stream().map(module -> module.descriptor().name()).toList();
            ModuleLayer parent = parent();
            Configuration resolved = parent.configuration().resolve(finder, ModuleFinder.of(), names);
            return parent.defineModulesWithOneLoader(resolved, PluginLayer.class.getClassLoader());
        } catch (FindException | ResolutionException | LayerInstantiationException | SecurityException e) {
            throw new PluginException(reason(e), e);
        } catch (IOException e) {
            throw new PluginException("it cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns the layer of the framework itself; unit tests may run it from the class path, without one. */
    static ModuleLayer parent() {
        ModuleLayer own = PluginLayer.class.getModule().getLayer();
        return own == null ? ModuleLayer.boot() : own;
    }

    private static void checkSpi(ModuleReference module, String spi) throws IOException, PluginException {
        Optional<Path> jar = module.location()
                .filter(uri -> uri.getScheme().equals("file"))
                .map((URI uri) -> Path.of(uri))
                .filter(path -> path.toString().endsWith(".jar"));
        if (jar.isEmpty()) {
            return;
        }
        try (JarFile file = new JarFile(jar.get().toFile())) {
            Manifest manifest = file.getManifest();
            String built =
                    manifest == null ? null : manifest.getMainAttributes().getValue(SPI_ATTRIBUTE);
            if (built != null && !built.strip().equals(spi)) {
                throw new PluginException("it was built for version " + built.strip()
                        + " of the service interfaces, but this is version " + spi);
            }
        }
    }

    /** FindException hides the reason behind the name of the file. */
    private static String reason(Throwable problem) {
        Throwable cause = problem.getCause();
        String message = problem.getMessage() == null ? problem.toString() : problem.getMessage();
        return cause == null || cause.getMessage() == null || message.contains(cause.getMessage())
                ? message
                : message + ": " + cause.getMessage();
    }
}
