package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {

    @Test
    void saysWhatIsMissingInALineEach(@TempDir Path cache) {
        assertThatThrownBy(() -> new FashionMnist().open(new DataContext(cache, 0, false, Progress.SILENT)))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .hasSize(4)
                        .allSatisfy(line -> assertThat(line).contains(" is not to be had: ", cache.toString()))
                        .first()
                        .asString()
                        .contains("f4a8712d7a061bf5bd6d2ca38dc4d50a"));
    }

    @Test
    @Tag("real-data")
    void opensTheOriginal() throws Exception {
        FashionMnist source = new FashionMnist();
        DataSets sets = RealData.open(source, "fashion-mnist");
        assertThat(sets.spec()).isEqualTo(new ImageSpec(28, 28, 1));
        RealData.check(sets.train(), 60_000, 9, 0, 0, 3, 0, 2, 7, 2, 5, 5);
        RealData.check(sets.test(), 10_000, 9, 2, 1, 1, 6, 1, 4, 6, 5, 7);
        // Published as 0.2860.
        assertThat(RealData.mean(sets.train())).isBetween(0.2855, 0.2865);
        RealData.checkFiles(
                "fashion-mnist",
                Map.of(
                        "train-images-idx3-ubyte", "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                        "train-labels-idx1-ubyte", "9018921c3c673c538a1fc5bad174d6f9",
                        "t10k-images-idx3-ubyte", "8181f5470baa50b63fa0f6fddb340f0a",
                        "t10k-labels-idx1-ubyte", "15d484375f8d13e6eb1aabb0c3f46965"));
        RealData.checkOffline(source, "fashion-mnist", sets);
    }
}
