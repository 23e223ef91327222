package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many bad days in a row, at moments that a printed seed decides ({@code -Dequipose.soak.seed=N} for others). Whatever
 * happened, the run ends with the bits of one that was left alone.
 */
@Tag("soak")
class ReliabilityIT {
    private static final long SEED = Long.getLong("equipose.soak.seed", 20261121);
    private static final int KILLS = 50;
    private static final int TARGETED_KILLS = 5;
    private static final int DAMAGES = 20;
    private static final int DISKS = 10;
    private static final int MEMORIES = 5;
    private static final int RACES = 5;

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Run good;
    private static long millis;

    @BeforeAll
    static void trainOnce() {
        System.out.println("seed " + SEED);
        equipose = Equipose.in(folder);
        long start = System.nanoTime();
        equipose.succeed(words("good"));
        millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        good = new Run(folder.resolve("good"));
    }

    /** Twelve epochs of four steps, each with a checkpoint and pictures: most of the time goes into files. */
    private static String[] words(String name, String... more) {
        return Stream.of(Equipose.tiny("--epochs", "12", "--pictures-every", "1", "--run-dir", name), more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
    }

    private static void assertSame(Run run) throws IOException {
        LongTraining.assertSame(run, good);
        for (String sub : List.of("evaluation", "samples", "reconstructions")) {
            assertThat(run.names(sub)).isEqualTo(good.names(sub));
            for (String file : good.names(sub)) {
                assertThat(run.folder().resolve(sub).resolve(file))
                        .hasSameBinaryContentAs(good.folder().resolve(sub).resolve(file));
            }
        }
        try (Stream<Path> files = Files.walk(run.folder())) {
            assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".tmp"));
        }
    }

    private static boolean unfinished(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.anyMatch(file -> file.toString().endsWith(".tmp"));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Waits until something happens; returns whether the process is still at work then. */
    private static boolean await(Equipose.Running running, Event event) throws Exception {
        while (running.process().isAlive() && !event.happened()) {
            Thread.onSpinWait();
        }
        return running.process().isAlive();
    }

    /** Something that can be seen from outside. */
    @FunctionalInterface
    private interface Event {
        boolean happened() throws IOException;
    }

    @Test
    void killedAtFiftyRandomMoments() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Integer> moments = new TreeMap<>();
        int kills = 0;
        int runs = 0;
        int leftovers = 0;
        while (kills < KILLS) {
            Run run = new Run(folder.resolve("killed-" + ++runs));
            Equipose.Running running =
                    equipose.start(words(run.folder().getFileName().toString()));
            assertThat(await(running, () -> run.step() >= 0)).isTrue();
            while (kills < KILLS) {
                // As long as a whole run takes on this machine: some come to their end.
                boolean ended = running.process().waitFor(random.nextLong(0, millis), TimeUnit.MILLISECONDS);
                if (ended) {
                    break;
                }
                running.kill();
                assertThat(running.end().code()).isEqualTo(137);
                kills++;
                leftovers += unfinished(run.folder().resolve("checkpoints")) ? 1 : 0;
                moments.merge(
                        Files.exists(run.folder().resolve("evaluation"))
                                ? "in the evaluation"
                                : run.step() == 0 ? "in the first epoch" : "later in the training",
                        1,
                        Integer::sum);
                running = equipose.start("--resume", run.folder().getFileName().toString());
            }
            Equipose.Result result = running.end();
            assertThat(result.code()).as(result.toString()).isZero();
            assertSame(run);
        }
        System.out.println("killed " + kills + " times in " + runs + " runs " + moments + "; " + leftovers
                + " times a checkpoint was being written; all ended with the same bits");
    }

    @Test
    void killedWhileACheckpointOrAnEvaluationIsWritten() throws Exception {
        int inCheckpoint = 0;
        int inEvaluation = 0;
        Run run = new Run(folder.resolve("aimed"));
        Equipose.Running running = equipose.start(words("aimed"));
        assertThat(await(running, () -> run.step() >= 0)).isTrue();
        for (int i = 0; i < TARGETED_KILLS; i++) {
            long step = run.step();
            if (!await(
                    running, () -> run.step() > step && unfinished(run.folder().resolve("checkpoints")))) {
                break;
            }
            running.kill();
            assertThat(running.end().code()).isEqualTo(137);
            inCheckpoint++;
            running = equipose.start("--resume", "aimed");
        }
        for (int i = 0; i < TARGETED_KILLS; i++) {
            // Its files are written one after the other: as soon as the first is new, the others are not.
            Path first = run.folder().resolve("evaluation/reconstruction.png");
            long before = first.toFile().lastModified();
            if (!await(running, () -> first.toFile().lastModified() > before)) {
                break;
            }
            running.kill();
            assertThat(running.end().code()).isEqualTo(137);
            inEvaluation++;
            running = equipose.start("--resume", "aimed");
        }
        Equipose.Result result = running.end();
        assertThat(result.code()).as(result.toString()).isZero();
        assertSame(run);
        System.out.println(
                "killed " + inCheckpoint + " times at a checkpoint, " + inEvaluation + " times at an evaluation");
        assertThat(inCheckpoint).isPositive();
        assertThat(inEvaluation).isPositive();
    }

    @Test
    void twentyDamagedCheckpointsAreRefusedByName() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path copy = folder.resolve("damaged");
        try (Stream<Path> files = Files.walk(good.folder())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(good.folder().relativize(file)));
            }
        }
        Path newest = copy.resolve("checkpoints").resolve(good.checkpoints().get(1));
        byte[] whole = Files.readAllBytes(newest);
        List<String[]> verbs = List.of(
                new String[] {"--resume", "damaged", "--epochs", "13"},
                new String[] {"evaluate", "--run", "damaged"},
                new String[] {"sample", "--run", "damaged"});
        for (int i = 0; i < DAMAGES; i++) {
            byte[] bad = whole.clone();
            if (i % 2 == 0) {
                bad = Arrays.copyOf(whole, random.nextInt(whole.length));
            } else {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(newest, bad);
            Equipose.Result result = equipose.run(verbs.get(i % verbs.size()));
            assertThat(result.code()).as(result.toString()).isEqualTo(2);
            assertThat(result.complaints())
                    .containsExactly("error: the checkpoint damaged/checkpoints/" + newest.getFileName()
                            + " is damaged: its content does not match the digest in its name;"
                            + " to go on from step 44, delete or move this file");
        }
        Files.delete(newest);
        equipose.succeed("--resume", "damaged", "--epochs", "12");
        assertSame(new Run(copy));
        System.out.println(DAMAGES + " damaged checkpoints refused");
    }

    @Test
    void disksOfManySizes() throws Exception {
        SmallDisk.assumePossible();
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < DISKS; i++) {
            // All that a run of thirty epochs writes takes about 8 MB.
            int kilobytes = 8 + random.nextInt(i % 2 == 0 ? 1000 : 5000);
            String saved = "saved-" + i;
            Equipose.Result result =
                    SmallDisk.of(equipose, folder, kilobytes, "", saved).run(words("disk/run"));
            Run run = new Run(folder.resolve(saved).resolve("run"));
            if (result.code() == 0) {
                outcomes.add(kilobytes + " kB: enough");
            } else {
                assertThat(result.code()).as(result.toString()).isEqualTo(2);
                // A log that cannot be written is a warning beside the error.
                assertThat(result.complaints().stream()
                                .filter(line -> !line.startsWith("warning: cannot write disk/run/train.log")))
                        .as(result.toString())
                        .singleElement()
                        .asString()
                        .startsWith("error: cannot write ")
                        .contains("No space left on device");
                outcomes.add(kilobytes + " kB: step " + (Files.exists(run.folder()) ? run.step() : -1));
                if (Files.exists(run.folder())) {
                    equipose.succeed("--resume", saved + "/run");
                } else {
                    equipose.succeed(words(saved + "/run"));
                }
            }
            assertSame(run);
        }
        System.out.println("full disks: " + outcomes);
    }

    @Test
    void littleNativeMemory() throws Exception {
        String[] large = {"--hidden", "2000,2000", "--epochs", "3", "--eval", "none"};
        equipose.succeed(words("large", large));
        Map<Integer, Integer> codes = new TreeMap<>();
        for (int i = 0; i < MEMORIES; i++) {
            int kilobytes = 4_000_000 + i * 300_000;
            String name = "large-" + i;
            Equipose.Result result = equipose.with("EQUIPOSE_JAVA_OPTS", "-Xmx1g -Xms16m -XX:-CreateCoredumpOnCrash")
                    .under("ulimit -c 0 && ulimit -v " + kilobytes + " && exec \"$@\"")
                    .run(words(name, large));
            codes.merge(result.code(), 1, Integer::sum);
            // 134 and 139: TensorFlow's own code has ended the process, and nobody could say anything.
            assertThat(result.code()).as(result.toString()).isIn(0, 2, 134, 139);
            if (result.code() == 2) {
                assertThat(result.complaints())
                        .as(result.toString())
                        .singleElement()
                        .asString()
                        .contains("memory", "error: ");
            }
            if (Files.exists(folder.resolve(name))) {
                equipose.succeed("--resume", name);
            } else {
                equipose.succeed(words(name, large));
            }
            LongTraining.assertSame(new Run(folder.resolve(name)), new Run(folder.resolve("large")));
        }
        Equipose.Result impossible = equipose.run(words("impossible", "--hidden", "200000,200000"));
        assertThat(impossible.code()).as(impossible.toString()).isEqualTo(2);
        assertThat(impossible.complaints())
                .singleElement()
                .asString()
                .startsWith("error: the parameters of this model cannot be made; smaller layers may help: ");
        System.out.println("exit codes where native memory was short: " + codes);
    }

    @Test
    void twoProcessesAtOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        int refused = 0;
        for (int i = 0; i < RACES; i++) {
            String name = "race-" + i;
            Run run = new Run(folder.resolve(name));
            Equipose.Running first = equipose.start(words(name));
            assertThat(await(first, () -> run.step() > 0)).isTrue();
            first.kill();
            first.end();
            List<Equipose.Running> both = new ArrayList<>();
            for (int j = 0; j < 2; j++) {
                both.add(equipose.start("--resume", name));
                Thread.sleep(random.nextInt(0, 500));
            }
            for (Equipose.Running running : both) {
                Equipose.Result result = running.end();
                assertThat(result.code()).as(result.toString()).isIn(0, 2);
                if (result.code() == 2) {
                    assertThat(result.complaints())
                            .singleElement()
                            .asString()
                            .startsWith("error: another training is writing to " + name + " (process ");
                    refused++;
                }
            }
            assertSame(run);
        }
        System.out.println("of " + RACES + " races one was refused in " + refused);
        assertThat(refused).isBetween(1, RACES);
    }
}
