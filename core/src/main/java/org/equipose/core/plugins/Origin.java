package org.equipose.core.plugins;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a component was found.
 *
 * @param module name of its module
 * @param version version of its module; empty if it has none
 * @param jar jar, or folder of jars, below plugins; empty for what is on the module path of the program
 */
public record Origin(String module, String version, Optional<Path> jar) {

    static Origin of(Class<?> type, Optional<Path> jar) {
        Module module = type.getModule();
        String version = module.isNamed() ? module.getDescriptor().rawVersion().orElse("") : "";
        return new Origin(module.isNamed() ? module.getName() : "class path", version, jar);
    }

    /** Returns module and version, for example {@code org.equipose.plugin.standard@0.1.0}. */
    public String moduleVersion() {
        return version.isEmpty() ? module : module + "@" + version;
    }

    /** Returns what a user can find on disk: the name of the jar, or else of the module. */
    @Override
    public String toString() {
        return jar.map(path -> path.getFileName().toString()).orElse(module);
    }
}
