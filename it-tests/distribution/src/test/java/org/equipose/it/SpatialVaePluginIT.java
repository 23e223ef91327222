package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every model, transform and pose prior of spatial-vae, chosen on the command line. */
class SpatialVaePluginIT {
    private static final String JAR = "equipose-plugin-spatial-vae-" + Equipose.VERSION + ".jar";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "model, tvae, model.tvae.canvas",
        "model, vae, model.vae.latent-dim",
        "transform, affine, Vivé 2017",
        "transform, affine5, Vivé 2017",
        "transform, none, NoTransform",
        "transform, tps, transform.tps.grid-size",
        "prior, diagonal, pose-prior.diagonal.scale",
        "prior, none, Vivé 2017",
    })
    void isListedAndDescribed(String kind, String name, String part) {
        Equipose equipose = Equipose.in(folder);
        assertThat(equipose.succeed("list", kind).out().lines())
                .anySatisfy(line -> assertThat(line)
                        .matches("  " + name + " +\\S.* org.equipose.plugin.spatialvae@" + Equipose.VERSION + " "
                                + JAR));
        assertThat(equipose.succeed("describe", kind, name).out())
                .startsWith(kind + " " + name + ": ")
                .contains("  module   org.equipose.plugin.spatialvae@" + Equipose.VERSION + "\n", JAR + "\n", part);
    }

    @Test
    void aPosedModelLeavesACompleteRun() throws IOException {
        Equipose.Result result = Equipose.in(folder)
                .succeed(Equipose.tiny(
                        "--model",
                        "tvae",
                        "--transform",
                        "affine",
                        "--pose-prior",
                        "diagonal",
                        "--canvas",
                        "32",
                        "--border",
                        "zero",
                        "--samples",
                        "2",
                        "--beta",
                        "0.5",
                        "--warmup",
                        "6",
                        "--pictures-every",
                        "1",
                        "--set",
                        "evaluator.reconstruction.columns=5",
                        "--set",
                        "evaluator.samples.side=3",
                        "--out",
                        "runs"));
        Run run = Run.only(folder.resolve("runs/strokes-tvae-affine"));
        assertThat(result.out())
                .startsWith("tvae on strokes with transform affine and pose prior diagonal, objective elbo, seed 1, ")
                .contains("400 training, 40 validation and 60 test images of 28×28×1, targets grey\n")
                .contains("epoch 2, step 8; nats per image\n")
                .endsWith("run directory\n  runs/strokes-tvae-affine/"
                        + run.folder().getFileName() + "\n");
        assertThat(result.complaints()).isEmpty();
        assertThat(run.names(""))
                .filteredOn(name -> !name.startsWith("events.out.tfevents."))
                .containsExactly(
                        ".lock",
                        "checkpoints",
                        "config.yaml",
                        "evaluation",
                        "manifest.json",
                        "metrics.csv",
                        "reconstructions",
                        "samples",
                        "timing.csv",
                        "train.log");
        assertThat(run.names(""))
                .filteredOn(name -> name.startsWith("events.out.tfevents."))
                .hasSize(1);
        assertThat(run.columns().keySet())
                .containsExactly(
                        "epoch",
                        "step",
                        "train/loss",
                        "train/elbo",
                        "train/reconstruction",
                        "train/kl_z",
                        "train/kl_u",
                        "val/elbo",
                        "val/reconstruction",
                        "val/kl_z",
                        "val/kl_u");
        assertThat(run.columns().get("step")).containsExactly(4, 8);
        assertThat(run.columns().get("train/elbo")[1])
                .isGreaterThan(run.columns().get("train/elbo")[0]);
        assertThat(run.checkpoints()).hasSize(2).allMatch(name -> name.matches("step-0000000[48]-[0-9a-f]{16}.npz"));
        assertThat(run.config())
                .containsEntry("model.tvae.canvas", "32")
                .containsEntry("objective.elbo.samples", "2")
                .containsEntry("objective.elbo.beta", "0.5")
                .containsEntry("objective.elbo.warmup", "6")
                .containsEntry("pose-prior.diagonal.scale", "0.2");
        assertThat(run.names("samples")).containsExactly("epoch-001.png", "epoch-002.png");
        assertThat(run.picture("reconstructions/epoch-001.png").getHeight()).isEqualTo(200);
        assertThat(run.picture("reconstructions/epoch-002.png").getWidth()).isEqualTo(712);
        assertThat(run.picture("samples/epoch-002.png").getWidth()).isEqualTo(1012);
        // Three rows: input, canvas, output. Two grids of three columns, and one column between them.
        assertThat(run.picture("evaluation/reconstruction.png").getWidth()).isEqualTo(132 + 5 * 58);
        assertThat(run.picture("evaluation/reconstruction.png").getHeight()).isEqualTo(26 + 3 * 58);
        assertThat(run.picture("evaluation/samples.png").getHeight()).isEqualTo(56 + 3 * 58);
        double elbo = run.measure("reconstruction", "elbo");
        assertThat(elbo)
                .isBetween(-600.0, -100.0)
                .isCloseTo(
                        -run.measure("reconstruction", "reconstruction")
                                - run.measure("reconstruction", "kl_z")
                                - run.measure("reconstruction", "kl_u"),
                        org.assertj.core.api.Assertions.within(1e-3));
        assertThat(run.evaluation("samples").get("pictures").get(0).asText()).isEqualTo("samples.png");
        assertThat(run.manifest().get("dataset").get("train").get("images").asInt())
                .isEqualTo(400);
        assertThat(run.manifest().get("threads").asInt()).isPositive();
        assertThat(run.manifest().get("command_line").get(0).asText()).isEqualTo("--dataset");
        assertThat(run.manifest().get("plugins")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "affine5, none, edge, threshold, adadelta, exponential, 28",
        "tps, standard, learned, fixed, sgd, halving, 24",
        "tps, diagonal, edge, dynamic, adam, constant, 40",
    })
    void everyTransformPriorAndBorderTrains(
            String transform,
            String prior,
            String border,
            String targets,
            String optimizer,
            String schedule,
            String canvas)
            throws IOException {
        Equipose.in(folder)
                .succeed(Equipose.tiny(
                        "--transform",
                        transform,
                        "--pose-prior",
                        prior,
                        "--border",
                        border,
                        "--targets",
                        targets,
                        "--optimizer",
                        optimizer,
                        "--lr-schedule",
                        schedule,
                        "--lr-epochs",
                        "1",
                        "--canvas",
                        canvas,
                        "--clip-norm",
                        "20",
                        "--run-dir",
                        "run"));
        Run run = new Run(folder.resolve("run"));
        // Without a proper prior there is no bound of the evidence, only one for the pose that was found.
        boolean proper = !prior.equals("none");
        assertThat(run.columns().keySet())
                .containsExactly(
                        "epoch",
                        "step",
                        "train/loss",
                        proper ? "train/elbo" : "train/elbo_given_pose",
                        "train/reconstruction",
                        "train/kl_z",
                        "train/kl_u",
                        proper ? "val/elbo" : "val/elbo_given_pose",
                        "val/reconstruction",
                        "val/kl_z",
                        "val/kl_u");
        assertThat(run.columns().get("train/kl_u")[1] == 0).isEqualTo(!proper);
        assertThat(run.config())
                .containsEntry("transform", transform)
                .containsEntry("pose-prior", prior)
                .containsEntry("targets", targets)
                .containsEntry("optimizer", optimizer)
                .containsEntry("lr-schedule", schedule)
                .containsEntry("clip-norm", "20.0")
                .containsEntry("model.tvae.border", border)
                .containsEntry("model.tvae.canvas", canvas);
        assertThat(run.measure("reconstruction", "reconstruction_at_mean")).isFinite();
        assertThat(run.picture("evaluation/samples.png").getWidth()).isEqualTo(26 + 21 * 58);
    }

    @Test
    void theModelWithoutAPose() throws IOException {
        Equipose.Result result =
                Equipose.in(folder).succeed(Equipose.tiny("--model", "vae", "--transform", "none", "--run-dir", "run"));
        assertThat(result.out()).startsWith("vae on strokes, objective elbo, seed 1, ");
        Run run = new Run(folder.resolve("run"));
        assertThat(run.columns().keySet())
                .containsExactly(
                        "epoch",
                        "step",
                        "train/loss",
                        "train/elbo",
                        "train/reconstruction",
                        "train/kl_z",
                        "val/elbo",
                        "val/reconstruction",
                        "val/kl_z");
        assertThat(run.config()).containsEntry("transform", "none").doesNotContainKey("pose-prior");
        // Two rows, as there is no canvas; one grid, as there is no pose.
        assertThat(run.picture("evaluation/reconstruction.png").getHeight()).isEqualTo(26 + 2 * 58);
        assertThat(run.picture("evaluation/samples.png").getWidth()).isEqualTo(26 + 10 * 58);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vive2017/fig5-vae", "vive2017/fig5-tvae-affine", "vive2017/fig5-tvae-tps"})
    void thePresetsTrain(String preset) throws IOException {
        Equipose.in(folder)
                .succeed(Equipose.tiny("--preset", preset, "--epochs", "1", "--eval", "none", "--run-dir", "run"));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.columns().get("train/reconstruction")).hasSize(1);
        assertThat(run.config()).containsEntry("optimizer", "adadelta").containsEntry("epochs", "1");
    }
}
