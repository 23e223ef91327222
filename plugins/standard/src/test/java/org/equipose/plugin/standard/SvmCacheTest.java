package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.equipose.core.statistics.Proportion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvmCacheTest {
    private static final SvmResult RESULT = new SvmResult(0.1, 1.0 / 3, Math.nextUp(0.25), new Proportion(9171, 10000));

    @TempDir
    Path folder;

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("svm"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    @Test
    void givesBackWhatWasKeptToTheLastBit() throws IOException {
        SvmCache cache = new SvmCache(folder.resolve("svm"));
        assertThat(cache.find("raw\ntrain 12")).isEmpty();
        cache.keep("raw\ntrain 12", RESULT);
        assertThat(cache.find("raw\ntrain 12")).contains(RESULT);
        assertThat(cache.find("raw\ntrain 13")).isEmpty();
        cache.keep("raw\ntrain 12", RESULT);
        assertThat(Files.readAllLines(only())).startsWith("# raw", "# train 12", "c=0.1");
    }

    @Test
    void aDamagedFileIsNoResult() throws IOException {
        SvmCache cache = new SvmCache(folder.resolve("svm"));
        cache.keep("raw", RESULT);
        String text = Files.readString(only());
        for (String damaged : List.of(
                "",
                text.substring(0, text.length() / 2),
                text.replace("tested=10000", "tested=0"),
                text.replace("c=0.1", "c=x"),
                text + "\\u00")) {
            Files.writeString(only(), damaged);
            assertThat(cache.find("raw")).as(damaged).isEmpty();
        }
        cache.keep("raw", RESULT);
        assertThat(cache.find("raw")).contains(RESULT);
    }

    @Test
    void aFileInPlaceOfTheFolderIsSaid() throws IOException {
        Files.createFile(folder.resolve("svm"));
        SvmCache cache = new SvmCache(folder.resolve("svm"));
        assertThat(cache.find("raw")).isEmpty();
        assertThatThrownBy(() -> cache.keep("raw", RESULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("svm");
    }
}
