package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several trainings from different seeds, of which the best on the validation images is kept. */
class RestartsIT {
    private static final int RESTARTS = 3;
    private static final int STEPS = 60;
    private static final int ATTEMPTS = 5;
    private static final List<String> SETTINGS = List.of(
            "--dataset",
            "strokes",
            "--set",
            "dataset.strokes.train=640",
            "--set",
            "dataset.strokes.test=60",
            "--validation",
            "40",
            "--targets",
            "fixed",
            "--batch-size",
            "30",
            "--hidden",
            "12",
            "--latent-dim",
            "3",
            "--epochs",
            "3",
            "--eval",
            "reconstruction",
            "--seed",
            "5");

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Equipose.Result said;
    private static Run whole;

    @BeforeAll
    static void train() {
        equipose = Equipose.in(folder);
        said = equipose.succeed(words("whole", "--restarts", "3"));
        whole = new Run(folder.resolve("whole"));
    }

    @Test
    void theBestOnTheValidationImagesIsKept() throws IOException {
        List<Map<String, String>> table = table(whole);
        assertThat(table).hasSize(RESTARTS);
        for (int i = 0; i < RESTARTS; i++) {
            Run restart = restart(whole, i + 1);
            assertThat(table.get(i)).containsEntry("restart", Integer.toString(i + 1));
            assertThat(table.get(i))
                    .containsEntry("seed", restart.manifest().get("seed").asText());
            for (String column : List.of("val/elbo", "val/kl_z", "val/kl_u")) {
                assertThat(Double.parseDouble(table.get(i).get(column)))
                        .isEqualTo(restart.columns().get(column)[2]);
            }
        }
        assertThat(table.get(0)).containsEntry("seed", "5");
        assertThat(table.stream().map(row -> row.get("val/elbo")).distinct()).hasSize(RESTARTS);

        Map<String, String> best = table.stream()
                .max(Comparator.comparingDouble(row -> Double.parseDouble(row.get("val/elbo"))))
                .orElseThrow();
        table.forEach(row -> assertThat(row).containsEntry("chosen", row == best ? "true" : "false"));
        Run kept = restart(whole, Integer.parseInt(best.get("restart")));
        for (String file : List.of("metrics.csv", "timing.csv")) {
            assertThat(whole.folder().resolve(file))
                    .hasSameBinaryContentAs(kept.folder().resolve(file));
        }
        for (String below : List.of("checkpoints", "samples", "reconstructions")) {
            assertThat(kept.names(below)).isNotEmpty();
            assertThat(whole.names(below)).containsAll(kept.names(below));
        }
        assertThat(whole.names("").stream().filter(name -> name.startsWith("events.")))
                .containsExactlyElementsOf(kept.names("").stream()
                        .filter(name -> name.startsWith("events."))
                        .toList());
        assertThat(whole.config()).containsEntry("restarts", "3").containsEntry("seed", "5");
        assertThat(kept.folder().resolve("evaluation")).doesNotExist();

        assertThat(said.out())
                .contains("restart 1 of 3, seed 5\n", "restarts; validation images, nats per image\n")
                .containsPattern("\n +" + best.get("restart") + " +" + best.get("seed") + " .*  kept\n");
        assertThat(said.err()).contains("restart 2 of 3 100 %");
    }

    @Test
    void itIsARunLikeAnyOther() throws IOException {
        double elbo = whole.measure("reconstruction", "elbo");
        Files.move(whole.folder().resolve("evaluation"), whole.folder().resolve("before"));
        equipose.succeed("evaluate", "--run", "whole");
        assertThat(whole.measure("reconstruction", "elbo")).isEqualTo(elbo);
        equipose.succeed("sample", "--run", "whole", "--side", "2");
        whole.picture("samples/draw-1.png");
    }

    @Test
    void everyRestartIsARunOfItsOwn() throws IOException {
        equipose.succeed(words("once", "--eval", "none"));
        assertSame(new Run(folder.resolve("once")), restart(whole, 1));
        Run second = restart(whole, 2);
        assertThat(second.config()).containsEntry("restarts", "1").containsEntry("data-seed", "5");
        equipose.succeed("--config", "whole/restart-2/config.yaml", "--set", "eval=none", "--run-dir", "twice");
        assertSame(new Run(folder.resolve("twice")), second);
        // Compared on the same images.
        assertThat(second.manifest().get("dataset")).isEqualTo(whole.manifest().get("dataset"));
    }

