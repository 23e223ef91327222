package org.equipose.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Copies for tests to change. */
final class Copy {
    private Copy() {}

    /** Copies the distribution to a folder that does not exist. */
    static Path ofDistribution(Path home) throws IOException {
        Path original = Equipose.distribution();
        Path lib = Files.createDirectories(home.resolve("lib"));
        try (Stream<Path> jars = Files.list(original.resolve("lib"))) {
            for (Path jar : (Iterable<Path>) jars::iterator) {
                linkOrCopy(jar, lib.resolve(jar.getFileName()));
            }
        }
        for (String part : List.of("bin", "plugins", "configs")) {
            tree(original.resolve(part), home.resolve(part));
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
