package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.equipose.core.data.Damage;
import org.equipose.core.data.Npz;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path run;

    private Path folder;
    private Checkpoints checkpoints;

    @BeforeEach
    void begin() {
        folder = run.resolve("checkpoints");
        checkpoints = new Checkpoints(folder);
    }

    private static Map<String, Npz.Array> state(float value) {
        return Map.of("decoder/fc1/kernel", Npz.Array.of(new float[] {value, 2, 3, 4}, 2, 2));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theNewestIsReadAgain() throws IOException {
        assertThat(checkpoints.latest()).isEmpty();
        checkpoints.write(0, state(0), 2);
        Path file = checkpoints.write(550, state(1), 2);
        assertThat(file.getFileName().toString()).matches("step-00000550-[0-9a-f]{16}\\.npz");
        assertThat(Manifest.sha256(file)).startsWith(file.toString().replaceAll(".*-(.{16})\\.npz", "$1"));
        assertThat(checkpoints.latest()).contains(new Checkpoints.Checkpoint(550, file, state(1)));
    }

    @Test
    void olderOnesArePruned() throws IOException {
        for (int step = 0; step < 5; step++) {
            checkpoints.write(step, state(step), 2);
        }
        assertThat(names()).hasSize(2).element(0).asString().startsWith("step-00000003-");
        checkpoints.write(123_456_789_012L, state(9), 1);
        assertThat(names()).hasSize(1);
        assertThat(checkpoints.latest().orElseThrow().step()).isEqualTo(123_456_789_012L);
    }

    @Test
    void writingAStepAgainReplacesIt() throws IOException {
        checkpoints.write(1, state(1), 2);
        Path same = checkpoints.write(1, state(1), 2);
        assertThat(names()).containsExactly(same.getFileName().toString());
        Path other = checkpoints.write(1, state(2), 2);
        assertThat(names()).containsExactly(other.getFileName().toString());
    }

    @Test
    void ofTwoOfOneStepTheLaterCounts() throws IOException {
        Path first = checkpoints.write(1, state(1), 2);
        byte[] bytes = Files.readAllBytes(first);
        Path second = checkpoints.write(1, state(2), 2);
        for (long seconds : new long[] {100, 300}) {
            Files.write(first, bytes);
            Files.setLastModifiedTime(first, FileTime.fromMillis(seconds * 1000));
            Files.setLastModifiedTime(second, FileTime.fromMillis(200_000));
            assertThat(checkpoints.latest().orElseThrow().file()).isEqualTo(seconds < 200 ? second : first);
        }
    }

    @Test
    void everyFlippedBitAndEveryCutIsRefusedByName() throws IOException {
        checkpoints.write(10, state(1), 2);
        Path newest = checkpoints.write(20, state(2), 2);
        byte[] good = Files.readAllBytes(newest);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            byte[] bad;
            if (i < 500) {
                bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            } else {
                bad = Arrays.copyOf(good, random.nextInt(good.length));
            }
            Files.write(newest, bad);
            assertThatThrownBy(checkpoints::latest)
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessage("the checkpoint " + newest + " is damaged: its content does not match the digest in its"
                            + " name; to go on from step 10, delete or move this file");
        }
        Files.delete(newest);
        assertThat(checkpoints.latest().orElseThrow().step()).isEqualTo(10);
    }

    @Test
    void whereNoOlderOneIsTheMessageSaysSo() throws IOException {
        Path only = checkpoints.write(10, state(1), 2);
        Files.write(only, new byte[] {1});
        assertThatThrownBy(checkpoints::latest).hasMessageEndingWith("there is no other: train again");
    }

    @Test
    void aChangedNameIsNotPassedOver() throws IOException {
        checkpoints.write(10, state(1), 2);
        Path newest = checkpoints.write(20, state(2), 2);
        Path renamed = folder.resolve("step-20.npz");
        Files.move(newest, renamed);
        assertThatThrownBy(checkpoints::latest)
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith(renamed + " is not named as a checkpoint is");
        Files.move(renamed, folder.resolve("step-20.npz.damaged"));
        assertThat(checkpoints.latest().orElseThrow().step()).isEqualTo(10);
    }

    @Test
    void otherContentUnderARightDigestIsRefused() throws IOException {
        Path file = Files.createDirectories(folder).resolve("new");
        Files.writeString(file, "not a zip");
        Path named = folder.resolve("step-00000001-" + Manifest.sha256(file).substring(0, 16) + ".npz");
        Files.move(file, named);
        assertThatThrownBy(checkpoints::latest)
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageContaining(named + " is not a readable .npz file");
    }

    @Test
    void leftoversOfAKilledProcessAreIgnoredAndThenRemoved() throws IOException {
        checkpoints.write(10, state(1), 2);
        Path leftover = Files.write(folder.resolve(".999999999999-1" + AtomicFile.UNFINISHED), new byte[100]);
        assertThat(checkpoints.latest().orElseThrow().step()).isEqualTo(10);
        checkpoints.write(20, state(2), 2);
        assertThat(leftover).doesNotExist();
        assertThat(names()).hasSize(2);
    }

    @Test
    void anEarlierStepIsNotWrittenBesideALaterOne() throws IOException {
        Path later = checkpoints.write(20, state(2), 2);
        assertThatThrownBy(() -> checkpoints.write(10, state(1), 2))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageContaining(later.toString());
        assertThat(names()).hasSize(1);
    }

    @Test
    void aFailureLeavesThePreviousOne() throws IOException {
        Path before = checkpoints.write(10, state(1), 1);
        // A folder under the name of the new file fails for every user, root included.
        Path elsewhere = new Checkpoints(run.resolve("other")).write(20, state(2), 1);
        Path inTheWay =
                Files.createDirectories(folder.resolve(elsewhere.getFileName()).resolve("full"));
        assertThatThrownBy(() -> checkpoints.write(20, state(2), 1))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageContaining("cannot write the checkpoint of step 20 to " + folder);
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        assertThat(checkpoints.latest().orElseThrow().file()).isEqualTo(before);
        assertThat(names()).hasSize(1);
        Path file = Files.writeString(run.resolve("file"), "");
        assertThatThrownBy(() -> new Checkpoints(file).write(0, state(1), 1))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> new Checkpoints(file).latest())
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aClockThatGoesBackDoesNotMakeAnOldStateTheNewest() throws IOException {
        Path first = checkpoints.write(1, state(1), 2);
        Files.setLastModifiedTime(first, FileTime.from(Instant.parse("2099-01-01T00:00:00Z")));
        Path kept = Files.createLink(run.resolve("kept"), first);
        Path second = checkpoints.write(1, state(2), 2);
        assertThat(first).doesNotExist();
        // As if the process had been killed before it could remove the first.
        Files.move(kept, first);
        assertThat(checkpoints.latest().orElseThrow().file()).isEqualTo(second);
    }

    @Test
    void aStepCountsMoreThanTheClock() throws IOException {
        Path late = checkpoints.write(1, state(1), 2);
        Files.setLastModifiedTime(late, FileTime.from(Instant.parse("2099-01-01T00:00:00Z")));
        Path second = checkpoints.write(2, state(2), 2);
        assertThat(checkpoints.latest().orElseThrow().file()).isEqualTo(second);
        assertThat(checkpoints.write(3, state(3), 2)).exists();
        assertThat(late).doesNotExist();
    }

    @Test
    void damageUnderARightDigestIsRefusedOrReadAsWhatItIs() throws IOException {
        Path file = checkpoints.write(1, state(1), 2);
        byte[] good = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(20261121);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            Files.delete(file);
            Path bad = Files.write(folder.resolve("bad"), Damage.of(good, random));
            file = folder.resolve("step-00000001-" + Manifest.sha256(bad).substring(0, 16) + ".npz");
            Files.move(bad, file);
            try {
                assertThat(checkpoints.latest().orElseThrow().file()).isEqualTo(file);
            } catch (RunDirectoryException e) {
                assertThat(e).hasMessageContaining(file.toString());
                refused++;
            }
        }
        assertThat(refused).isBetween(300, 500);
    }
}
