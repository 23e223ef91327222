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
    private static final String FRAMEWORK = "org.equipose.core";

    private PluginLayer() {}

    /**
     * Opens a plugin.
     *
     * @throws PluginException if it cannot be used; the message says why but not which plugin
     */
    static ModuleLayer open(Path plugin, String spi) throws PluginException {
        try {
            Set<ModuleReference> modules = ModuleFinder.of(plugin).findAll();
            if (modules.isEmpty()) {
                throw new PluginException("it holds no module");
            }
            for (ModuleReference module : modules) {
                checkSpi(module, spi);
            }
            ModuleLayer parent = parent();
            PluginModules own = new PluginModules(modules, parent);
            if (own.find(FRAMEWORK).isPresent()) {
                // Its components would implement the interfaces of that copy, not ours.
                throw new PluginException("it holds a copy of " + FRAMEWORK
                        + ", which the program has; leave that jar and what it depends on out of the folder");
            }
            Configuration resolved = parent.configuration().resolve(own, ModuleFinder.of(), own.names());
            ModuleLayer.Controller opened = ModuleLayer.defineModulesWithOneLoader(
                    resolved, List.of(parent), PluginLayer.class.getClassLoader());
            own.connect(opened);
            return opened.layer();
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
