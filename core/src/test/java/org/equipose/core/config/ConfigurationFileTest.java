package org.equipose.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {
    @TempDir
    private Path folder;

    @Test
    void joinsNestedAndDottedKeys() {
        assertThat(texts("""
                        model: tvae
                        model.tvae:
                          latent-dim: 20
                          deep: {er: x}
                        transform.tps.grid-size: 4
                        """))
                .containsExactly(
                        Map.entry("model", "tvae"),
                        Map.entry("model.tvae.latent-dim", "20"),
                        Map.entry("model.tvae.deep.er", "x"),
                        Map.entry("transform.tps.grid-size", "4"));
    }

    @Test
    void keepsScalarsAsTheyAreWritten() {
        assertThat(texts("""
                        a: no
                        b: 012
                        c: 2026-01-01
                        d: 1_000
                        e: !!float 1
                        f: 12:30:45
                        g: ~
                        h:
                        i: "${x}"
                        """).values())
                .containsExactly("no", "012", "2026-01-01", "1_000", "1", "12:30:45", "", "", "${x}");
    }

    @Test
    void readsSequences() {
        Map<String, Setting> settings =
                read("eval: [samples, linear-svm]\nhidden:\n- 256\n- 128\nnone: []\none: [1]\n");
        assertThat(settings.get("eval").text()).isEqualTo("samples,linear-svm");
        assertThat(settings.get("hidden").items()).containsExactly("256", "128");
        assertThat(settings.get("none").items()).isEmpty();
        assertThat(settings.get("one").sequence()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "{}\n", "null\n"})
    void anEmptyFileHoldsNothing(String text) {
        assertThat(read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'a: 1\\nb: [1, 2\\n'         | run.yaml, line 3, column 1: while parsing a flow sequence, expected
                    'a: 1\\n\\tb: 2\\n'          | run.yaml, line 2, column 1
                    'a: 1\\nb: 2\\na: 3\\n'      | run.yaml, line 3, column 1: a was given before (
                    'a.b: 1\\na: {b: 2}\\n'      | run.yaml, line 2, column 5: a.b was given before (
                    '- 1\\n- 2\\n'               | run.yaml, line 1, column 1: expected lines of the form 'key: value'
                    'hello\\n'                   | run.yaml, line 1, column 1: expected lines of the form 'key: value'
                    'a: [{b: 1}]\\n'             | run.yaml, line 1, column 5: the values of a must be plain
                    'a: [[1]]\\n'                | run.yaml, line 1, column 5: the values of a must be plain
                    'a: ["x,y"]\\n'              | run.yaml, line 1, column 5: the values of a must be plain
                    'a: {}\\n'                   | run.yaml, line 1, column 4: a has neither a value nor settings
                    '? [a]\\n: 1\\n'             | run.yaml, line 1, column 3: a key must be plain text
                    'a: 1\\n---\\nb: 2\\n'       | run.yaml, line 2, column 1: expected a single document
                    'a: &x {b: 1}\\nc: *x\\n'    | Number of aliases for non-scalar nodes exceeds
                    'a: !!java.io.File x\\n'     | run.yaml, line 1, column 4: Global tag is not allowed
                    'a: &x [*x]\\n'              | run.yaml
                    """)
    void pointsAtWhatIsMalformed(String text, String message) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(
                        e -> assertThat(((ConfigurationException) e).problems()).hasSize(1))
                .hasMessageContaining(message.strip());
    }

    @Test
    void namesAFileThatIsMissingOrNoText() throws IOException {
        assertThatThrownBy(() -> ConfigurationFile.read(folder.resolve("missing.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is no file")
                .hasMessageContaining("missing.yaml");
        Path bytes = Files.write(folder.resolve("bytes.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> ConfigurationFile.read(bytes)).hasMessageContaining("is not a text in UTF-8");
        assertThatThrownBy(() -> ConfigurationFile.read(folder)).hasMessageContaining("cannot be read");
    }

    @Test
    void readsBackWhatItWrites() {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> texts = List.of(
                "",
                "no",
                "null",
                "12",
                "-1",
                "1.0E-4",
                "0.30000000000000004",
                "a: b",
                "#",
                "\"\\",
                "l\nm\tn",
                "ü…",
                "1e3",
                "elbo+0.5*mi",
                "elbo+1.0E-4*mi",
                "256,256",
                "${x}",
                " x ",
                "~",
                "true",
                "1_0",
                "[",
                "*x",
                "&x",
                "y",
                "\u0007",
                "😀");
        texts.forEach(text -> values.put("k" + values.size(), text));
        String text = ConfigurationFile.format(List.of("two", "lines"), values);
        assertThat(text).startsWith("# two\n# lines\n");
        assertThat(texts(text)).containsExactlyInAnyOrderEntriesOf(values);
    }

    private Map<String, String> texts(String text) {
        Map<String, String> texts = new LinkedHashMap<>();
        read(text).forEach((key, setting) -> texts.put(key, setting.text()));
        return texts;
    }

    private Map<String, Setting> read(String text) {
        try {
            return ConfigurationFile.read(Files.writeString(folder.resolve("run.yaml"), text));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
