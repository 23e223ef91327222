package org.equipose.core.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.ConfigurationFile;
import org.equipose.core.config.Setting;
import org.equipose.core.data.Damage;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.DemoPlugin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
    /** As people write it. */
    private static final String NESTED = """
            # A comment.
            dataset: mnist
            model: tvae
            transform: "tps"
            epochs: 12
            eval: [reconstruction, samples]
            transform.tps: {grid-size: 4}
            encoder:
              dense:
                hidden:
                - 256
                - 128
            objective:
              elbo: {beta: 1.0e0}
            "lr": &rate 0.01
            """;

    @TempDir
    private static Path plugins;

    private static Catalog catalog;

    @BeforeAll
    static void scan() {
        DemoPlugin.write(plugins.resolve("demo.jar"));
        catalog = Catalog.scan(plugins);
    }

    @Test
    void choosesTheDefaults() {
        Selection selection = select(Map.of());
        assertThat(selection.model().component().name()).isEqualTo("tvae");
        assertThat(selection.dataset().component().name()).isEqualTo("mnist");
        assertThat(selection.objective()).hasToString("elbo");
        assertThat(selection.settings().objective()).isEqualTo("elbo");
        assertThat(selection.evaluators())
                .extracting(part -> part.component().name())
                .containsExactly("reconstruction", "samples");
        assertThat(selection.effective())
                .containsEntry("transform", "affine")
                .containsEntry("transform.affine.grid-size", "3")
                .containsEntry("localisation", "dense")
                .containsEntry("encoder.dense.hidden", "256,256")
                .containsEntry("localisation.dense.hidden", "128")
                .containsEntry("model.tvae.canvas", "")
                .containsEntry("objective.elbo.beta", "1.0")
                .containsEntry("dataset.mnist.train", "6")
                .doesNotContainKey("transform.tps.grid-size");
    }

    @Test
    void putsEachPartAfterThoseItAsksFor() {
        List<String> roles = select(Map.of()).parts().stream()
                .map(part -> part.role().name())
                .toList();
        assertThat(roles.indexOf("model"))
                .isGreaterThan(roles.indexOf("encoder"))
                .isGreaterThan(roles.indexOf("pose-prior"))
                .isGreaterThan(roles.indexOf("localisation"));
    }

    @Test
    void bindsSettingsToTheRole() {
        Selection selection = select(Map.of("encoder.dense.hidden", "7", "localisation.dense.hidden", "8,9"));
        assertThat(selection.effective())
                .containsEntry("encoder.dense.hidden", "7")
                .containsEntry("localisation.dense.hidden", "8,9");
    }

    @Test
    void aModelWithoutPoseNeedsNoTransform() {
        for (Map<String, String> settings : List.of(
                Map.of("model", "vae"),
                Map.of("model", "vae", "transform", "none"),
                Map.of("model", "vae", "transform", "none", "pose-prior", "none"))) {
            Selection selection = select(settings);
            assertThat(selection.settings().transform()).isEqualTo("none");
            assertThat(selection.settings().posePrior()).isEqualTo("none");
            assertThat(selection.settings().objective()).as("its own bound").isEqualTo("iwae");
            assertThat(selection.effective())
                    .containsEntry("transform", "none")
                    .doesNotContainKey("pose-prior")
                    .doesNotContainKey("transform.affine.grid-size");
        }
        assertThat(problems(Map.of("model", "vae", "transform", "tps", "pose-prior", "diagonal")))
                .containsExactly(
                        "model vae takes no transform: use --model tvae, or --transform none",
                        "model vae takes no pose-prior: use --model tvae, or --pose-prior none");
    }

    @Test
    void readsBackItsEffectiveConfiguration(@TempDir Path folder) throws IOException {
        for (Map<String, String> settings : List.of(
                Map.<String, String>of(),
                Map.of("model", "vae", "eval", "none", "lr", "0.30000000000000004"),
                Map.of(
                        "objective",
                        "elbo+0.1*mi",
                        "localisation",
                        "conv",
                        "clip-norm",
                        "1e-7",
                        "transform",
                        "tps",
                        "model.tvae.canvas",
                        "40",
                        "seed",
                        "-5"))) {
            Selection selection = select(settings);
            Path file = Files.writeString(
                    folder.resolve("config.yaml"), ConfigurationFile.format(List.of(), selection.effective()));
            Selection again =
                    Selection.of(Configuration.of(ConfigurationFile.read(file)), Map.of(), catalog, List.of());
            assertThat(again.effective()).isEqualTo(selection.effective());
            assertThat(again.settings()).isEqualTo(selection.settings());
            assertThat(again.parts()).containsExactlyInAnyOrderElementsOf(selection.parts());
        }
    }

    @Test
    void writesTheLearningRateThatTheOptimiserHas() {
        assertThat(select(Map.of()).effective()).containsEntry("lr", "0.001");
        assertThat(select(Map.of("optimizer", "adadelta")).effective()).containsEntry("lr", "1.0");
        assertThat(select(Map.of("optimizer", "sgd")).settings().lr()).hasValue(0.01);
        assertThat(select(Map.of("optimizer", "sgd", "lr", "0.5")).effective()).containsEntry("lr", "0.5");
    }

    @Test
    void changesSettingsOfTheRunAlone() {
        Selection selection = select(Map.of("model", "vae", "seed", "4", "restarts", "3"));
        Selection other = selection.with(Map.of("seed", "9", "restarts", "1"));
        assertThat(other.settings().seed()).isEqualTo(9);
        assertThat(other.settings().restarts()).isEqualTo(1);
        assertThat(other.settings().transform()).isEqualTo("none");
        assertThat(other.effective()).containsEntry("seed", "9");
        assertThat(other.with(Map.of("seed", "4", "restarts", "3"))).isEqualTo(selection);
    }

    @Test
    void givesAliasesTheirFullKeys() {
        Selection selection = select(
                Map.of("transform", "tps", "objective", "mi+elbo"),
                Map.of("latent-dim", "5", "beta", "4", "samples", "3"),
                List.of());
        assertThat(selection.effective())
                .containsEntry("model.tvae.latent-dim", "5")
                .containsEntry("objective.elbo.beta", "4.0")
                .containsEntry("objective.mi.samples", "3");
        assertThat(select(Map.of(), Map.of("beta", "2"), List.of()).effective())
                .as("the default bound")
                .containsEntry("objective.elbo.beta", "2.0");
    }

    @Test
    void refusesAliasesThatMeanNothing() {
        assertThat(problems(Map.of("model", "vae"), Map.of("latent-dim", "5")))
                .containsExactly("--latent-dim means nothing to model vae (demo.jar)");
        assertThat(problems(Map.of(), Map.of("hidden", "5")))
                .as("this decoder has no settings")
                .containsExactly("--hidden means nothing to decoder dense (demo.jar)");
        assertThat(problems(Map.of("model.tvae.latent-dim", "4"), Map.of("latent-dim", "5")))
                .containsExactly("model.tvae.latent-dim is given twice on the command line");
    }

    @Test
    void reportsEverythingAtOnce() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("epochs", "ten");
        settings.put("batch-size", "0");
        settings.put("objective", "elbo+infonce");
        settings.put("transform", "tpz");
        settings.put("transform.tps.grid-sise", "4");
        settings.put("transform.affine.grid-size", "1");
        settings.put("localisation.conv.depth", "1");
        settings.put("evaluator", "samples");
        settings.put("latent-dim", "4");
        settings.put("rotor.tps.x", "4");
        settings.put("transform.warp.x", "4");
        assertThat(problems(settings))
                .containsExactlyInAnyOrder(
                        "epochs must be a whole number but was 'ten'",
                        "batch-size must be at least 1 but was 0",
                        "unknown objective 'infonce'; available: elbo, iwae, mi",
                        "unknown transform 'tpz'; did you mean 'tps'?",
                        "unknown setting 'transform.tps.grid-sise'; did you mean 'transform.tps.grid-size'?",
                        "transform.affine.grid-size must be at least 2 but was 1",
                        "unknown setting 'localisation.conv.depth'; there is none",
                        "unknown setting 'evaluator'; available: " + runKeys(),
                        "unknown setting 'latent-dim'; did you mean 'model.tvae.latent-dim'?",
                        "unknown setting 'rotor.tps.x'; the roles are " + roles(),
                        "unknown setting 'transform.warp.x'; unknown transform 'warp'; available: affine, tps");
    }

    @Test
    void acceptsSettingsOfComponentsThatAreNotChosenIfTheyAreRight() {
        assertThat(select(Map.of("transform.tps.grid-size", "5")).effective())
                .doesNotContainKey("transform.tps.grid-size");
        assertThat(problems(Map.of("transform.tps.grid-size", "x")))
                .containsExactly("transform.tps.grid-size must be a whole number but was 'x'");
    }

    @Test
    void namesTheRoleOfAComponentThatDoesNotExist() {
        assertThat(problems(Map.of("localisation", "dens")))
                .containsExactly("localisation: unknown encoder 'dens'; did you mean 'dense'?");
    }

    @Test
    void addsProblemsFoundEarlier() {
        ConfigurationException thrown = catchThrowableOfType(
                ConfigurationException.class, () -> select(Map.of("epochs", "x"), Map.of(), List.of("earlier")));
        assertThat(thrown.problems()).containsExactly("earlier", "epochs must be a whole number but was 'x'");
    }

    private static String runKeys() {
        return "batch-size, checkpoint-every, clip-norm, code-prior, data-seed, dataset, decoder, device, encoder, epochs,"
                + " eval, init-from, lr, lr-epochs, lr-schedule, model, momentum, objective, optimizer, pictures-every,"
                + " pose-prior, restarts, seed, targets, test-each-epoch, threads, transform, validation";
    }

    private static String roles() {
        return "encoder, decoder, transform, code-prior, pose-prior, localisation, model, objective, evaluator, dataset";
    }

    private static List<String> problems(Map<String, String> settings) {
        return problems(settings, Map.of());
    }

    private static List<String> problems(Map<String, String> settings, Map<String, String> aliases) {
        ConfigurationException thrown =
                catchThrowableOfType(ConfigurationException.class, () -> select(settings, aliases, List.of()));
        assertThat(thrown).isNotNull();
        return thrown.problems();
    }

    private static Selection select(Map<String, String> settings) {
        return select(settings, Map.of(), List.of());
    }

    private static Selection select(Map<String, String> settings, Map<String, String> aliases, List<String> earlier) {
        Map<String, Setting> commandLine = new LinkedHashMap<>();
        settings.forEach((key, text) -> commandLine.put(key, Setting.of(text)));
        return Selection.of(Configuration.of(commandLine), aliases, catalog, earlier);
    }

    @Test
    void aDamagedConfigurationIsRefusedOrTakenAsItIs() throws IOException {
        String text = ConfigurationFile.format(
                List.of("Wörds"),
                select(Map.of("transform", "tps", "lr", "0.001")).effective());
        Path file = plugins.resolveSibling(plugins.getFileName() + ".yaml");
        SplittableRandom random = new SplittableRandom(20261121);
        int refused = 0;
        int changed = 0;
        for (int i = 0; i < 500; i++) {
            byte[] good = (i % 2 == 0 ? text : NESTED).getBytes(StandardCharsets.UTF_8);
            Files.write(file, Damage.of(good, random));
            try {
                Selection selection =
                        Selection.of(Configuration.of(ConfigurationFile.read(file)), Map.of(), catalog, List.of());
                // What it is taken for is what is written down.
                Files.writeString(file, ConfigurationFile.format(List.of(), selection.effective()));
                assertThat(Selection.of(Configuration.of(ConfigurationFile.read(file)), Map.of(), catalog, List.of())
                                .effective())
                        .isEqualTo(selection.effective());
                changed++;
            } catch (ConfigurationException e) {
                assertThat(e.problems()).isNotEmpty();
                refused++;
            }
        }
        Files.delete(file);
        assertThat(refused).isGreaterThan(300);
        assertThat(changed).isGreaterThan(50);
    }
}
