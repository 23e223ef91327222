package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.equipose.core.data.Progress;
import org.equipose.core.statistics.Proportion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultCacheTest {
    private static final SvmResult RESULT = new SvmResult(0.1, 1.0 / 3, Math.nextUp(0.25), new Proportion(9171, 10000));
    private static final float[] FLOATS = {0.1f, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY};

    @TempDir
    Path folder;

    private final List<String> heard = new ArrayList<>();
    private final Progress progress = (what, done, total) -> heard.add(what);

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private <T> T made(ResultCache.Format<T> format, String key, T result) {
        heard.clear();
        T got = new ResultCache<>(folder.resolve("kept"), format).get("work", key, () -> result, progress);
        assertThat(heard).noneMatch(line -> line.contains("from cache"));
        return got;
    }

    private <T> T kept(ResultCache.Format<T> format, String key) {
        heard.clear();
        return new ResultCache<>(folder.resolve("kept"), format)
                .get(
                        "work",
                        key,
                        () -> {
                            throw new AssertionError("it was made again");
                        },
                        progress);
    }

    @Test
    void givesBackWhatWasKeptToTheLastBit() throws IOException {
        SvmFormat format = new SvmFormat();
        assertThat(made(format, "raw\ntrain 12", RESULT)).isEqualTo(RESULT);
        assertThat(Files.readAllLines(only())).startsWith("# raw", "# train 12", "c=0.1");
        assertThat(kept(format, "raw\ntrain 12")).isEqualTo(RESULT);
        assertThat(heard).containsExactly("work: from cache, " + folder.resolve("kept"));
        SvmResult other = new SvmResult(1, 1, 0, new Proportion(1, 2));
        assertThat(made(format, "raw\ntrain 13", other)).isEqualTo(other);
        assertThat(kept(format, "raw\ntrain 12")).isEqualTo(RESULT);
    }

    @Test
    void aDamagedTextIsMadeAnew() throws IOException {
        SvmFormat format = new SvmFormat();
        made(format, "raw", RESULT);
        String text = Files.readString(only());
        for (String damaged : List.of(
                "",
                text.substring(0, text.length() / 2),
                text.replace("tested=10000", "tested=0"),
                text.replace("c=0.1", "c=x"),
                text + "\\u00")) {
            Files.writeString(only(), damaged);
            assertThat(made(format, "raw", RESULT)).isEqualTo(RESULT);
            assertThat(heard)
                    .singleElement()
                    .asString()
                    .startsWith("warning: " + only() + " cannot be read and is made anew: ");
            assertThat(Files.readString(only())).isEqualTo(text);
        }
    }

    /** 1 is 3F800000 in hexadecimal, 2 is 40000000; the least byte comes first. */
    @Test
    void floatsAreLittleEndianAndChecked() throws IOException {
        FloatFormat format = new FloatFormat(FLOATS.length);
        made(format, "weights", FLOATS);
        assertThat(kept(format, "weights")).isEqualTo(FLOATS);
        assertThat(new FloatFormat(2).write("", new float[] {1, 2})).startsWith(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
        byte[] content = Files.readAllBytes(only());
        for (int i = 0; i < content.length; i += 7) {
            byte[] damaged = content.clone();
            damaged[i] ^= 1;
            Files.write(only(), damaged);
            made(format, "weights", FLOATS);
            assertThat(heard).singleElement().asString().endsWith("its checksum is wrong");
        }
        for (int length : new int[] {0, 10, content.length - 1}) {
            Files.write(only(), Arrays.copyOf(content, length));
            made(format, "weights", FLOATS);
            assertThat(heard).singleElement().asString().endsWith("it has " + length + " bytes in place of 52");
        }
        assertThat(Files.readAllBytes(only())).isEqualTo(content);
    }

    @Test
    void aFileInPlaceOfTheFolderIsSaid() throws IOException {
        Files.createFile(folder.resolve("kept"));
        assertThat(made(new SvmFormat(), "raw", RESULT)).isEqualTo(RESULT);
        assertThat(heard)
                .last()
                .asString()
                .startsWith("warning: work is made again next time, it cannot be kept in " + folder.resolve("kept"));
    }
}
