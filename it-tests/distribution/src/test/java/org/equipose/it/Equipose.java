package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The program as a user has it: a folder with {@code bin/run.sh} in it, started in some working folder. */
final class Equipose {
    /** As in the names of jars. */
    static final String VERSION = distribution().getFileName().toString().replaceFirst("equipose-", "");

    /** For a machine under load; a run here takes seconds. */
    private static final long PATIENCE_SECONDS = 240;

    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    private final Path home;
    private final Path folder;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> shell = new ArrayList<>();

    private Equipose(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
        // Nothing of the user's is used but the native library, which takes long to unpack.
        environment.put("EQUIPOSE_NATIVE_CACHE", nativeCache());
        environment.put(
                "XDG_CACHE_HOME", Path.of("target", "cache").toAbsolutePath().toString());
        // These processes live for seconds, which the optimising compiler would only lengthen.
        environment.put("EQUIPOSE_JAVA_OPTS", QUICK);
    }

    /** Returns the distribution that was built, to be started in a folder. */
    static Equipose in(Path folder) {
        return new Equipose(distribution(), folder);
    }

    /** Returns this program with another value of an environment variable. */
    Equipose with(String variable, String value) {
        Equipose other = at(home);
        other.environment.put(variable, value);
        return other;
    }

    /** Returns this program without an environment variable. */
    Equipose without(String variable) {
        return with(variable, null);
    }

    /** Returns this program started by a line of shell in which {@code "$@"} stands for its command line. */
    Equipose under(String line, String... shellCommand) {
        Equipose other = at(home);
        other.shell.addAll(List.of(shellCommand));
        other.shell.addAll(List.of("bash", "-c", line, "bash"));
        return other;
    }

    /** Returns this program on a machine that is offline whatever it is connected to: no host is known, and there is no npm. */
    Equipose offline() {
        try {
            Path noHosts = Path.of("target", "hosts").toAbsolutePath();
            Files.write(noHosts, new byte[0]);
            return with("PATH", tools().toString())
                    .with("JAVA_HOME", System.getProperty("java.home"))
                    .with("EQUIPOSE_JAVA_OPTS", QUICK + " -Djdk.net.hosts.file=" + noHosts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What bin/run.sh itself needs, and no more. */
    private static synchronized Path tools() throws IOException {
        // Not in the temporary folder, which complains about links when it is deleted.
        Path bin = Files.createDirectories(Path.of("target", "tools").toAbsolutePath());
        for (String tool :
                List.of("bash", "cat", "cksum", "dirname", "grep", "mkdir", "mv", "nice", "readlink", "rm", "stat")) {
            for (String place : System.getenv("PATH").split(":", -1)) {
                Path found = Path.of(place, tool);
                if (Files.isExecutable(found) && !Files.exists(bin.resolve(tool))) {
                    Files.createSymbolicLink(bin.resolve(tool), found);
                }
            }
        }
        return bin;
    }

    /** Returns another copy of the distribution, started like this one. */
    Equipose at(Path otherHome) {
        Equipose other = new Equipose(otherHome, folder);
        other.environment.putAll(environment);
        other.shell.addAll(shell);
        return other;
    }

    /** Returns the folder that was built. */
    static Path distribution() {
        Path home = Path.of(System.getProperty("equipose.distribution", "../../distribution/target/equipose-0.1.0"))
                .toAbsolutePath()
                .normalize();
        assertThat(home.resolve("bin/run.sh"))
                .as("build the distribution first")
                .isExecutable();
        return home;
    }

    /** Returns a command line that trains in a moment: two epochs of four steps, small networks. */
    static String[] tiny(String... more) {
        List<String> words = new ArrayList<>(CommandLines.TINY);
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    /** Returns where the native library of TensorFlow is unpacked. */
    static String nativeCache() {
        return Optional.ofNullable(System.getenv("EQUIPOSE_NATIVE_CACHE"))
                .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                                .orElseGet(() -> System.getProperty("user.home") + "/.cache")
                        + "/equipose/native");
    }

    /** Runs the program to its end. */
    Result run(String... words) {
        return start(words).end();
    }

    /** Runs the program and expects it to succeed. */
    Result succeed(String... words) {
        Result result = run(words);
        assertThat(result.code()).as(result.toString()).isZero();
        return result;
    }

    /** Starts the program. */
    Running start(String... words) {
        List<String> command = new ArrayList<>(shell);
        command.add(home.resolve("bin/run.sh").toString());
        command.addAll(List.of(words));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
            environment.forEach((variable, value) -> {
                if (value == null) {
                    builder.environment().remove(variable);
                } else {
                    builder.environment().put(variable, value);
                }
            });
            Process process = builder.start();
            process.getOutputStream().close();
            return new Running(command, process, read(process.getInputStream()), read(process.getErrorStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FutureTask<String> read(InputStream stream) {
        FutureTask<String> text = new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        Thread reader = new Thread(text, "reader");
        reader.setDaemon(true);
        reader.start();
        return text;
    }

    /** The program at work. bin/run.sh becomes Java, so that signals reach it. */
    record Running(List<String> command, Process process, FutureTask<String> out, FutureTask<String> err) {

        /** Sends SIGTERM. Not by {@link Process#destroy}, which also closes the pipes that we read. */
        void terminate() {
            process.toHandle().destroy();
        }

        /** Sends SIGKILL. */
        void kill() {
            process.toHandle().destroyForcibly();
        }

        /** Waits for the end. */
        Result end() {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(
                            command + " did not end in " + PATIENCE_SECONDS + " s; it said\n" + err.get());
                }
                return new Result(command, process.exitValue(), out.get(), err.get());
            } catch (ExecutionException e) {
                throw new AssertionError("the output of " + command + " cannot be read", e);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + command, e);
            }
        }
    }

    /**
     * What the program said.
     *
     * @param code exit code
     */
    record Result(List<String> command, int code, String out, String err) {

        /** Returns the lines on standard error that are no progress. */
        List<String> complaints() {
            return err.lines()
                    .filter(line -> !line.matches("[a-z0-9. -]+ +\\d+ %.*"))
                    .toList();
        }

        @Override
        public String toString() {
            return String.join(" ", command) + "\nexit code " + code + "\n" + out + "\n" + err;
        }
    }
}
