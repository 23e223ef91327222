package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is a function of its settings: again, from its own configuration, and however often it was cut off. */
class ReproducibleIT {
    private static final long SEED = 20260801;
    private static final int EPOCHS = 8;
    private static final int STEPS_PER_EPOCH = 290;
    private static final int ATTEMPTS = 5;

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Run undisturbed;

    @BeforeAll
    static void trainOnce() throws IOException {
        equipose = Equipose.in(folder);
        undisturbed = train("undisturbed", EPOCHS);
        assertThat(undisturbed.columns().get("epoch")).hasSize(EPOCHS);
        assertThat(undisturbed.step()).isEqualTo((long) EPOCHS * STEPS_PER_EPOCH);
    }

    @Test
    void theSameCommandGivesTheSameBits() throws IOException {
        assertSame(train("again", EPOCHS));
    }

    @Test
    void theConfigurationOfARunRepeatsIt() throws IOException {
        equipose.succeed("--config", undisturbed.folder().resolve("config.yaml").toString(), "--run-dir", "configured");
        Run run = new Run(folder.resolve("configured"));
        assertSame(run);
        assertThat(run.config()).isEqualTo(undisturbed.config());
    }

    @Test
    void anotherSeedGivesOtherNumbers() throws IOException {
        equipose.succeed(words("seeded", 1, "--seed", "2"));
        assertThat(new Run(folder.resolve("seeded")).columns().get("train/elbo")[0])
                .isNotEqualTo(undisturbed.columns().get("train/elbo")[0]);
    }

