package org.equipose.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    @Test
    void strongerLayersWin() {
        Configuration configuration = Configuration.of(
                Map.of("a", Setting.of("1")),
                Map.of("a", Setting.of("2"), "b", Setting.of("2")),
                Map.of("a", Setting.of("3"), "b", Setting.of("3"), "c", Setting.of("3")));
        assertThat(text(configuration, "a")).isEqualTo("1");
        assertThat(text(configuration, "b")).isEqualTo("2");
        assertThat(text(configuration, "c")).isEqualTo("3");
        assertThat(configuration.keys()).containsExactly("a", "b", "c");
        assertThat(text(configuration.below(Map.of("a", Setting.of("0"))), "a")).isEqualTo("0");
    }

    @Test
    void takesValuesLiterally() {
        Configuration configuration =
                Configuration.of(Map.of("a", Setting.of("${sys:user.home},\\,x"), "a.b", Setting.of("")));
        assertThat(text(configuration, "a")).isEqualTo("${sys:user.home},\\,x");
        assertThat(text(configuration, "a.b")).isEmpty();
        assertThat(configuration.get("b")).isEmpty();
    }

    @Test
    void findsPresetsByName(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("vive"));
        Path file = Files.writeString(folder.resolve("vive/table-1.yaml"), "epochs: 3");
        Files.writeString(folder.resolve("README.md"), "");
        Presets presets = new Presets(folder);
        assertThat(presets.names()).containsExactly("vive/table-1");
        assertThat(presets.file("vive/table-1")).isEqualTo(file);
        assertThatThrownBy(() -> presets.file("vive/table-2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("did you mean 'vive/table-1'?");
        assertThatThrownBy(() -> presets.file("../x")).isInstanceOf(ConfigurationException.class);
    }

    private static String text(Configuration configuration, String key) {
        return configuration.get(key).orElseThrow().text();
    }
}
