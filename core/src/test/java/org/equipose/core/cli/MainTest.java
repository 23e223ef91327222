package org.equipose.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.RunSettings;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.plugins.DemoPlugin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
    @TempDir
    private static Path folder;

    private static Path plugins;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void makePlugins() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
        DemoPlugin.write(plugins.resolve("demo.jar"));
        Files.writeString(plugins.resolve("broken.jar"), "no zip");
    }

    @Test
    void helpsWithEveryVerb() {
        assertThat(run("--help")).isZero();
        assertThat(out()).contains("train", "list", "describe", "data");
        assertThat(run("help", "train")).isZero();
        String help = out();
        new SettingsBinder<>(RunSettings.class)
                .keys()
                .forEach(key -> assertThat(help).contains("--" + key.name() + "="));
        assertThat(help).contains("learning rate; default: 0.001", "(default: 100)", "--latent-dim", "--resume");
        assertThat(run("--transform", "tps", "--help")).isZero();
        assertThat(out()).isEqualTo(help);
        assertThat(err()).isEmpty();
    }

    @Test
    void tellsVersions() {
        assertThat(run("--version")).isZero();
        assertThat(out()).contains("Equipose ", "TensorFlow Java 1", "Java " + Runtime.version());
    }

    @Test
    void listsComponentsAndProblems() {
        assertThat(run("list", "--plugins", plugins.toString())).isZero();
        assertThat(out()).contains("tps", "a transform", "demo.jar", "objective", "problems\n  broken.jar: ");
        assertThat(run("list", "transforms", "--plugins", plugins.toString())).isZero();
        assertThat(out()).contains("tps").doesNotContain("elbo");
        assertThat(run("list", "tranform")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: unknown kind 'tranform'; did you mean 'transform'?\n");
    }

    @Test
    void describesComponents() {
        assertThat(run("describe", "tps", "--plugins", plugins.toString())).isZero();
        assertThat(out())
                .startsWith("transform tps: a transform\n")
                .contains("Nobody 1999", "transform.tps.grid-size", "points a side; a whole number; default: 3");
        assertThat(run("describe", "pose-prior", "diagonal", "--plugins", plugins.toString()))
                .isZero();
        assertThat(out()).startsWith("prior diagonal");
        assertThat(run("describe", "dense", "--plugins", plugins.toString())).isZero();
        assertThat(out()).contains("encoder dense", "decoder dense", "encoder.dense.hidden");
        assertThat(run("describe", "tpz", "--plugins", plugins.toString())).isEqualTo(2);
        assertThat(err()).isEqualTo("error: there is no component 'tpz'; did you mean 'tps'?\n");
        assertThat(run("describe")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: say which: [KIND] NAME\n");
    }

    @Test
    void printsAScriptForCompletion() {
        assertThat(run("completion", "bash", "--plugins", plugins.toString())).isZero();
        String script = out();
        assertThat(script)
                .contains(
                        "transform_option_args=(\"affine\" \"tps\")",
                        "optimizer_option_args=(\"adadelta\" \"adam\" \"sgd\")",
                        "'--localisation'",
                        "'--batch-size'",
                        "complete -F _complete_run_sh -o default run.sh\n");
        assertThat(run("completion", "zsh", "--plugins", plugins.toString())).isZero();
        assertThat(out()).isEqualTo(script);
        assertThat(run("completion", "fish")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: cannot complete in fish; available: bash, zsh\n");
        assertThat(run("help", "completion")).isZero();
        assertThat(out()).contains("source <(./run.sh completion bash)");
    }

    @Test
    void reportsEveryMistakeOfACommandLine() {
        assertThat(run(
                        "--batch-siz",
                        "10",
                        "--epochs",
                        "ten",
                        "--set",
                        "nonsense",
                        "--transform",
                        "tpz",
                        "stray",
                        "--preset",
                        "x",
                        "--plugins",
                        plugins.toString()))
                .isEqualTo(2);
        assertThat(err().lines())
                .anySatisfy(line ->
                        assertThat(line).isEqualTo("error: unknown option '--batch-siz'; did you mean '--batch-size'?"))
                .contains(
                        "error: epochs must be a whole number but was 'ten'",
                        "error: --set needs key=value but got 'nonsense'",
                        "error: unknown transform 'tpz'; did you mean 'tps'?",
                        "error: unexpected argument 'stray'")
                .anySatisfy(line -> assertThat(line).startsWith("error: there are no presets here"))
                .anySatisfy(line -> assertThat(line).startsWith("  (a plugin cannot be used: broken.jar"));
        assertThat(out()).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("trian")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: unknown verb 'trian'; did you mean 'train'?\n");
        assertThat(run("list", "--plugin", "x")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: unknown option '--plugin'; did you mean '--plugins'?\n");
        assertThat(run("list", "model", "encoder")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: unexpected argument 'encoder'\n");
        assertThat(run("--epochs", "1", "--set", "epochs=2")).isEqualTo(2);
        assertThat(err()).contains("error: epochs is given twice on the command line");
        assertThat(run("--epochs")).isEqualTo(2);
        assertThat(err()).contains("--epochs");
        assertThat(run("--resume", folder.toString(), "--config", "x.yaml")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: " + folder + " is not a run directory: config.yaml is missing\n");
    }

    @Test
    void layersFileAndCommandLine() throws IOException {
        Path file = Files.writeString(
                folder.resolve("run.yaml"),
                "epochs: 7\ntransform: tps\ntransform.tps: {grid-size: 4}\nbatch-size: 5\n");
        Preparation preparation =
                prepare("--config", file.toString(), "--epochs", "5", "--epochs", "3", "--localisation", "conv");
        assertThat(preparation.settings().epochs()).isEqualTo(3);
        assertThat(preparation.settings().batchSize()).isEqualTo(5);
        assertThat(preparation.selection().effective())
                .containsEntry("transform.tps.grid-size", "4")
                .containsEntry("localisation", "conv");
        assertThat(preparation.places().name()).isEqualTo("mnist-tvae-tps");
        assertThat(preparation.places().out()).isEqualTo(Path.of("runs"));
        assertThat(preparation.warnings()).hasSize(1);

        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), preparation.configuration());
        Preparation again = Preparation.ofRun(run, arguments("--batch-size", "6"));
        assertThat(again.settings().epochs()).isEqualTo(3);
        assertThat(again.settings().batchSize()).isEqualTo(6);
        assertThat(again.places().resume()).contains(run);
        assertThat(prepare("--resume", run.toString()).selection().effective())
                .isEqualTo(preparation.selection().effective());
        assertThat(Map.copyOf(again.selection().effective())).containsEntry("localisation", "conv");
    }

    @Test
    void fetchesAndChecksData() throws IOException {
        assertThat(run("data", "list", "--plugins", plugins.toString())).isZero();
        assertThat(out()).contains("mnist", "digits");
        assertThat(run("data", "check", "mnist", "--set", "dataset.mnist.train=3", "--plugins", plugins.toString()))
                .isZero();
        assertThat(out()).contains("3 training and 2 test images of 2×2×1");
        Path data = folder.resolve("data");
        assertThat(run("data", "check", "--data-dir", data.toString(), "--plugins", plugins.toString()))
                .isZero();
        assertThat(out())
                .contains("mnist", "missing              not here; run.sh describe missing says what it needs");
        Files.createDirectories(data.resolve("missing"));
        assertThat(run("data", "check", "--data-dir", data.toString(), "--plugins", plugins.toString()))
                .isEqualTo(2);
        assertThat(err()).isEqualTo("error: missing: there is no file checked " + data.resolve("missing") + "\n");
        assertThat(run("data", "fetch", "missing", "--data-dir", "d", "--plugins", plugins.toString()))
                .isEqualTo(2);
        assertThat(err()).contains("fetched d/missing");
        assertThat(run("data", "fetch", "--plugins", plugins.toString())).isEqualTo(2);
        assertThat(err()).isEqualTo("error: say which data set to fetch; available: missing, mnist\n");
        assertThat(run("data", "chek")).isEqualTo(2);
        assertThat(err()).isEqualTo("error: cannot chek data; did you mean 'check'?\n");
    }

    @Test
    void namesTheComponentThatThrows() {
        assertThat(run("--set", "transform.affine.grid-size=13", "--plugins", plugins.toString()))
                .isEqualTo(2);
        assertThat(err()).contains("error: transform affine (demo.jar) cannot be built: ", "unlucky");
        assertThat(err()).doesNotContain("\tat ");
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        return new Main(terminal).run(List.of(words));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static Preparation prepare(String... words) {
        return Preparation.of(arguments(words));
    }

    private static Arguments arguments(String... words) {
        CommandSpec spec = CommandSpec.create();
        RunOptions.addTo(spec);
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--plugins", plugins.toString()));
        return Arguments.parse(new CommandLine(spec), all);
    }
}
