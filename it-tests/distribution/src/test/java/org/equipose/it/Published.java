package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Maven repository in which core and contract kit are published, for projects that know nothing else of ours. All other
 * artefacts are those of the user's own repository, by symbolic links; that one never gets ours.
 *
 * @param repository its folder
 */
record Published(Path repository) implements Closeable {
    private static final long PATIENCE_SECONDS = 600;

    /** Publishes to a folder that does not exist. */
    static Published in(Path repository) throws IOException {
        Path users = Path.of(property("equipose.maven.repository"));
        link(users, repository, "org");
        link(users.resolve("org"), repository.resolve("org"), "equipose");
        Published published = new Published(repository);
        published.add("parent", "", false);
        published.add("core", "core", true);
        published.add("tck", "it-tests/tck", true);
        return published;
    }

    /** Links to everything in a folder but one thing. */
    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (!entry.endsWith(except)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    private void add(String artefact, String module, boolean jar) throws IOException {
        String name = "equipose-" + artefact;
        String file = name + "-" + Equipose.VERSION;
        Path to = Files.createDirectories(
                repository.resolve("org/equipose").resolve(name).resolve(Equipose.VERSION));
        Path from = sources().resolve(module);
        Files.copy(from.resolve("pom.xml"), to.resolve(file + ".pom"));
        if (jar) {
            Path built = from.resolve("target").resolve(file + ".jar");
            assertThat(built).as("build it first").isRegularFile();
            Files.copy(built, to.resolve(file + ".jar"));
        }
    }

    /**
     * Builds and tests a copy of a project below it-tests/third-party.
     *
     * @param folder for the copy; it does not exist
     * @return what Maven said
     */
    String build(String project, Path folder) throws IOException, InterruptedException {
        Path original = sources().resolve("it-tests/third-party").resolve(project);
        Files.createDirectories(folder);
        Files.copy(original.resolve("pom.xml"), folder.resolve("pom.xml"));
        Copy.tree(original.resolve("src"), folder.resolve("src"));
        Path maven = Path.of(property("equipose.maven.home"), "bin", "mvn");
        assertThat(maven).as("the Maven that runs this build").isExecutable();
        List<String> command =
                new ArrayList<>(List.of(maven.toString(), "-B", "-ntp", "-Dmaven.repo.local=" + repository, "verify"));
        if (property("equipose.maven.offline").equals("is-true")) {
            command.add("-o");
        }
        Path settings = Path.of(property("equipose.maven.settings").replaceFirst("file:", ""));
        if (Files.exists(settings)) {
            command.addAll(List.of("-s", settings.toString()));
        }
        Path log = folder.resolve("build.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(ended)
                .as("%s in %s ends within %d s; it said\n%s", command, folder, PATIENCE_SECONDS, said)
                .isTrue();
        assertThat(process.exitValue())
                .as("%s in %s\n%s", command, folder, said)
                .isZero();
        return said;
    }

    /** Removes the links, so that nobody follows them who removes the folder. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** Returns the root of our sources. */
    static Path sources() {
        return Path.of(property("equipose.sources")).toAbsolutePath().normalize();
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        assertThat(value)
                .as("the system property %s, which `mvn verify` sets; see the pom", name)
                .isNotNull()
                .doesNotContain("${");
        return value;
    }
}
