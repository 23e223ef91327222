package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Npz;
import org.equipose.core.spi.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged file of a user is refused by name, or read as what it then holds; nothing else ever happens. */
class DamagedFilesTest {

    private static final int FEW = 60;
    private static final int MANY = 500;

    @TempDir
    private Path folder;

    @Test
    void idx() throws IOException {
        idx(FEW);
    }

    @Test
    void npz() throws IOException {
        npz(FEW);
    }

    @Test
    void pictures() throws IOException {
        pictures(FEW);
    }

    @Tag("soak")
    @Test
    void manyIdx() throws IOException {
        idx(MANY);
    }

    @Tag("soak")
    @Test
    void manyNpz() throws IOException {
        npz(MANY);
    }

    @Tag("soak")
    @Test
    void manyPictures() throws IOException {
        pictures(MANY);
    }

    private void idx(int times) throws IOException {
        Path images = Files.write(folder.resolve("images"), Written.idx(Written.noise(10 * 6, 1), 10, 2, 3));
        Path labels = Files.write(folder.resolve("labels"), Written.gzip(Written.idx(Written.threeClasses(10), 10)));
        IdxFiles source = new IdxFiles(new IdxFiles.Settings(
                Optional.of(images), Optional.of(labels), Optional.empty(), Optional.empty(), 0.2, 1));
        damage(source, images, times);
        damage(source, labels, times);
    }

    private void npz(int times) throws IOException {
        Path file = Written.npz(
                folder.resolve("some.npz"),
                Map.of(
                        "x_train", Npz.Array.of(Written.noise(60, 1), 10, 2, 3),
                        "y_train", Npz.Array.of(new long[10], 10)));
        damage(new NpzFile(new NpzFile.Settings(Optional.of(file), "", "", "", "", 0.1, 1, false)), file, 4 * times);
    }

    private void pictures(int times) throws IOException {
        Path file = Written.picture(folder.resolve("p/a/1.png"), 4, 4, Written.noise(16, 1));
        Written.picture(folder.resolve("p/b/2.png"), 4, 4, Written.noise(16, 2));
        for (boolean resize : new boolean[] {false, true}) {
            damage(
                    new ImageFolder(new ImageFolder.Settings(
                            Optional.of(folder.resolve("p")),
                            Optional.empty(),
                            resize ? "8x8" : "",
                            1,
                            resize,
                            false,
                            0.1,
                            1)),
                    file,
                    times);
        }
    }

    /** Flips bits or cuts the file, most of the time near its beginning, where the sizes are. */
    private static void damage(DataSource source, Path file, int times) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        String hash = Written.open(source).train().hash();
        SplittableRandom random = new SplittableRandom(6);
        int refused = 0;
        for (int i = 0; i < times; i++) {
            byte[] bad = whole.clone();
            if (random.nextInt(4) == 0) {
                bad = Arrays.copyOf(whole, random.nextInt(whole.length));
            } else {
                for (int flips = random.nextInt(3); flips >= 0; flips--) {
                    int most = random.nextBoolean() ? Math.min(40, bad.length) : bad.length;
                    bad[random.nextInt(most)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            Files.write(file, bad);
            try {
                DataSets read = Written.open(source);
                assertThat(read.train().count()).isPositive();
                assertThat(read.test().count()).isPositive();
                assertThat(read.train().hash()).hasSameSizeAs(hash);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("; ");
                assertThat(e.getMessage()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isBetween(times / 10, times);
        Files.write(file, whole);
        assertThat(Written.open(source).train().hash()).isEqualTo(hash);
    }
}
