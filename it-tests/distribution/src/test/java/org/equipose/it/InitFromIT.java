package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that starts from what another has learned, on other images. */
class InitFromIT {
    private static final String[] OTHER_IMAGES = {
        "--set", "dataset.strokes.seed=2", "--seed", "3", "--optimizer", "adadelta", "--eval", "none"
    };

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Run tuned;

    @BeforeAll
    static void train() {
        equipose = Equipose.in(folder);
        equipose.succeed(Equipose.tiny("--run-dir", "source", "--eval", "none"));
        tune("tuned");
        tuned = new Run(folder.resolve("tuned"));
    }

    private static Equipose.Result tune(String name, String... more) {
        return equipose.succeed(Equipose.tiny(
                Stream.of(List.of("--init-from", "source", "--run-dir", name), List.of(OTHER_IMAGES), List.of(more))
                        .flatMap(List::stream)
                        .toArray(String[]::new)));
    }

    @Test
    void theRunSaysWhereItStartedFromAndRepeatsIt() throws IOException {
        String checkpoint = new Run(folder.resolve("source")).checkpoints().get(1);
        assertThat(tuned.config()).containsEntry("init-from", "source").containsEntry("lr", "1.0");
        assertThat(tuned.manifest().get("init_from").asText())
                .isEqualTo(folder.toRealPath()
                        .resolve("source/checkpoints/" + checkpoint)
                        .toString());
        assertThat(new Run(folder.resolve("source")).manifest().get("init_from").asText())
                .isEmpty();
        Equipose.Result again = equipose.succeed("--config", "tuned/config.yaml", "--run-dir", "again");
        assertThat(again.out()).contains("starting from source/checkpoints/" + checkpoint + "\n");
        assertSame(new Run(folder.resolve("again")));
    }

    @Test
    void itGoesOnFromItsFirstStepWithoutTheOtherRun() throws IOException {
        tune("cut", "--epochs", "1");
        Run cut = new Run(folder.resolve("cut"));
        Files.delete(folder.resolve("cut/checkpoints/" + cut.checkpoints().get(1)));
        assertThat(cut.step()).isZero();
        Files.move(folder.resolve("source"), folder.resolve("gone"));
        try {
            equipose.succeed("--resume", "cut", "--epochs", "2");
        } finally {
            Files.move(folder.resolve("gone"), folder.resolve("source"));
        }
        assertSame(cut);
    }

    @Test
    void aRunThatWasKilledBeforeItsFirstCheckpointStartsFromTheSame() throws IOException {
        Run early = new Run(Files.createDirectory(folder.resolve("early")));
        for (String file : List.of("config.yaml", "manifest.json")) {
            Files.copy(tuned.folder().resolve(file), early.folder().resolve(file));
        }
        String manifest = Files.readString(early.folder().resolve("manifest.json"));
        String checkpoint = new Run(folder.resolve("source")).checkpoints().get(1);
        Files.writeString(
                early.folder().resolve("manifest.json"),
                manifest.replace(checkpoint, "step-00000004-0123456789abcdef.npz"));
        Equipose.Result other = equipose.run("--resume", "early");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.complaints())
                .singleElement()
                .asString()
                .startsWith("error: early was begun from ")
                .endsWith("/step-00000004-0123456789abcdef.npz, but source is at " + checkpoint
                        + " now; begin a new run");
        Files.writeString(early.folder().resolve("manifest.json"), manifest);
        equipose.succeed("--resume", "early");
        assertSame(early);
    }

    @Test
    void whatCannotBeStartedFromIsRefusedInOneMessage() throws IOException {
        copy("source", "empty");
        for (String name : new Run(folder.resolve("empty")).checkpoints()) {
            Files.delete(folder.resolve("empty/checkpoints/" + name));
        }
        copy("source", "damaged");
        Path newest = folder.resolve("damaged/checkpoints/"
                + new Run(folder.resolve("damaged")).checkpoints().get(1));
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
        copy("source", "runs/small");
        Path manifest = folder.resolve("runs/small/manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"height\" : 28", "\"height\" : 20"));

        refused("there is no run directory nowhere", "--init-from", "nowhere");
        refused(
                "there is no checkpoint in empty/checkpoints to start from; train that run first, or name another"
                        + " by --init-from",
                "--init-from",
                "empty");
        refused(
                "the checkpoint damaged/checkpoints/" + newest.getFileName() + " is damaged: its content does not match"
                        + " the digest in its name; to go on from step 4, delete or move this file",
                "--init-from",
                "damaged");
        refused("runs is not a run directory: config.yaml is missing; did you mean runs/small?", "--init-from", "runs");
        refused(
                "the model of runs/small is for images of 20×28×1, but those of strokes are 28×28×1;"
                        + " choose a data set or a run of the same size, or leave out --init-from",
                "--init-from",
                "runs/small");
        refused(
                "restarts must be 1 with init-from but was 2: a restart is another draw of the first parameters",
                "--init-from",
                "source",
                "--restarts",
                "2");
        Equipose.Result itself = equipose.run(Equipose.tiny("--init-from", "source", "--run-dir", "source"));
        assertThat(itself.complaints())
                .containsExactly("error: source exists already; choose another --run-dir, or go on with that run by"
                        + " --resume source");
    }

    @Test
    void anotherModelIsRefusedAndAPartOfOneIsTold() throws IOException {
        String file = "source/checkpoints/"
                + new Run(folder.resolve("source")).checkpoints().get(1);
        refused(
                "the parameters in " + file + " do not fit this model: model/u/mean/weights has shape [12, 6] there and"
                        + " [12, 18] here; model/u/mean/bias has shape [6] there and [18] here;"
                        + " model/u/log-scale/weights has shape [12, 6] there and [12, 18] here; and 3 more;"
                        + " source was trained with transform affine, not tps; do the same here, or leave out --init-from",
                "--init-from",
                "source",
                "--transform",
                "tps");
        Equipose.Result part = tune("part", "--model", "vae", "--epochs", "1", "--seed", "4", "--pictures-every", "9");
        assertThat(part.complaints())
                .containsExactly("warning: this model has no use for some parameters of source: model/u/mean/weights,"
                        + " model/u/mean/bias, model/u/log-scale/weights, and 3 more");
    }

    private static void refused(String message, String... words) {
        String[] all = Stream.concat(Stream.of("--run-dir", "refused"), Stream.of(words))
                .toArray(String[]::new);
        Equipose.Result result = equipose.run(Equipose.tiny(all));
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.complaints()).containsExactly("error: " + message);
        assertThat(folder.resolve("refused")).doesNotExist();
    }

    private static void copy(String from, String to) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(from))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = folder.resolve(to)
                        .resolve(folder.resolve(from).relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void assertSame(Run run) throws IOException {
        assertThat(run.metrics()).isEqualTo(tuned.metrics());
        // Their names hold digests.
        assertThat(run.checkpoints()).isEqualTo(tuned.checkpoints());
    }
}
