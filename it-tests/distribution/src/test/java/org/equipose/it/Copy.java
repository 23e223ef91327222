package org.equipose.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Copies for tests to change. */
final class Copy {
    private Copy() {}

    /** Copies the distribution to a folder that does not exist. */
    static Path ofDistribution(Path home) throws IOException {
        return ofDistribution(home, plugin -> true);
    }

    /** Copies the distribution, of its plugins only those with the right names. */
    static Path ofDistribution(Path home, Predicate<String> plugins) throws IOException {
        Path original = Equipose.distribution();
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path part = original.relativize(file);
                Path there = home.resolve(part.toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(there);
                } else if (part.startsWith("lib")) {
                    linkOrCopy(file, there);
                } else if (!part.startsWith("plugins")
                        || plugins.test(file.getFileName().toString())) {
                    Files.copy(file, there);
                }
            }
        }
        return home;
    }

    /** The libraries are large. */
    private static void linkOrCopy(Path file, Path to) throws IOException {
        try {
            Files.createLink(to, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, to); // another file system
        }
    }

    /** Copies a folder with all that is in it to one that does not exist. */
    static Path tree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }
}
