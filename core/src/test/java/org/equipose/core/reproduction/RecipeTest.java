package org.equipose.core.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.equipose.core.config.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    private static final String RECIPE = """
            title: Table 7
            says: >-
              larger codes
              are better.
            runs:
              vae-{z}:
                for: {z: [2, 10]}
                preset: paper/vae
                set: {model.vae.latent-dim: "{z}", encoder.dense.hidden: [7, 8]}
                seeds: [1, 3]
              tvae: {preset: paper/tvae}
            quick: {epochs: 4}
            rows:
              - for: {z: [2, 10], paper: [90.5, 80]}
                name: VAE {z}
                run: vae-{z}
                measure: reconstruction/elbo
                paper: "{paper}"
                within: 1.5
                series: VAE
                x: "{z}"
              - {name: curve, run: tvae, measure: metrics/test/error/least}
            claims:
              - {says: more is better, larger: VAE 2, than: VAE 10, by: 3, quick: true}
              - {says: it is positive, larger: curve, than: 0}
            pictures:
              - {run: tvae, evaluator: samples, caption: samples}
            curves:
              - {columns: [train/elbo], runs: [vae-2, tvae], caption: the course}
            axes: {x: size of z, y: nats per image}
            """;

    @TempDir
    private Path folder;

    private Recipe read(String text) throws IOException {
        return Recipe.read(Files.writeString(folder.resolve("recipe.yaml"), text));
    }

    @Test
    void oneEntryStandsForSeveral() throws IOException {
        Recipe recipe = read(RECIPE);
        assertThat(recipe.says()).isEqualTo("larger codes are better.");
        assertThat(recipe.runs().keySet()).containsExactly("vae-2", "vae-10", "tvae");
        assertThat(recipe.runs().get("vae-10").set())
                .containsEntry("model.vae.latent-dim", "10")
                .containsEntry("encoder.dense.hidden", "7,8");
        assertThat(recipe.runs().get("vae-2").seeds()).containsExactly("1", "3");
        assertThat(recipe.runs().get("tvae").seeds()).containsExactly("1");
        assertThat(recipe.rows()).extracting(Recipe.Row::name).containsExactly("VAE 2", "VAE 10", "curve");
        assertThat(recipe.rows().get(1).paper()).hasValue(80);
        assertThat(recipe.rows().get(1).x()).hasValue(10);
        assertThat(recipe.rows().get(2).measure()).isEqualTo(new Recipe.Source("metrics", "test/error", true));
        assertThat(recipe.curves())
                .containsExactly(new Recipe.Curves(List.of("train/elbo"), List.of("vae-2", "tvae"), "the course"));
        assertThat(recipe.evaluators("vae-2")).containsExactly("reconstruction");
        assertThat(recipe.evaluators("tvae")).containsExactly("samples");
    }

    /** YAML of its own would make them 8, false and 0.1. */
    @Test
    void valuesAreKeptAsTheyAreWritten() throws IOException {
        Recipe recipe = read(
                RECIPE.replace("[1, 3]", "[010, 3]").replace("[7, 8]", "no").replace("{z}\", e", "0.10\", e"));
        assertThat(recipe.runs().get("vae-2").seeds()).containsExactly("010", "3");
        assertThat(recipe.runs().get("vae-2").set())
                .containsEntry("encoder.dense.hidden", "no")
                .containsEntry("model.vae.latent-dim", "0.10");
    }

    @Test
    void quicklyMeansFewerEpochsAndSeedsAndTheClaimsThatMustHoldEvenThen() throws IOException {
        Recipe quick = read(RECIPE).quickly();
        assertThat(quick.runs().get("vae-2").set()).containsEntry("epochs", "4");
        assertThat(quick.runs().get("vae-2").seeds()).isEqualTo(List.of("1"));
        assertThat(quick.claims()).extracting(Recipe.Claim::says).containsExactly("more is better");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "preset: paper/tvae | presett: paper/tvae | recipe.yaml, run tvae: it needs 'preset'",
                "title: Table 7 | titel: Table 7 | recipe.yaml: it needs 'title'",
                "axes: { | axis: { | recipe.yaml: unknown key 'axis'; did you mean 'axes'?",
                "run: tvae, measure | run: tvaee, measure | recipe.yaml, row curve: there is no run 'tvaee'; did you mean",
                "larger: curve | larger: curves | recipe.yaml, claim 'it is positive': there is no row 'curves'; did you",
                "within: 1.5 | within: near | recipe.yaml, row VAE 2: within must be a number but was 'near'",
                "metrics/test/error/least | error | recipe.yaml, row curve: measure must be EVALUATOR/MEASURE, metrics/",
                "[90.5, 80] | [90.5] | recipe.yaml, rows: 'for' needs lists of the same length, {a: [1, 2], b:",
                "{z: [2, 10]} | {z: 2} | recipe.yaml, runs: 'for' needs lists of the same length",
                "{z: [2, 10]} | {} | recipe.yaml, runs: 'for' needs lists of the same length",
                "vae-{z}: | vae: | recipe.yaml, runs: there are two of the name vae",
                "model.vae.latent-dim: | 'model': {vae: 3}, b: | recipe.yaml, run vae-2, set, model: write the whole key with dots",
                "tvae: {preset | vae-{z}: {preset | FOLDER/recipe.yaml, line 11: 'vae-{z}' was given before",
                "runs: [vae-2, tvae] | runs: [vae-3] | recipe.yaml, curves: there is no run 'vae-3'; did you mean 'vae-2'?",
                "columns: [train/elbo] | columns: [] | recipe.yaml, curves the course: columns and runs are lists of",
                "name: curve | name: VAE 2 | recipe.yaml: two rows are called VAE 2",
                "quick: true} | quick: maybe} | recipe.yaml, claim more is better: quick must be true or false but was 'maybe'",
            })
    void aMistakeIsNamedWithItsPlace(String right, String wrong, String message) {
        assertThat(RECIPE).contains(right);
        assertThatThrownBy(() -> read(RECIPE.replace(right, wrong)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(message.replace("FOLDER", folder.toString()));
    }

    @Test
    void whatIsNoRecipeIsRefused() {
        assertThatThrownBy(() -> read("- a\n- b\n")).hasMessage("recipe.yaml: expected lines of the form 'key: value'");
        assertThatThrownBy(() -> Recipe.read(folder.resolve("none.yaml")))
                .hasMessage("there is no file " + folder.resolve("none.yaml"));
        assertThatThrownBy(() -> read("title: [")).isInstanceOf(ConfigurationException.class);
    }
}
