package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T09:08:07Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void anExistingFolderIsRefused() throws IOException {
        Path path = folder.resolve("a/b");
        assertThat(RunDirectory.create(path).path()).isEqualTo(path).isDirectory();
        assertThatThrownBy(() -> RunDirectory.create(path))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessage(
                        path + " exists already; choose another --run-dir, or go on with that run by --resume " + path);
    }

    @Test
    void aParentThatIsAFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> RunDirectory.create(file.resolve("run")))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessage("cannot make the run directory " + file.resolve("run") + ": " + file + " is in the way");
        assertThatThrownBy(() -> RunDirectory.create(file, "name", CLOCK))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith("cannot make the run directory ");
    }

    @Test
    void runsOfOneSecondAreNumbered() throws IOException {
        for (String expected : List.of("2026-11-20_09-08-07", "2026-11-20_09-08-07-2", "2026-11-20_09-08-07-3")) {
            assertThat(RunDirectory.create(folder, "mnist-tvae", CLOCK).path())
                    .isEqualTo(folder.resolve("mnist-tvae").resolve(expected));
        }
    }

    @Test
    void runsThatStartTogetherGetDifferentFolders() throws Exception {
        Set<Path> made = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            results.add(threads.submit(
                    () -> made.add(RunDirectory.create(folder, "n", CLOCK).path())));
        }
        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
        threads.shutdown();
        assertThat(made).hasSize(40);
    }

    @Test
    void namesThatLeaveTheFolderAreRefused() {
        for (String name : List.of("", " ", ".", "..", "a/b", "../a", "a\\b", "c:", "a\nb")) {
            assertThatThrownBy(() -> RunDirectory.create(folder, name, CLOCK))
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessageContaining("plain folder name");
        }
    }

    private Path run(Path path) throws IOException {
        RunDirectory run = RunDirectory.create(path);
        Files.writeString(run.config(), "seed: 1\n");
        Files.writeString(run.manifest(), "{}\n");
        return path;
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path path = run(folder.resolve("run"));
        assertThat(RunDirectory.open(path).metrics()).isEqualTo(path.resolve("metrics.csv"));
        Files.delete(path.resolve("manifest.json"));
        assertThatThrownBy(() -> RunDirectory.open(path))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessage(path + " is not a run directory: manifest.json is missing");
        Files.delete(path.resolve("config.yaml"));
        assertThatThrownBy(() -> RunDirectory.open(path))
                .hasMessage(path + " is not a run directory: config.yaml is missing");
        assertThatThrownBy(() -> RunDirectory.open(folder.resolve("none")))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessage("there is no run directory " + folder.resolve("none"));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> RunDirectory.open(file)).hasMessage(file + " is a file, not a run directory");
    }

    @Test
    void theNewestRunWithinIsSuggested() throws IOException {
        run(folder.resolve("b/2026-01-01_00-00-00"));
        Path newest = run(folder.resolve("a/2026-01-02_00-00-00"));
        assertThatThrownBy(() -> RunDirectory.open(folder))
                .hasMessage(folder + " is not a run directory: config.yaml is missing; did you mean " + newest + "?");
    }

    @Test
    void aRestartIsNotSuggested() throws IOException {
        Path run = run(folder.resolve("a/2026-01-02_00-00-00"));
        run(run.resolve("restart-2"));
        for (Path above : List.of(folder, folder.resolve("a"))) {
            assertThatThrownBy(() -> RunDirectory.open(above)).hasMessageEndingWith("; did you mean " + run + "?");
        }
    }

    @Test
    void whatATrainingHasLeftIsTakenOver() throws IOException {
        RunDirectory run = RunDirectory.open(run(folder.resolve("run")));
        Map<String, String> first = Map.of(
                "metrics.csv", "1",
                "timing.csv", "2",
                "events.out.tfevents.1.host", "3",
                "samples/epoch-002.png", "4",
                "checkpoints/step-00000004-0123456789abcdef.npz", "5",
                "checkpoints/step-00000008-0123456789abcdef.npz", "6");
        Map<String, String> second = Map.of(
                "metrics.csv", "one",
                "timing.csv", "two",
                "events.out.tfevents.2.host", "three",
                "reconstructions/epoch-002.png", "four",
                "checkpoints/step-00000008-fedcba9876543210.npz", "five");
        write(run.restart(1), first);
        write(run.restart(2), second);
        write(run.restart(2), Map.of("train.log", "log", "config.yaml", "seed: 2\n"));
        write(run, Map.of("samples/draw-1.png", "mine"));

        run.adopt(run.restart(1));
        assertThat(contents(run)).containsAllEntriesOf(first);
        for (int i = 0; i < 2; i++) { // again, as after a kill
            run.adopt(run.restart(2));
            Map<String, String> expected = new TreeMap<>(second);
            expected.putAll(Map.of("config.yaml", "seed: 1\n", "manifest.json", "{}\n", "samples/draw-1.png", "mine"));
            assertThat(contents(run)).isEqualTo(expected);
        }
    }

    private static void write(RunDirectory run, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = run.path().resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** Returns what is in a run but not in its restarts. */
    private static Map<String, String> contents(RunDirectory run) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(run.path())) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = run.path().relativize(file).toString();
                if (!name.startsWith("restart-")) {
                    contents.put(name, Files.readString(file));
                }
            }
        }
        return contents;
    }

    @Test
    void oneProcessLocksOnce() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        RunDirectory.Lock lock = run.lock();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(run::lock)
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessage("another training is writing to " + run + " (process "
                            + ProcessHandle.current().pid() + "); wait for it to end, or stop it");
        }
        lock.close();
        lock.close();
        run.lock().close();
    }

    /** Locks, says so, and waits to be stopped. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            RunDirectory.Lock lock = RunDirectory.open(Path.of(arguments[0])).lock();
            System.out.println("locked");
            System.in.read();
            lock.close();
        }
    }

    @Test
    @Timeout(60)
    void anotherProcessIsNamedAndItsDeathUnlocks() throws Exception {
        Path path = run(folder.resolve("run"));
        Process holder = ChildJvm.of(List.of(), Holder.class, path.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = holder.inputReader()) {
            assertThat(reader.readLine()).isEqualTo("locked");
            assertThatThrownBy(() -> RunDirectory.open(path).lock())
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessageContaining("(process " + holder.pid() + ")");
            holder.destroyForcibly().waitFor();
            RunDirectory.open(path).lock().close();
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void anUnwritableFolderIsNamed() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        // Fails for every user, root included.
        Files.createDirectory(run.path().resolve(".lock"));
        assertThatThrownBy(run::lock)
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith("cannot lock " + run);
        Files.delete(run.path().resolve(".lock"));
        run.lock().close();
    }

    @Test
    void picturesAreNumberedByEpoch() {
        assertThat(RunDirectory.picture(folder, 12)).isEqualTo(folder.resolve("epoch-012.png"));
        assertThat(RunDirectory.picture(folder, 1234)).isEqualTo(folder.resolve("epoch-1234.png"));
    }

    @Test
    void aClockThatGoesBackOverwritesNothing() throws IOException {
        Path first = RunDirectory.create(folder, "n", CLOCK).path();
        Clock earlier = Clock.offset(CLOCK, Duration.ofHours(-1));
        Path second = RunDirectory.create(folder, "n", earlier).path();
        Path third = RunDirectory.create(folder, "n", CLOCK).path();
        assertThat(second).isEqualTo(first.resolveSibling("2026-11-20_08-08-07"));
        assertThat(third).isEqualTo(first.resolveSibling("2026-11-20_09-08-07-2"));
    }

    @Test
    void whatKilledProcessesLeftIsRemovedAndNothingElse() throws IOException {
        RunDirectory run = RunDirectory.open(run(folder.resolve("run")));
        Path notOurs = Files.writeString(run.path().resolve(".notes.tmp"), "mine");
        Path elsewhere = Files.createDirectories(run.path().resolve("mine")).resolve(".999999999999-1.tmp");
        Files.writeString(elsewhere, "mine");
        // Of the process that started this one, which is alive: it may be writing.
        long alive = ProcessHandle.current().parent().orElseThrow().pid();
        Path atWork = Files.createDirectories(run.evaluation()).resolve("." + alive + "-1.tmp");
        Files.writeString(atWork, "half");
        List<Path> left = new ArrayList<>();
        for (Path in : List.of(run.path(), run.checkpoints(), run.samples(), run.evaluation())) {
            left.add(Files.writeString(Files.createDirectories(in).resolve(".999999999999-1.tmp"), "half"));
            left.add(Files.writeString(in.resolve("." + ProcessHandle.current().pid() + "-77.tmp"), "half"));
        }
        run.lock().close();
        assertThat(left).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(List.of(notOurs, elsewhere, atWork))
                .allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void aRunThatCouldNotBeginIsTakenBack() throws IOException {
        RunDirectory run = RunDirectory.open(run(folder.resolve("run")));
        run.lock().close();
        Files.writeString(run.log(), "refused");
        run.discard();
        assertThat(run.path()).doesNotExist();
        RunDirectory used = RunDirectory.open(run(folder.resolve("used")));
        Path other = Files.writeString(used.path().resolve("notes.txt"), "mine");
        used.discard();
        assertThat(other).exists();
        assertThat(used.manifest()).doesNotExist();
    }
}
