package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {

    @Test
    void saysWhatIsMissingAndWhereItBelongs(@TempDir Path cache) {
        assertThatThrownBy(() -> new Mnist().open(new DataContext(cache, 0, false, Progress.SILENT)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("train-images-idx3-ubyte")
                .hasMessageContaining(cache.toString())
                .hasMessageContaining("6bbc9ace898e44ae57da46a324031adb");
    }

    @Test
    @Tag("real-data")
    void opensTheOriginal() throws Exception {
        Path cache = CacheFolder.byDefault().resolve("mnist");
        DataSets sets = open(cache);
        assertThat(sets.spec()).isEqualTo(new ImageSpec(28, 28, 1));
        check(sets.train(), 60_000, 5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
        check(sets.test(), 10_000, 7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
        assertThat(sets.validation().count()).isZero();

        Map<String, String> sums = Map.of(
                "train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb",
                "train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624",
                "t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea",
                "t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637");
        for (Map.Entry<String, String> sum : sums.entrySet()) {
            byte[] content = Files.readAllBytes(cache.resolve(sum.getKey()));
            assertThat(new BigInteger(1, MessageDigest.getInstance("MD5").digest(content)))
                    .as(sum.getKey())
                    .isEqualTo(new BigInteger(sum.getValue(), 16));
        }

        // What was fetched once needs no network.
        DataSets again = new Mnist().open(new DataContext(cache, 0, false, Progress.SILENT));
        assertThat(again.train().hash()).isEqualTo(sets.train().hash());
        assertThat(again.test().hash()).isEqualTo(sets.test().hash());
    }

    private static void check(Split split, int count, int... firstLabels) {
        assertThat(split.count()).isEqualTo(count);
        int[] labels = split.labels().orElseThrow();
        assertThat(Arrays.copyOf(labels, 10)).containsExactly(firstLabels);
        assertThat(Arrays.stream(labels).distinct().sorted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(split.poses()).isEmpty();
        // White ink on black, about 13 % of the brightest possible image, and nothing at all in the corners.
        double sum = 0;
        for (byte pixel : split.pixels()) {
            sum += pixel & 0xff;
        }
        assertThat(sum / split.pixels().length / 255).isBetween(0.12, 0.14);
        assertThat(split.value(0, 0)).isZero();
    }

    /** Without any source of the digits the test is skipped, and says so. */
    private static DataSets open(Path cache) throws IOException {
        try {
            return new Mnist().open(new DataContext(cache, 0, true, Progress.SILENT));
        } catch (IOException e) {
            Assumptions.assumeFalse(e.getMessage().contains("is not to be had"), e::getMessage);
            throw e;
        }
    }
}
