package org.equipose.core.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.Presets;
import org.equipose.core.data.CacheFolder;
import org.equipose.core.plugins.Catalog;

/** Where the program and its data live, unless the command line says otherwise. */
final class Home {
    private static final String PROPERTY = "equipose.home";

    private Home() {}

    /** Returns the presets of the distribution. */
    static Presets presets() {
        return folder().map(home -> new Presets(home.resolve("configs")))
                .orElseThrow(() -> new ConfigurationException(
                        "there are no presets here: -D" + PROPERTY + " does not say where the distribution is"));
    }

    /** Returns what this distribution can reproduce. */
    static Presets recipes() {
        return presets().recipes();
    }

    /** Returns the names of the presets; none where there is no distribution. */
    static List<String> presetNames() {
        return folder().isPresent() ? presets().names() : List.of();
    }

    /** Finds the components in a folder of plugins, by default that of the distribution. */
    static Catalog catalog(Optional<Path> plugins) {
        if (plugins.isPresent() && !Files.isDirectory(plugins.get())) {
            throw new ConfigurationException("there is no folder of plugins " + plugins.get());
        }
        return plugins.or(() -> folder().map(home -> home.resolve("plugins")))
                .map(Catalog::scan)
                .orElseGet(Catalog::installed);
    }

    /** Returns the folder for data sets, shared by all runs of this user. */
    static Path data() {
        return CacheFolder.byDefault();
    }

    private static Optional<Path> folder() {
        return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
    }
}
