package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.equipose.core.cli.ManyLines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two thousand damaged command lines and configurations: none is answered by a stack trace, none leaves anything behind. */
class FuzzIT {
    private static final long SEED = 1;
    private static final int LINES = 2000;
    private static final int WORKERS = 2;

    @TempDir
    private Path folder;

    /** In one process, which starts the program anew for each line but Java only once. */
    @Test
    void isAnswered() throws Exception {
        Path work = Files.createDirectory(folder.resolve("work"));
        Path log = folder.resolve("log");
        Path tests = Path.of(ManyLines.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path hosts = Files.createFile(folder.resolve("hosts"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        Equipose.distribution().resolve("lib").toString(),
                        "--add-modules",
                        "ALL-DEFAULT",
                        "--patch-module",
                        "org.equipose.core=" + tests,
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dfile.encoding=UTF-8",
                        "-Djava.awt.headless=true",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dorg.bytedeco.javacpp.cachedir=" + Equipose.nativeCache(),
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-Dequipose.home=" + Equipose.distribution(),
                        "-m",
                        "org.equipose.core/" + ManyLines.class.getName(),
                        Long.toString(SEED),
                        "0",
                        Integer.toString(LINES))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment()
                .put("PATH", Files.createDirectory(folder.resolve("bin")).toString()); // no npm, say
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(9, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        String said = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said)
                .contains("seed " + SEED + ", lines 0 to " + (LINES - 1))
                .contains(" 0 answered wrongly");
    }

    /** Each line as a process, as a user would start it. */
    @Test
    @Tag("soak")
    void isAnsweredByAProcess() throws Exception {
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        int[] codes = new int[3];
        List<Thread> workers = IntStream.range(0, WORKERS)
                .mapToObj(worker -> new Thread(() -> answer(worker, codes, wrong)))
                .toList();
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }
        System.out.println("seed " + SEED + ": " + codes[0] + " lines succeeded, " + codes[2] + " were refused, "
                + wrong.size() + " were answered wrongly");
        assertThat(wrong).isEmpty();
        assertThat(IntStream.of(codes).sum()).isEqualTo(LINES);
    }

    private void answer(int worker, int[] codes, List<String> wrong) {
        try {
            Path work = Files.createDirectory(folder.resolve("work-" + worker));
            CommandLines.prepare(work);
            Equipose equipose = Equipose.in(work).offline();
            equipose.succeed(CommandLines.first().toArray(String[]::new));
            CommandLines lines = new CommandLines(SEED, false, 12);
            for (int i = worker; i < LINES; i += WORKERS) {
                CommandLines.Line line = lines.line(i);
                line.prepare(work);
                Set<String> before = CommandLines.contents(work);
                Equipose.Result result = equipose.run(line.words().toArray(String[]::new));
                Set<String> left = CommandLines.contents(work);
                left.removeAll(before);
                Optional<String> complaint = line.complaint(result.code(), result.out(), result.err(), left);
                synchronized (codes) {
                    codes[Math.min(Math.max(0, result.code()), 2)]++;
                }
                complaint.ifPresent(reason -> {
                    wrong.add(reason + ": " + line + "\n" + result.err());
                    System.out.println(reason + ": " + line + "\n" + result.err());
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            wrong.add(e.toString());
        }
    }
}
