package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

    @Test
    void prefersTheCacheVariable() {
        assertThat(folder(Map.of("XDG_CACHE_HOME", "/var/cache/jo", "HOME", "/home/jo")))
                .isEqualTo(Path.of("/var/cache/jo/equipose"));
    }

    @Test
    void ignoresACacheVariableThatIsRelativeOrEmpty() {
        assertThat(folder(Map.of("XDG_CACHE_HOME", "cache", "HOME", "/home/jo")))
                .isEqualTo(Path.of("/home/jo/.cache/equipose"));
        assertThat(folder(Map.of("XDG_CACHE_HOME", "", "HOME", "/home/jo")))
                .isEqualTo(Path.of("/home/jo/.cache/equipose"));
    }

    @Test
    void fallsBackToHome() {
        assertThat(folder(Map.of("HOME", "/home/jo"))).isEqualTo(Path.of("/home/jo/.cache/equipose"));
    }

    @Test
    void keepsUsersWithoutAHomeApart() {
        assertThat(folder(Map.of())).isEqualTo(Path.of("/temporary/equipose-jo"));
        assertThat(folder(Map.of("HOME", ""))).isEqualTo(Path.of("/temporary/equipose-jo"));
    }

    @Test
    void isAbsoluteOnThisMachine() {
        assertThat(CacheFolder.byDefault()).isAbsolute();
    }

    private static Path folder(Map<String, String> environment) {
        return CacheFolder.of(environment::get, Path.of("/temporary"), "jo");
    }
}
