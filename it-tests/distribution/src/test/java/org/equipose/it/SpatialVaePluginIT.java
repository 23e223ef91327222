package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every model, transform and pose prior of spatial-vae, chosen on the command line. */
class SpatialVaePluginIT extends PluginContract {
    private static final String JAR = jar("spatial-vae");

    @TempDir
    Path folder;

    private static final String DOTS = """
            package example.dots;

            import jakarta.inject.Named;
            import java.util.Optional;
            import java.util.Random;
            import org.equipose.core.data.DataContext;
            import org.equipose.core.data.DataSets;
            import org.equipose.core.data.ImageSpec;
            import org.equipose.core.data.Split;
            import org.equipose.core.spi.DataSource;

            /** One dot, somewhere. */
            @Named("dots")
            public final class Dots implements DataSource {
                public Dots() {}

                @Override
                public DataSets open(DataContext context) {
                    Random random = new Random(context.seed());
                    return new DataSets(split(random, 60), split(random, 20));
                }

                private static Split split(Random random, int count) {
                    ImageSpec spec = new ImageSpec(12, 12, 1);
                    byte[] pixels = new byte[count * spec.size()];
                    for (int i = 0; i < count; i++) {
                        int at = i * spec.size() + (2 + random.nextInt(8)) * 12 + 2 + random.nextInt(8);
                        for (int shift : new int[] {0, 1, 12, 13}) {
                            pixels[at + shift] = (byte) 255;
                        }
                    }
                    return new Split(spec, pixels, Optional.empty(), Optional.empty());
                }
            }
            """;

    @Override
    String plugin() {
        return "spatial-vae";
    }

    @Override
    Map<String, String> choices() {
        String affine = "--transform affine --pose-prior diagonal --border edge --targets dynamic --canvas 40";
        String point = "--transform affine5 --pose-prior none --border edge --targets threshold --canvas 28"
                + " --optimizer adadelta --lr-schedule exponential --lr-epochs 1";
        String plain = "--model vae --transform none";
        String twice = "--model dtvae --transform affine+tps --canvas 32 --samples 2 --set model.dtvae.pose-bound=0.5";
        return Map.ofEntries(
                Map.entry("model dtvae", twice),
                Map.entry("model tvae", affine),
                Map.entry("model vae", plain),
                Map.entry("prior diagonal", affine),
                Map.entry("prior full", "--pose-prior full --set pose-prior.full.rank=3"),
                Map.entry("prior identity", "--transform tps --pose-prior identity"),
                Map.entry("prior mlp", "--transform affine5 --pose-prior mlp --set pose-prior.mlp.hidden=8"),
                Map.entry("prior none", point),
                Map.entry("transform affine", affine),
                Map.entry("transform affine5", point),
                Map.entry("transform homography", "--transform homography --border learned --clip-norm 20"),
                Map.entry("transform none", plain),
                Map.entry("transform similarity", "--transform similarity --pose-prior none --canvas 20"),
                Map.entry(
                        "transform tps",
                        "--transform tps --pose-prior standard --border learned --targets fixed --canvas 24"
                                + " --optimizer sgd --lr-schedule halving --lr-epochs 1 --clip-norm 20"),
                Map.entry("transform translation", "--transform translation --border zero"));
    }

    @Override
    Map<String, String> descriptions() {
        return Map.ofEntries(
                Map.entry("model dtvae", "localisation (dense.hidden=128)"),
                Map.entry("model tvae", "model.tvae.canvas"),
                Map.entry("model vae", "model.vae.latent-dim"),
                Map.entry("transform affine", "Vivé 2017"),
                Map.entry("transform affine5", "Vivé 2017"),
                Map.entry("transform homography", "Homography"),
                Map.entry("transform none", "NoTransform"),
                Map.entry("transform similarity", "Similarity"),
                Map.entry("transform tps", "transform.tps.grid-size"),
                Map.entry("transform translation", "Translation"),
                Map.entry("prior diagonal", "pose-prior.diagonal.scale"),
                Map.entry("prior full", "pose-prior.full.rank"),
                Map.entry("prior identity", "pose-prior.identity.scale"),
                Map.entry("prior mlp", "pose-prior.mlp.hidden"),
                Map.entry("prior none", "Vivé 2017"));
    }

