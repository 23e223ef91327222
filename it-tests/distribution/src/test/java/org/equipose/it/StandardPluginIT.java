package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks, the bound, the standard prior and the evaluators, chosen on the command line; and the verbs for a trained run. */
class StandardPluginIT extends PluginContract {
    private static final String JAR = jar("standard");

    private static final String CONVOLUTIONS = "--encoder conv --decoder conv";

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Run run;

    @Override
    String plugin() {
        return "standard";
    }

    private static final List<String> EVALUATORS = List.of(
            "calibration",
            "collapse",
            "denoising",
            "judge",
            "latent-scatter",
            "likelihood",
            "linear-svm",
            "pose-recovery",
            "reconstruction",
            "samples",
            "traversal");

    @Override
    Map<String, String> choices() {
        String all = "--encoder dense --decoder dense --code-prior standard --objective elbo --eval "
                + String.join(",", EVALUATORS)
                + " --set evaluator.likelihood.images=20 --set evaluator.likelihood.samples=30";
        Map<String, String> choices = new TreeMap<>();
        List.of("encoder dense", "decoder dense", "prior standard", "objective elbo")
                .forEach(component -> choices.put(component, all));
        EVALUATORS.forEach(evaluator -> choices.put("evaluator " + evaluator, all));
        String convolutions = CONVOLUTIONS + " --eval reconstruction";
        List.of("encoder conv", "decoder conv").forEach(component -> choices.put(component, convolutions));
        String others = "--model vae --objective iwae+100*mmd --samples 3 --eval reconstruction";
        List.of("objective iwae", "objective mmd").forEach(component -> choices.put(component, others));
        return choices;
    }

    @Override
    Set<String> meaningless(String words) {
        return words.startsWith(CONVOLUTIONS) ? Set.of("--hidden") : Set.of();
    }

    @Override
    Map<String, String> descriptions() {
        return Map.ofEntries(
                Map.entry("encoder dense", "encoder.dense.hidden"),
                Map.entry("decoder dense", "decoder.dense.activation"),
                Map.entry("encoder conv", "encoder.conv.channels"),
                Map.entry("decoder conv", "Giannone et al. 2019"),
                Map.entry("prior standard", "StandardPrior"),
                Map.entry("objective elbo", "objective.elbo.beta"),
                Map.entry("objective iwae", "objective.iwae.samples"),
                Map.entry("objective mmd", "Zhao"),
                Map.entry("evaluator linear-svm", "evaluator.linear-svm.folds"),
                Map.entry("evaluator calibration", "evaluator.calibration.draws"),
                Map.entry("evaluator collapse", "evaluator.collapse.columns"),
                Map.entry("evaluator judge", "evaluator.judge.epochs"),
                Map.entry("evaluator latent-scatter", "evaluator.latent-scatter.images"),
                Map.entry("evaluator pose-recovery", "evaluator.pose-recovery.symmetric"),
                Map.entry("evaluator reconstruction", "evaluator.reconstruction.columns"),
                Map.entry("evaluator denoising", "evaluator.denoising.salt-and-pepper"),
                Map.entry("evaluator likelihood", "evaluator.likelihood.samples"),
                Map.entry("evaluator samples", "evaluator.samples.side"),
                Map.entry("evaluator traversal", "evaluator.traversal.steps"));
    }

    @BeforeAll
    static void train() throws IOException {
        equipose = Equipose.in(folder);
        equipose.succeed(
                "--dataset",
                "strokes",
                "--set",
                "dataset.strokes.train=440",
                "--set",
                "dataset.strokes.test=60",
                "--latent-dim",
                "3",
                "--epochs",
                "2",
                "--encoder",
                "dense",
                "--decoder",
                "dense",
                "--code-prior",
                "standard",
                "--pose-prior",
                "standard",
                "--objective",
                "elbo",
                "--eval",
                "reconstruction,samples",
                "--set",
                "encoder.dense.activation=tanh",
                "--set",
                "decoder.dense.activation=softplus",
                "--set",
                "encoder.dense.hidden=9,8",
                "--set",
                "decoder.dense.hidden=7",
                "--name",
                "standard");
        run = Run.only(folder.resolve("runs/standard"));
    }

    /** It brings networks and a bound, but nothing to train and nothing to train on. */
    @Test
    void aloneItIsListedAndSaysWhatIsMissing() throws IOException {
        Equipose alone = equipose.at(Copy.ofDistribution(folder.resolve("alone"), JAR::equals));
        String listed = alone.succeed("list").out();
        assertThat(components(listed, JAR)).isEqualTo(choices().keySet());
        assertThat(listed.lines()).doesNotContain("problems", "model", "dataset");
        assertThat(alone.succeed("describe", "dense").out())
                .startsWith("encoder dense: ")
                .contains("decoder dense: ");
        Equipose.Result result = alone.run("--run-dir", "nothing");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints())
                .containsExactly(
                        "error: unknown dataset 'mnist'; no plugin brings any: put one that does into the folder of plugins",
                        "error: unknown model 'tvae'; no plugin brings any: put one that does into the folder of plugins");
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void trainsWithTheSettingsGiven() throws IOException {
        assertThat(run.config())
                .containsEntry("encoder.dense.activation", "tanh")
                .containsEntry("decoder.dense.activation", "softplus")
                .containsEntry("encoder.dense.hidden", "9,8")
                .containsEntry("decoder.dense.hidden", "7")
                .containsEntry("pose-prior", "standard")
                .containsEntry("code-prior", "standard")
                .containsEntry("eval", "reconstruction,samples");
        assertThat(run.columns().get("val/elbo")).hasSize(2);
        assertThat(run.evaluation("reconstruction").get("evaluator").asText()).isEqualTo("reconstruction");
        JsonNode measure = run.evaluation("reconstruction").get("measures").get(0);
        assertThat(measure.get("name").asText()).isEqualTo("elbo");
        assertThat(measure.get("unit").asText()).isEqualTo("nats per image");
        assertThat(measure.get("split").asText()).isEqualTo("test");
        assertThat(measure.get("interval").get(0).asDouble())
                .isLessThan(measure.get("value").asDouble());
        assertThat(Files.readAllLines(run.folder().resolve("evaluation/reconstruction.csv")))
                .startsWith("name,value,unit,split,protocol,low,high")
                .hasSize(1 + run.evaluation("reconstruction").get("measures").size());
    }