    @Test
    void aKilledRunGoesOnToTheSameBits() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        // Where this process is halted so long that the training ends first, there is nothing to see.
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String name = "killed-" + attempt;
            Run run = new Run(folder.resolve(name));
            Equipose.Running running = equipose.start(words(name, EPOCHS));
            int kills = 0;
            // Twice, the second time while it goes on after the first.
            for (int rows = random.nextInt(1, 3); kills < 2; rows += random.nextInt(1, 3)) {
                int millis = random.nextInt(0, 150);
                System.out.println("seed " + SEED + ": killed " + millis + " ms after row " + rows);
                if (!LongTraining.awaitRows(running, run, rows)) {
                    break;
                }
                Thread.sleep(millis);
                running.kill();
                if (running.end().code() != 137) {
                    break;
                }
                kills++;
                assertThat(run.step()).isBetween(0L, (long) EPOCHS * STEPS_PER_EPOCH);
                running = equipose.start("--resume", name);
            }
            if (kills == 2) {
                Equipose.Result result = running.end();
                assertThat(result.code()).as(result.toString()).isZero();
                assertSame(run);
                return;
            }
        }
        throw new AssertionError("no training was slow enough to be killed");
    }

    @Test
    void aRunThatIsAskedToStopSavesItsStateAndGoesOn() throws Exception {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String name = "stopped-" + attempt;
            Run run = new Run(folder.resolve(name));
            List<Long> stops = new ArrayList<>();
            Equipose.Running running = equipose.start(words(name, EPOCHS));
            for (int rows = 1; rows <= 5 && LongTraining.awaitRows(running, run, rows); rows += 2) {
                Thread.sleep(60);
                running.terminate();
                Equipose.Result result = running.end();
                // 128 + 15: whoever sent SIGTERM shall see that it was heard.
                assertThat(result.code()).as(result.toString()).isIn(143, 0);
                if (result.code() == 0) {
                    break;
                }
                assertThat(result.out())
                        .endsWith("stopped after step " + run.step() + "; to go on: run.sh --resume " + name + "\n");
                assertThat(result.complaints()).isEmpty();
                stops.add(run.step());
                running = equipose.start("--resume", name);
            }
            System.out.println("stopped after steps " + stops + " of epochs of " + STEPS_PER_EPOCH);
            if (stops.size() >= 2 && stops.stream().anyMatch(step -> step % STEPS_PER_EPOCH != 0)) {
                Equipose.Result result = running.end();
                assertThat(result.code()).as(result.toString()).isZero();
                assertSame(run);
                return;
            }
            running.kill();
            running.end();
        }
        throw new AssertionError("no training was slow enough to be stopped twice");
    }

    @Test
    void aFinishedRunCanBeExtended() throws IOException {
        Run run = train("extended", 3);
        assertThat(run.config()).containsEntry("epochs", "3");
        Equipose.Result fewer = equipose.run("--resume", "extended", "--epochs", "2");
        assertThat(fewer.code()).isEqualTo(2);
        assertThat(fewer.complaints())
                .containsExactly("error: epochs must be at least 3, since the run got that far, but was 2;"
                        + " leave out --epochs to finish it as it was planned");
        assertThat(run.config()).containsEntry("epochs", "3");

        equipose.succeed("--resume", "extended", "--epochs", Integer.toString(EPOCHS), "--threads", "2");
        assertSame(run);
        assertThat(run.config()).isEqualTo(undisturbed.config());
        Equipose.Result nothingToDo = equipose.succeed("--resume", "extended");
        assertThat(nothingToDo.out()).contains("epoch " + EPOCHS + ", step " + EPOCHS * STEPS_PER_EPOCH);
        assertSame(run);
    }

    @Test
    void aRunKilledBeforeItsFirstStepGoesOn() throws IOException {
        Path early = Files.createDirectory(folder.resolve("early"));
        for (String file : List.of("config.yaml", "manifest.json")) {
            assertThat(equipose.run("--resume", "early").code()).isEqualTo(2);
            Files.copy(undisturbed.folder().resolve(file), early.resolve(file));
        }
        equipose.succeed("--resume", "early");
        assertSame(new Run(early));
    }

    @Test
    void whatWouldChangeTheNumbersIsRefused() throws IOException {
        Equipose.Result result = equipose.run(
                "--resume", "undisturbed", "--threads", "3", "--lr", "0.1", "--name", "other", "--set", "seed=2");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints())
                .containsExactlyInAnyOrder(
                        "error: --resume takes all settings from the run; leave out --lr, --name, --set",
                        "error: --threads 3, but the run was begun with 2, and its numbers depend on that to the last bit;"
                                + " leave out --threads");

        Run edited = new Run(Files.createDirectory(folder.resolve("edited")));
        String config = Files.readString(undisturbed.folder().resolve("config.yaml"));
        Files.copy(
                undisturbed.folder().resolve("manifest.json"), edited.folder().resolve("manifest.json"));
        Files.writeString(edited.folder().resolve("config.yaml"), config.replace("threads: 2", "threads: 3"));
        assertThat(equipose.run("--resume", "edited").complaints())
                .containsExactly("error: edited/config.yaml says threads: 3, but the run was begun with 2;"
                        + " put that number back");
        Files.writeString(
                edited.folder().resolve("config.yaml"),
                config.replace("dataset.strokes.seed: 1", "dataset.strokes.seed: 2"));
        assertThat(equipose.run("--resume", "edited").complaints())
                .containsExactly("error: the images of strokes are not those that edited was begun with:"
                        + " their hashes differ");
        assertThat(edited.step()).isEqualTo(-1);
    }

    @Test
    void twoTrainingsDoNotShareARun() throws Exception {
        // As many epochs as it takes: it is killed.
        Equipose.Running running = equipose.start(words("shared", 100_000));
        Run run = new Run(folder.resolve("shared"));
        assertThat(LongTraining.awaitRows(running, run, 1)).isTrue();
        Equipose.Result second = equipose.run("--resume", "shared");
        running.kill();
        assertThat(running.end().code()).isEqualTo(137);
        assertThat(second.code()).isEqualTo(2);
        assertThat(second.complaints())
                .containsExactly("error: another training is writing to shared (process "
                        + running.process().pid() + "); wait for it to end, or stop it");
    }

    private static Run train(String name, int epochs) {
        equipose.succeed(words(name, epochs));
        return new Run(folder.resolve(name));
    }

    private static String[] words(String name, int epochs, String... more) {
        List<String> words = new ArrayList<>(LongTraining.SETTINGS);
        words.addAll(List.of("--epochs", Integer.toString(epochs), "--run-dir", name));
        words.addAll(Arrays.asList(more));
        return words.toArray(new String[0]);
    }

    private static void assertSame(Run run) throws IOException {
        LongTraining.assertSame(run, undisturbed);
    }
}
