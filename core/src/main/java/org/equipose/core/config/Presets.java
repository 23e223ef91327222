package org.equipose.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The configurations that come with the distribution.
 *
 * @param folder their folder, searched with all folders below it but that of recipes
 */
public record Presets(Path folder) {
    private static final String SUFFIX = ".yaml";
    private static final String RECIPES = "reproduce";

    /** Returns what says which of these to run to reproduce a table or figure. */
    public Presets recipes() {
        return new Presets(folder.resolve(RECIPES));
    }

    /** Returns the names of all presets, in order. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(file -> !file.startsWith(folder.resolve(RECIPES)))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the presets in " + folder + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the file of a preset.
     *
     * @throws ConfigurationException if there is none of that name
     */
    public Path file(String name) {
        List<String> names = names();
        if (!names.contains(name)) {
            throw new ConfigurationException(
                    "unknown preset '" + name + "' in " + folder + DidYouMean.among(name, names));
        }
        return folder.resolve(name + SUFFIX);
    }
}
