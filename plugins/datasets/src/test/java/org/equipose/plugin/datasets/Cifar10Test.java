package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real-data")
class Cifar10Test {

    @Test
    void opensTheOriginal() throws Exception {
        Cifar10 source = new Cifar10();
        DataSets sets = RealData.open(source, "cifar10");
        assertThat(sets.spec()).isEqualTo(new ImageSpec(32, 32, 3));
        RealData.check(sets.train(), 50_000, 6, 9, 9, 4, 1, 1, 2, 7, 8, 3);
        RealData.check(sets.test(), 10_000, 3, 8, 8, 0, 6, 6, 1, 6, 3, 1);
        // Published as 0.4914, 0.4822 and 0.4465.
        for (int channel = 0; channel < 3; channel++) {
            assertThat(mean(sets.train(), channel))
                    .isBetween(
                            new double[] {0.4909, 0.4817, 0.4460}[channel],
                            new double[] {0.4919, 0.4827, 0.4470}[channel]);
        }
        RealData.checkFiles(
                "cifar10",
                Map.of(
                        "data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25",
                        "data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692",
                        "data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421",
                        "data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb",
                        "data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d",
                        "test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d"));
        RealData.checkOffline(source, "cifar10", sets);

        // A record is the label and the planes of red, green and blue.
        byte[] batch = Files.readAllBytes(RealData.cache("cifar10").resolve("data_batch_2.bin"));
        int image = 123;
        for (int plane = 0; plane < 3; plane++) {
            for (int pixel = 0; pixel < 1024; pixel += 13) {
                assertThat(sets.train().pixels()[(10_000 + image) * 3072 + 3 * pixel + plane])
                        .isEqualTo(batch[image * 3073 + 1 + 1024 * plane + pixel]);
            }
        }
    }

    @Test
    void losesItsColours() throws Exception {
        DataSets grey = RealData.open(new Cifar10(new Cifar10.Settings(true)), "cifar10");
        assertThat(grey.spec()).isEqualTo(new ImageSpec(32, 32, 1));
        RealData.check(grey.test(), 10_000, 3, 8, 8, 0, 6, 6, 1, 6, 3, 1);
        // 0.299 · 0.4914 + 0.587 · 0.4822 + 0.114 · 0.4465
        assertThat(RealData.mean(grey.train())).isBetween(0.4803, 0.4815);
    }

    private static double mean(Split split, int channel) {
        double sum = 0;
        for (int i = channel; i < split.pixels().length; i += 3) {
            sum += split.pixels()[i] & 0xff;
        }
        return sum / (split.pixels().length / 3.0) / 255;
    }
}
