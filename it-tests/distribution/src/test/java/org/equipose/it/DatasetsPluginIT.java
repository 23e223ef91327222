package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data sets, chosen on the command line and looked at with {@code data}; the real digits are in {@link MnistIT}. */
class DatasetsPluginIT extends PluginContract {
    private static final String JAR = jar("datasets");

    @TempDir
    Path folder;

    @Override
    String plugin() {
        return "datasets";
    }

    @Override
    Map<String, String> choices() {
        return Map.of("dataset strokes", ""); // the tiny training is on strokes
    }

    @Override
    Map<String, String> descriptions() {
        return Map.ofEntries(
                Map.entry("dataset amat", "dataset.amat.transposed"),
                Map.entry("dataset cifar10", "dataset.cifar10.grey"),
                Map.entry("dataset fashion-mnist", "FashionMnist"),
                Map.entry("dataset folder", "dataset.folder.channels"),
                Map.entry("dataset idx", "dataset.idx.labels"),
                Map.entry("dataset mnist", "Mnist"),
                Map.entry("dataset npz", "dataset.npz.images"),
                Map.entry("dataset rot-mnist", "dataset.rot-mnist.angle"),
                Map.entry("dataset strokes", "dataset.strokes.turn"));
    }

    @Override
    Map<String, Class<?>> elsewhere() {
        return Map.of(
                "dataset amat", UsersImagesIT.class,
                "dataset cifar10", RealDataIT.class,
                "dataset fashion-mnist", RealDataIT.class,
                "dataset folder", UsersImagesIT.class,
                "dataset idx", UsersImagesIT.class,
                "dataset mnist", MnistIT.class,
                "dataset npz", UsersImagesIT.class,
                "dataset rot-mnist", RealDataIT.class);
    }

    @Test
    void areListedByTheVerbForData() {
        assertThat(Equipose.in(folder)
                        .succeed("data", "list")
                        .out()
                        .lines()
                        .map(line -> "dataset " + line.substring(0, line.indexOf(' '))))
                .containsExactlyInAnyOrderElementsOf(descriptions().keySet());
    }

    @Test
    void strokesAreTheSameEveryTime() throws IOException {
        Equipose equipose = Equipose.in(folder);
        String checked = equipose.succeed("data", "check", "strokes").out();
        assertThat(checked).matches("""
                        strokes +2000 training and 500 test images of 28×28×1, labelled; sha256 [0-9a-f]{16}
                          training +values 0 to 255, mean [0-9.]+; 10 classes of 200 images; sha256 [0-9a-f]{64}
                          test +values 0 to 255, mean [0-9.]+; 10 classes of 50 images; sha256 [0-9a-f]{64}
                        """);
        assertThat(equipose.succeed("data", "fetch", "strokes").out()).isEqualTo(checked);

        equipose.succeed(Equipose.tiny("--set", "dataset.strokes.seed=5", "--eval", "none", "--run-dir", "five"));
        Run run = new Run(folder.resolve("five"));
        assertThat(run.config()).containsEntry("dataset.strokes.seed", "5");
        assertThat(run.manifest().get("dataset").get("name").asText()).isEqualTo("strokes");
        assertThat(run.manifest().get("dataset").get("test").get("images").asInt())
                .isEqualTo(60);
        assertThat(run.manifest().get("image").get("width").asInt()).isEqualTo(28);
        equipose.succeed(Equipose.tiny(
                "--set",
                "dataset.strokes.seed=5",
                "--set",
                "dataset.strokes.turn=0",
                "--eval",
                "none",
                "--run-dir",
                "still"));
        assertThat(new Run(folder.resolve("still"))
                        .manifest()
                        .get("dataset")
                        .get("test")
                        .get("sha256"))
                .isNotEqualTo(run.manifest().get("dataset").get("test").get("sha256"));
    }

    /** Every data set there is, whoever adds one. */
    @Test
    void withoutTheNetworkADataSetOpensOrSaysWhatIsMissing() throws IOException {
        Equipose equipose = Equipose.in(folder);
        for (String component : components(equipose.succeed("list").out(), JAR)) {
            String name = component.replace("dataset ", "");
            Equipose.Result result = equipose.run("data", "check", name, "--data-dir", "data-" + name);
            if (result.code() == 0) {
                assertThat(result.out()).startsWith(name + " ").contains(" training and ", "sha256");
            } else {
                assertThat(result.code()).as(result.toString()).isEqualTo(2);
                assertThat(result.err()).startsWith("error: ").contains(name).doesNotContain("\tat ", "Exception");
                try (Stream<Path> left = Files.exists(folder.resolve("data-" + name))
                        ? Files.walk(folder.resolve("data-" + name))
                        : Stream.empty()) {
                    assertThat(left.filter(Files::isRegularFile)).isEmpty();
                }
            }
        }
    }

    /** With standard there is a network and a bound, but no model. */
    @Test
    void withNoOtherPluginThanStandardAllButTrainingWorks() throws IOException {
        Equipose alone = Equipose.in(folder)
                .at(Copy.ofDistribution(
                        folder.resolve("alone"), name -> name.equals(JAR) || name.equals(jar("standard"))));
        String listed = alone.succeed("list").out();
        assertThat(components(listed, JAR)).contains("dataset strokes", "dataset mnist");
        assertThat(listed.lines()).doesNotContain("problems", "model");
        assertThat(alone.succeed("data", "list").out()).contains("strokes ");
        assertThat(alone.succeed("describe", "strokes").out()).startsWith("dataset strokes: ");
        assertThat(alone.succeed("data", "check", "strokes").out()).startsWith("strokes ");
        Equipose.Result result = alone.run("--dataset", "strokes", "--run-dir", "nothing");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints())
                .containsExactly(
                        "error: unknown model 'tvae'; no plugin brings any: put one that does into the folder of plugins");
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void whatIsNotThereIsSaidWithoutFetching() {
        Equipose.Result result = Equipose.in(folder).run("data", "check", "mnist", "--data-dir", "data");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("error: mnist: train-images-idx3-ubyte is not to be had: fetching is switched off")
                .contains("data/mnist; uncompressed it has 47040016 bytes");
        assertThat(folder.resolve("data/mnist/train-images-idx3-ubyte")).doesNotExist();
    }
}
