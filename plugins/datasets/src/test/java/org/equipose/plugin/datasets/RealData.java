package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import org.equipose.core.data.CacheFolder;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.spi.DataSource;
import org.junit.jupiter.api.Assumptions;

/** Data sets that are fetched once for all tests, into the folder of the user. */
final class RealData {
    private RealData() {}

    static Path cache(String name) {
        return CacheFolder.byDefault().resolve(name);
    }

    static DataContext context(String name) {
        return new DataContext(cache(name), 0, true, Progress.SILENT);
    }

    /** Opens a set; without any source of it the test is skipped, and says so. */
    static DataSets open(DataSource source, String name) throws IOException {
        try {
            return source.open(context(name));
        } catch (IOException e) {
            Assumptions.assumeFalse(e.getMessage().contains("is not to be had"), e::getMessage);
            throw e;
        }
    }

    /** Compares cached files with their checksums, without the code that fetched them. */
    static void checkFiles(String name, Map<String, String> md5) throws Exception {
        for (Map.Entry<String, String> sum : md5.entrySet()) {
            byte[] content = Files.readAllBytes(cache(name).resolve(sum.getKey()));
            assertThat(new BigInteger(1, MessageDigest.getInstance("MD5").digest(content)))
                    .as(sum.getKey())
                    .isEqualTo(new BigInteger(sum.getValue(), 16));
        }
    }

    /** Checks number, first labels and classes. */
    static void check(Split split, int count, int... firstLabels) {
        assertThat(split.count()).isEqualTo(count);
        int[] labels = split.labels().orElseThrow();
        assertThat(Arrays.copyOf(labels, 10)).containsExactly(firstLabels);
        assertThat(Arrays.stream(labels).distinct().sorted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(split.poses()).isEmpty();
    }

    /** Returns the mean of all values, from 0 to 1. */
    static double mean(Split split) {
        double sum = 0;
        for (byte pixel : split.pixels()) {
            sum += pixel & 0xff;
        }
        return sum / split.pixels().length / 255;
    }

    /** Checks that what was fetched once needs no network. */
    static void checkOffline(DataSource source, String name, DataSets fetched) throws IOException {
        DataSets again = source.open(new DataContext(cache(name), 0, false, Progress.SILENT));
        assertThat(again.train().hash()).isEqualTo(fetched.train().hash());
        assertThat(again.test().hash()).isEqualTo(fetched.test().hash());
    }
}