    @Override
    void check(Run run, Equipose.Result result) throws IOException {
        boolean posed = !run.components().contains("model vae");
        // Without a proper prior there is no bound of the evidence, only one for the pose that was found.
        boolean point = run.components().contains("prior none");
        boolean undone = run.components().contains("model dtvae");
        List<String> columns = new ArrayList<>(List.of("epoch", "step", "train/loss"));
        for (String split : List.of("train", "val")) {
            columns.add(split + "/elbo" + (point ? "_given_pose" : ""));
            columns.add(split + "/reconstruction");
            columns.add(split + "/kl_z");
            if (posed) {
                columns.add(split + "/kl_u");
            }
            if (undone) {
                columns.add(split + "/floored_determinants_share_of_images");
                columns.add(split + "/inverse_residual_half_widths");
            }
        }
        assertThat(run.columns().keySet()).containsExactlyElementsOf(columns);
        if (posed) {
            assertThat(run.columns().get("train/kl_u")[1] == 0).isEqualTo(point);
            assertThat(result.out())
                    .startsWith((undone ? "dtvae" : "tvae") + " on strokes with transform "
                            + run.config().get("transform") + " and pose prior "
                            + run.config().get("pose-prior") + ", objective elbo, seed 1, ");
        } else {
            assertThat(run.config()).containsEntry("transform", "none").doesNotContainKey("pose-prior");
            assertThat(result.out()).startsWith("vae on strokes, objective elbo, seed 1, ");
        }
        if (undone) {
            assertThat(run.config())
                    .containsEntry("transform", "affine+tps")
                    .containsEntry("transform.tps.inverse-nodes", "4")
                    .containsEntry("localisation.dense.hidden", "128")
                    .containsEntry("encoder.dense.hidden", "12");
            assertThat(run.measure("reconstruction", "floored_determinants")).isZero();
            assertThat(run.measure("reconstruction", "inverse_residual")).isBetween(0.0, 1e-3);
        }
        // With a pose there is a row for the canvas, one more for the corrected image, and a second grid for the drawn
        // or
        // the mean pose.
        assertThat(run.picture("evaluation/reconstruction.png").getHeight())
                .isEqualTo(26 + (undone ? 4 : posed ? 3 : 2) * 58);
        assertThat(run.picture("evaluation/samples.png").getWidth()).isEqualTo(26 + (posed ? 21 : 10) * 58);
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
                .contains("epoch 2, step 8; nats per image, or the unit a name ends with\n")
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
        List<String> timing = Files.readAllLines(run.folder().resolve("timing.csv"));
        int cpu = List.of(timing.get(0).split(",", -1)).indexOf("cpu_seconds");
        assertThat(timing).hasSize(3);
        assertThat(Double.parseDouble(timing.get(2).split(",", -1)[cpu])).isPositive();
        assertThat(Files.readString(run.folder().resolve("train.log"))).contains("first step made");
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
        String[] jars = Equipose.distribution().resolve("plugins").toFile().list();
        assertThat(run.manifest().get("plugins")).hasSameSizeAs(jars);
    }

    /** Without datasets, whose place somebody else's jar takes, and with everything else. */
    @Test
    void trainsWithNoOtherPluginThanStandard() throws IOException {
        Path home = Copy.ofDistribution(
                folder.resolve("equipose"), name -> name.equals(JAR) || name.equals(jar("standard")));
        PluginJar.build(
                home.resolve("plugins/dots.jar"),
                Map.of(
                        "module-info.java",
                        PluginJar.module("example.dots", "DataSource", "example.dots.Dots"),
                        "Dots.java",
                        DOTS));
        Equipose alone = Equipose.in(folder).at(home);
        String listed = alone.succeed("list").out();
        assertThat(components(listed, JAR)).isEqualTo(choices().keySet());
        assertThat(components(listed, "dots.jar")).containsExactly("dataset dots");
        assertThat(listed).doesNotContain("problems\n", jar("datasets"));
        String[] words = ("--dataset dots --transform similarity --hidden 8 --latent-dim 2 --epochs 2 --batch-size 20"
                        + " --validation 10 --run-dir run")
                .split(" ", -1);
        alone.succeed(words);
        Run run = new Run(folder.resolve("run"));
        assertThat(run.components()).contains("dataset dots", "model tvae", "transform similarity", "prior diagonal");
        assertThat(run.columns().get("val/elbo")).hasSize(2);
        assertThat(run.measure("reconstruction", "elbo")).isBetween(-144.0, 0.0);
        run.picture("evaluation/samples.png");
        assertThat(run.manifest().get("plugins")).hasSize(3);

        // The data set that is chosen when none is named is not there.
        assertThat(alone.run("--transform affine".split(" ", -1)).complaints())
                .containsExactly("error: unknown dataset 'mnist'; available: dots");
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