    @Test
    void aRunThatWasCutOffEndsWithTheSameBits() throws Exception {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            String name = "killed-" + attempt;
            Run run = new Run(folder.resolve(name));
            List<Integer> codes = new ArrayList<>();
            Equipose.Running running = equipose.start(words(name, "--restarts", "3"));
            // In a training, between two, and while the best is copied.
            for (String until : List.of("restart-1/metrics.csv", "restart-2/config.yaml", "reconstructions")) {
                await(running, run.folder().resolve(until));
                running.kill();
                codes.add(running.end().code());
                running = equipose.start("--resume", name);
            }
            await(running, run.folder().resolve("restarts.csv"));
            Equipose.Result result = running.end();
            assertThat(result.code()).as(result.toString()).isZero();
            assertSame(run, whole);
            assertThat(table(run)).isEqualTo(table(whole));
            for (int i = 1; i <= RESTARTS; i++) {
                assertSame(restart(run, i), restart(whole, i));
            }
            assertThat(run.measure("reconstruction", "elbo")).isEqualTo(whole.measure("reconstruction", "elbo"));
            System.out.println("exit codes " + codes);
            if (codes.subList(0, 2).equals(List.of(137, 137))) {
                extend(name, run);
                return;
            }
        }
        throw new AssertionError("no training was slow enough to be killed");
    }

    /** More epochs for all; then the choice is made again. */
    private static void extend(String name, Run run) throws IOException {
        Equipose.Result fewer = equipose.run("--resume", name, "--epochs", "2");
        assertThat(fewer.complaints())
                .containsExactly("error: epochs must be at least 3, since the run got that far, but was 2;"
                        + " leave out --epochs to finish it as it was planned");
        equipose.succeed("--resume", name, "--epochs", "4");
        assertThat(run.columns().get("epoch")).hasSize(4);
        for (int i = 1; i <= RESTARTS; i++) {
            assertThat(restart(run, i).columns().get("epoch")).hasSize(4);
        }
        Map<String, String> kept = table(run).stream()
                .filter(row -> row.get("chosen").equals("true"))
                .findFirst()
                .orElseThrow();
        assertSame(run, restart(run, Integer.parseInt(kept.get("restart"))));
    }

    @Test
    void aRunThatIsAskedToStopGoesOn() throws Exception {
        Run run = new Run(folder.resolve("stopped"));
        Equipose.Running running = equipose.start(words("stopped", "--restarts", "3", "--epochs", "3"));
        await(running, run.folder().resolve("restart-2/metrics.csv"));
        running.terminate();
        Equipose.Result result = running.end();
        assertThat(result.code()).as(result.toString()).isIn(143, 0);
        if (result.code() == 143) {
            assertThat(result.out())
                    .contains("restart 2 of 3")
                    .containsPattern("\nstopped after step \\d+; to go on: run.sh --resume stopped\n$");
        }
        Equipose.Result again = equipose.succeed("--resume", "stopped");
        assertThat(again.out()).doesNotContain("restart 1 of 3").contains("epoch 3, step " + STEPS);
        assertSame(run, whole);
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        Equipose.Result blind = equipose.run(words("blind", "--restarts", "2", "--validation", "0"));
        assertThat(blind.code()).isEqualTo(2);
        assertThat(blind.complaints())
                .containsExactly("error: restarts are compared on validation images, and there are none:"
                        + " raise --validation, or leave out --restarts");
        assertThat(folder.resolve("blind")).doesNotExist();
        assertThat(equipose.run("--resume", "whole", "--restarts", "4").complaints())
                .containsExactly("error: --resume takes all settings from the run; leave out --restarts");
    }

    @Test
    void aTrainingThatRunsAwayIsLeftOutAndAllOfThemAreToo() {
        Equipose.Result result = equipose.run(words("away", "--restarts", "2", "--lr", "1e38"));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints()).hasSize(3);
        assertThat(result.complaints().get(0)).startsWith("warning: restart 1 failed: training stopped at step ");
        assertThat(result.complaints().get(1)).startsWith("warning: restart 2 failed: training stopped at step ");
        assertThat(result.complaints().get(2)).isEqualTo("error: all 2 restarts failed");
        assertThat(folder.resolve("away/restarts.csv")).doesNotExist();
    }

    private static String[] words(String name, String... more) {
        List<String> words = new ArrayList<>(SETTINGS);
        words.addAll(List.of("--run-dir", name));
        words.addAll(Arrays.asList(more));
        return words.toArray(new String[0]);
    }

    private static Run restart(Run run, int number) {
        return new Run(run.folder().resolve("restart-" + number));
    }

    private static List<Map<String, String>> table(Run run) throws IOException {
        List<String> lines = Files.readAllLines(run.folder().resolve("restarts.csv"));
        String[] names = lines.get(0).split(",");
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            assertThat(cells).hasSameSizeAs(names);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    private static void await(Equipose.Running running, Path file) throws InterruptedException {
        while (running.process().isAlive() && Files.notExists(file)) {
            Thread.sleep(2);
        }
    }

    private static void assertSame(Run run, Run other) throws IOException {
        assertThat(run.metrics()).isEqualTo(other.metrics());
        // Their names hold digests.
        assertThat(run.checkpoints()).isEqualTo(other.checkpoints());
    }
}
