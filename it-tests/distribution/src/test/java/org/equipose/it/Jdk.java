package org.equipose.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java on this machine.
 *
 * @param home its folder
 * @param version such as 17.0.15
 */
record Jdk(Path home, String version) {
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(.*)\"$");

    /** Returns one Java of each feature version that will do: this one, those of JAVA_HOME…, those of the system. */
    static Collection<Jdk> all() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME")) {
                homes.add(Path.of(value));
            }
        });
        Path system = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(system)) {
            try (Stream<Path> found = Files.list(system)) {
                found.sorted().forEach(homes::add);
            }
        }
        Map<Integer, Jdk> all = new TreeMap<>();
        for (Path home : homes) {
            at(home).filter(jdk -> jdk.feature() >= 17).ifPresent(jdk -> all.putIfAbsent(jdk.feature(), jdk));
        }
        return all.values();
    }

    /** Returns the versions that must be there: the running one, and those that whoever started the tests asks for. */
    static List<Integer> required() {
        List<Integer> features = new ArrayList<>(List.of(Runtime.version().feature()));
        Pattern.compile(",")
                .splitAsStream(System.getProperty("equipose.jdks", ""))
                .filter(feature -> !feature.isBlank())
                .map(Integer::valueOf)
                .forEach(features::add);
        return features;
    }

    private static Optional<Jdk> at(Path home) throws IOException {
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(home.resolve("release"))) {
            return Optional.empty();
        }
        Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
        return version.find() ? Optional.of(new Jdk(home, version.group(1))) : Optional.empty();
    }

    /** Returns the first part of the version. */
    int feature() {
        return Integer.parseInt(version.split("[.+-]", 2)[0]);
    }
}
