package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
    @TempDir
    Path folder;

    private static Report.Picture picture(String name) {
        return new Report.Picture(name, new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB));
    }

    private static Report report() {
        return new Report(
                List.of(
                        new Report.Measure("nll_k500", 123.456789012345, "nats per image", "test", "IWAE, K = 500")
                                .within(123.25, Double.POSITIVE_INFINITY),
                        new Report.Measure("accuracy", Double.NaN, "%", "test", "a \"linear\" SVM\non z")),
                List.of(picture(""), picture("by-class")),
                List.of(new Report.Table(
                        "by-image", List.of("image", "log_p"), List.of(List.of("0", "-81.5"), List.of("1", "-7")))));
    }

    @Test
    void allPartsAreWritten() throws IOException {
        assertThat(ReportFiles.write(
                        folder.resolve("evaluation"),
                        "likelihood",
                        Map.of("evaluator.likelihood.samples", "7"),
                        report()))
                .extracting(f -> folder.resolve("evaluation").relativize(f).toString())
                .containsExactly(
                        "likelihood.json",
                        "likelihood.csv",
                        "likelihood.png",
                        "likelihood-by-class.png",
                        "likelihood-by-image.csv");
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("evaluation/likelihood.json").toFile());
        JsonNode nll = json.get("measures").get(0);
        assertThat(json.get("evaluator").asText()).isEqualTo("likelihood");
        assertThat(ReportFiles.settings(folder.resolve("evaluation/likelihood.json")))
                .contains(new TreeMap<>(Map.of("evaluator.likelihood.samples", "7")));
        assertThat(ReportFiles.settings(folder.resolve("evaluation/judge.json")))
                .isEmpty();
        assertThat(nll.get("name").asText()).isEqualTo("nll_k500");
        assertThat(nll.get("value").isNumber()).isTrue();
        assertThat(nll.get("value").asDouble()).isEqualTo(123.456789012345);
        assertThat(nll.get("unit").asText()).isEqualTo("nats per image");
        assertThat(nll.get("split").asText()).isEqualTo("test");
        assertThat(nll.get("protocol").asText()).isEqualTo("IWAE, K = 500");
        assertThat(nll.get("interval").toString()).isEqualTo("[123.25,\"Infinity\"]");
        assertThat(json.get("measures").get(1).get("value").asText()).isEqualTo("NaN");
        assertThat(json.get("measures").get(1).has("interval")).isFalse();
        assertThat(json.get("pictures").toString()).isEqualTo("[\"likelihood.png\",\"likelihood-by-class.png\"]");
        assertThat(json.get("tables").toString()).isEqualTo("[\"likelihood-by-image.csv\"]");
        assertThat(folder.resolve("evaluation/likelihood-by-image.csv")).hasContent("image,log_p\n0,-81.5\n1,-7\n");
        assertThat(folder.resolve("evaluation/likelihood.csv")).hasContent("""
                        name,value,unit,split,protocol,low,high
                        nll_k500,123.456789012345,nats per image,test,"IWAE, K = 500",123.25,Infinity
                        accuracy,NaN,%,test,"a ""linear"" SVM
                        on z",,
                        """);
        assertThat(ImageIO.read(folder.resolve("evaluation/likelihood-by-class.png")
                                .toFile())
                        .getWidth())
                .isEqualTo(2);
    }

    @Test
    void aReportIsReplaced() throws IOException {
        ReportFiles.write(folder, "likelihood", Map.of("evaluator.likelihood.samples", "7"), report());
        ReportFiles.write(folder, "likelihood", Map.of(), new Report(List.of()));
        assertThat(folder.resolve("likelihood.csv")).hasContent("name,value,unit,split,protocol,low,high\n");
    }

    @Test
    void namesThatAreNoFileNamesAreRefused() {
        assertThatThrownBy(() -> ReportFiles.write(folder, "../x", Map.of(), report()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> picture("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Report(List.of(), List.of(picture("a"), picture("a"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
