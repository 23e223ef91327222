package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
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
        Mnist source = new Mnist();
        DataSets sets = RealData.open(source, "mnist");
        assertThat(sets.spec()).isEqualTo(new ImageSpec(28, 28, 1));
        RealData.check(sets.train(), 60_000, 5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
        RealData.check(sets.test(), 10_000, 7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
        assertThat(sets.validation().count()).isZero();
        for (Split split : List.of(sets.train(), sets.test())) {
            // White ink on black, about 13 % of the brightest possible image, and nothing at all in the corners.
            assertThat(RealData.mean(split)).isBetween(0.12, 0.14);
            assertThat(split.value(0, 0)).isZero();
        }
        RealData.checkFiles(
                "mnist",
                Map.of(
                        "train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb",
                        "train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624",
                        "t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea",
                        "t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"));
        RealData.checkOffline(source, "mnist", sets);
    }
}