    @Test
    void evaluatesAgainToTheSameNumbers() throws IOException {
        Path file = run.folder().resolve("evaluation/reconstruction.json");
        byte[] before = Files.readAllBytes(file);
        Files.delete(file);
        Equipose.Result result = equipose.succeed(
                "evaluate", "--run", folder.relativize(run.folder()).toString(), "--eval", "reconstruction");
        assertThat(result.out())
                .startsWith("tvae of " + folder.relativize(run.folder()) + " after step 6\n")
                .contains("reconstruction\n");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void readsTheClassFromTheCodeAndOnceFromThePixels() throws IOException {
        Equipose fresh =
                equipose.with("XDG_CACHE_HOME", folder.resolve("fresh-cache").toString());
        String[] words = {"evaluate", "--run", folder.relativize(run.folder()).toString(), "--eval", "linear-svm"};
        assertThat(fresh.succeed(words).err()).contains("linear-svm z 100 %", "linear-svm raw 100 %");
        Path file = run.folder().resolve("evaluation/linear-svm.json");
        byte[] before = Files.readAllBytes(file);
        JsonNode first = run.evaluation("linear-svm").get("measures").get(0);
        assertThat(first.get("name").asText()).isEqualTo("test_accuracy_z");
        assertThat(first.get("unit").asText()).isEqualTo("percent");
        assertThat(first.get("protocol").asText())
                .startsWith("3 posterior means of z, 440 training images, grey targets, C = ");
        // Strokes are told apart by their pixels better than by chance, whatever the model has learned.
        assertThat(run.measure("linear-svm", "test_accuracy_z")).isBetween(0.0, 100.0);
        assertThat(measure("test_accuracy_raw")).isGreaterThan(40);

        Equipose.Result again = fresh.succeed(words);
        assertThat(again.err().lines())
                .anyMatch(line -> line.startsWith("linear-svm raw: from cache, "))
                .anyMatch(line -> line.startsWith("linear-svm pca-3: from cache, "));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private static double measure(String name) throws IOException {
        for (JsonNode measure : run.evaluation("linear-svm").get("measures")) {
            if (measure.get("name").asText().equals(name)) {
                return measure.get("value").asDouble();
            }
        }
        throw new AssertionError("no " + name);
    }

    @Test
    void drawsImages() throws IOException {
        String name = folder.relativize(run.folder()).toString();
        Equipose.Result result = equipose.succeed("sample", "--run", name, "--side", "2", "--draw", "3");
        assertThat(result.out()).endsWith(name + "/samples/draw-3.png\n");
        assertThat(run.picture("samples/draw-3.png").getHeight()).isEqualTo(56 + 2 * 58);
        equipose.succeed("sample", "--run", name, "--side", "2", "--draw", "3", "--file", "same.png");
        equipose.succeed("sample", "--run", name, "--side", "2", "--draw", "4", "--file", "other.png");
        byte[] drawn = Files.readAllBytes(run.folder().resolve("samples/draw-3.png"));
        assertThat(Files.readAllBytes(folder.resolve("same.png"))).isEqualTo(drawn);
        assertThat(Files.readAllBytes(folder.resolve("other.png"))).isNotEqualTo(drawn);
    }

    @Test
    void refusesACheckpointThatIsDamaged() throws IOException {
        Path copy =
                Files.createDirectories(folder.resolve("damaged/checkpoints")).getParent();
        for (String file : new String[] {"config.yaml", "manifest.json"}) {
            Files.copy(run.folder().resolve(file), copy.resolve(file));
        }
        String newest = run.checkpoints().get(1);
        byte[] bytes = Files.readAllBytes(run.folder().resolve("checkpoints").resolve(newest));
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy.resolve("checkpoints").resolve(newest), bytes);
        for (String[] words : new String[][] {
            {"evaluate", "--run", "damaged"}, {"sample", "--run", "damaged"}, {"--resume", "damaged"}
        }) {
            Equipose.Result result = equipose.run(words);
            assertThat(result.code()).as(result.toString()).isEqualTo(2);
            assertThat(result.complaints())
                    .hasSize(1)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("error: the checkpoint damaged/checkpoints/" + newest + " is damaged: ")
                            .endsWith("train again"));
        }
    }
}
