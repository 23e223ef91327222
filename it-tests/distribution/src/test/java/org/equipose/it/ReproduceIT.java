package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reproduce} with a small recipe of one's own: what is there is used, what was cut off goes on, the rest is made. */
class ReproduceIT {
    private static final String RECIPE = """
            title: A small table
            says: a small model learns
            runs:
              small:
                preset: vive2017/fig5-vae
                set:
                  dataset: strokes
                  dataset.strokes.train: 300
                  dataset.strokes.test: 40
                  model.vae.latent-dim: 3
                  encoder.dense.hidden: 8
                  decoder.dense.hidden: 8
                  optimizer: adam
                  epochs: 3
                  test-each-epoch: true
                  evaluator.samples.side: 2
                seeds: [1, 2]
            quick: {epochs: 1}
            rows:
              - {name: error, run: small, measure: reconstruction/reconstruction_at_mean, paper: 500, within: 500}
              - {name: best, run: small, measure: metrics/test/reconstruction_at_mean/least}
            claims:
              - {says: it has an error, larger: error, than: 1, quick: true}
              - {says: it is perfect, larger: "1", than: error}
            pictures:
              - {run: small, evaluator: samples, caption: Samples of the first seed}
            curves:
              - {columns: [train/elbo, train/kl_z], runs: [small], caption: Its course}
            """;

    @TempDir
    private Path folder;

    @Test
    void trainsWhatIsMissingAndUsesWhatIsThere() throws IOException {
        Equipose equipose = Equipose.in(folder);
        Files.writeString(folder.resolve("small.yaml"), RECIPE);
        Equipose.Result first = equipose.succeed("reproduce", "small.yaml", "--threads", "1");
        assertThat(first.out())
                .contains("A small table: 2 trainings\n", "run 2 of 2: reproductions/runs/small-seed2\n")
                .contains("3 epochs of 300 training images, seeds 1, 2, mean ± standard deviation")
                .contains("  holds: it has an error", "  does not hold: it is perfect")
                .endsWith("page\n  reproductions/small.md\n");
        String page = Files.readString(folder.resolve("reproductions/small.md"));
        assertThat(page)
                .contains(
                        "| error | 500.00 | ", "within 500.0", "![Samples of the first seed](small-small-samples.png)");
        assertThat(folder.resolve("reproductions/small-small-samples.png")).isNotEmptyFile();
        assertThat(page).contains("![Its course](small-curves.png)");
        assertThat(new Run(folder.resolve("reproductions"))
                        .picture("small-curves.png")
                        .getWidth())
                .isEqualTo(2 * 400);

        // Gone: an evaluation of one run, and all of the other.
        Run one = new Run(folder.resolve("reproductions/runs/small-seed1"));
        byte[] metrics = Files.readAllBytes(one.folder().resolve("metrics.csv"));
        Files.delete(one.folder().resolve("evaluation/samples.json"));
        Files.move(folder.resolve("reproductions/runs/small-seed2"), folder.resolve("moved"));
        Equipose.Result second = equipose.succeed("reproduce", "small.yaml", "--threads", "1");
        assertThat(second.out())
                .contains("run 1 of 2: reproductions/runs/small-seed1 is there", "small-seed2\n")
                .doesNotContain("small-seed2 is there");
        assertThat(one.folder().resolve("evaluation/samples.json")).exists();
        assertThat(one.folder().resolve("metrics.csv")).hasBinaryContent(metrics);
        assertThat(Files.readString(folder.resolve("reproductions/small.md"))).isEqualTo(page);

        // Cut off between the last line of the metrics and its checkpoint; and other settings of an evaluator.
        Files.delete(newest(one.folder().resolve("checkpoints")));
        byte[] samples = Files.readAllBytes(one.folder().resolve("evaluation/samples.png"));
        Files.writeString(folder.resolve("small.yaml"), RECIPE.replace("samples.side: 2", "samples.side: 3"));
        assertThat(equipose.succeed("reproduce", "small.yaml", "--plan").out()).isEqualTo("""
                        A small table: 2 trainings
                          reproductions/runs/small-seed1 goes on
                          reproductions/runs/small-seed2 is there
                        """);
        Equipose.Result third = equipose.succeed("reproduce", "small.yaml", "--threads", "1");
        assertThat(third.out()).contains("small-seed1 goes on", "small-seed2 is there");
        assertThat(one.folder().resolve("metrics.csv")).hasBinaryContent(metrics);
        assertThat(Files.readAllBytes(one.folder().resolve("evaluation/samples.png")))
                .isNotEqualTo(samples);
        assertThat(one.evaluation("samples")
                        .get("settings")
                        .get("evaluator.samples.side")
                        .asText())
                .isEqualTo("3");

        // What is wrong with any training is said before the first one.
        Files.writeString(folder.resolve("small.yaml"), RECIPE.replace("samples.side: 2", "sampels.side: 2"));
        assertThat(equipose.run("reproduce", "small.yaml", "--to", "elsewhere").complaints())
                .hasSize(1)
                .allMatch(line -> line.contains("sampels"));
        assertThat(folder.resolve("elsewhere")).doesNotExist();

        Files.writeString(folder.resolve("small.yaml"), RECIPE.replace("latent-dim: 3", "latent-dim: 4"));
        Equipose.Result other = equipose.run("reproduce", "small.yaml");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.complaints())
                .containsExactly(
                        "error: reproductions/runs/small-seed1 was made with other settings (model.vae.latent-dim);"
                                + " delete it to train it again, or choose another --to");
    }

    private static Path newest(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    /** Whoever waits for an hour should not learn then that a preset, a setting or an evaluator does not exist. */
    @Test
    void everyRecipeThatComesWithTheProgramCanBeFollowed() {
        Equipose equipose = Equipose.in(folder);
        List<String> names = equipose.succeed("reproduce")
                .out()
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(names).contains("vive2017/table1", "vive2017/fig11", "vive2017/coadaptation");
        for (String name : names) {
            assertThat(equipose.succeed("reproduce", name, "--plan").out())
                    .as(name)
                    .contains("  reproductions/" + name.substring(0, name.indexOf('/')) + "/runs/");
        }
    }

    @Test
    void quicklyTrainsOneSeedForFewEpochs() throws IOException {
        Files.writeString(folder.resolve("small.yaml"), RECIPE);
        Equipose.Result result = Equipose.in(folder).succeed("reproduce", "small.yaml", "--quick", "--to", "here");
        assertThat(result.out())
                .contains("A small table, quick: 1 training", "1 epoch of 300 training images, seed 1\n")
                .doesNotContain("it is perfect");
        assertThat(folder.resolve("here/small-quick.md")).isNotEmptyFile();
        assertThat(new Run(folder.resolve("here/runs/small-seed1-quick1"))
                        .columns()
                        .get("epoch"))
                .containsExactly(1);
    }

    @Test
    void listsWhatThereIsAndNamesWhatThereIsNot() {
        Equipose equipose = Equipose.in(folder);
        assertThat(equipose.succeed("reproduce").out()).contains("vive2017/fig5  Vivé 2017, figure 5");
        Equipose.Result wrong = equipose.run("reproduce", "vive2017/tabel1");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.complaints())
                .containsExactly("error: nothing is known of how to reproduce 'vive2017/tabel1'; did you mean"
                        + " 'vive2017/table1'?; a recipe of your own ends in .yaml");
    }
}
