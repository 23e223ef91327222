package org.equipose.core.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.Report;
import org.equipose.core.run.ReportFiles;
import org.equipose.core.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
    @TempDir
    private Path folder;

    private Recipe recipe(String measure) throws IOException {
        return Recipe.read(Files.writeString(folder.resolve("recipe.yaml"), """
                title: Table 7
                says: something
                runs:
                  vae: {preset: vae, seeds: [1, 2, 3]}
                  tvae: {preset: tvae}
                rows:
                  - {name: VAE, run: vae, measure: svm/accuracy, paper: 86, within: 2, series: all, x: 2}
                  - {name: TVAE, run: tvae, measure: %s, paper: 90, within: 2, series: all, x: 3}
                  - {name: best, run: tvae, measure: metrics/test/error/least}
                  - {name: last, run: tvae, measure: metrics/test/error/last}
                claims:
                  - {says: a pose helps, larger: TVAE, than: VAE, by: 5}
                  - {says: a pose helps a lot, larger: TVAE, than: VAE, by: 9}
                  - {says: it falls, larger: last, than: "70"}
                axes: {x: z, y: percent}
                """.formatted(measure)));
    }

    private RunDirectory run(String name, double accuracy) throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve(name));
        ReportFiles.write(
                run.evaluation(),
                "svm",
                Map.of(),
                new Report(List.of(new Report.Measure("accuracy", accuracy, "percent", "test", "C = 1"))));
        try (MetricsFile metrics = MetricsFile.create(run.metrics(), List.of("test/error"))) {
            metrics.append(1, 10, Map.of("test/error", 90.0));
            metrics.append(2, 20, Map.of("test/error", 80.0));
            metrics.append(3, 30, Map.of("test/error", 85.0));
        }
        return run;
    }

    private Map<String, List<RunDirectory>> runs() throws IOException {
        return Map.of("vae", List.of(run("a", 84), run("b", 86), run("c", 88.5)), "tvae", List.of(run("d", 93)));
    }

    @Test
    void numbersStandBesideThePapers() throws IOException {
        Findings findings = Findings.of(recipe("svm/accuracy"), runs());
        assertThat(findings.rows().get(0).mean()).isCloseTo(86.1667, within(1e-4));
        assertThat(findings.rows().get(0).deviation().orElseThrow()).isCloseTo(2.2546, within(1e-4));
        assertThat(findings.rows().get(1).deviation()).isEmpty();
        assertThat(findings.rows().get(2).mean()).isEqualTo(80);
        assertThat(findings.rows().get(3).mean()).isEqualTo(85);
        assertThat(findings.text())
                .contains("  percent; test; C = 1\n")
                .containsPattern("VAE +86\\.00 +86\\.17 ± 2\\.25 +\\+0\\.17  within 2\\.0")
                .containsPattern("TVAE +90\\.00 +93\\.00 +\\+3\\.00  not within 2\\.0")
                .contains("epoch with the least value on this very split");
        assertThat(findings.markdown("run.sh reproduce x", "2 epochs", Map.of("a picture", "x.png")))
                .contains("| VAE | 86.00 | 86.17 ± 2.25 | +0.17 | percent | test; C = 1 | within 2.0 |")
                .contains("![a picture](x.png)")
                .contains("* **Does not hold**: a pose helps a lot");
    }

    @Test
    void claimsAreJudgedByTheMeans() throws IOException {
        List<Findings.Verdict> verdicts =
                Findings.of(recipe("svm/accuracy"), runs()).verdicts();
        assertThat(verdicts).extracting(Findings.Verdict::holds).containsExactly(true, false, true);
        assertThat(verdicts.get(0).numbers()).isEqualTo("TVAE 93.00, to be larger by 5.00 than VAE 86.17");
        assertThat(verdicts.get(2).numbers()).isEqualTo("last 85.00, to be larger than 70");
    }

    @Test
    void theChartShowsOursAndThePapers() throws IOException {
        var chart = Findings.of(recipe("svm/accuracy"), runs()).chart().orElseThrow();
        assertThat(chart.series()).hasSize(2);
        assertThat(chart.series().get(0).y()).containsExactly(new double[] {86.1667, 93}, within(1e-3));
        assertThat(chart.series().get(1).name()).isEqualTo("all, paper");
        assertThat(chart.series().get(1).y()).containsExactly(86, 90);
    }

    @Test
    void whatARunDoesNotHaveIsNamed() throws IOException {
        assertThatThrownBy(() -> Findings.of(recipe("svm/acuracy"), runs()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("svm.json has no measure 'acuracy'; did you mean 'accuracy'?");
    }
}
