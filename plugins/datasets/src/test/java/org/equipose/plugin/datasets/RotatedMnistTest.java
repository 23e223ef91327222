package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.spi.Motion;
import org.equipose.plugin.datasets.RotatedMnist.Settings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedMnistTest {
    @TempDir
    Path folder;

    private static DataSets mnist() throws IOException {
        return RealData.open(new Mnist(), "mnist");
    }

    private DataSets open(Settings settings) throws IOException {
        mnist(); // fetched, or the test is skipped
        Path digits = Files.createSymbolicLink(folder.resolve("mnist"), RealData.cache("mnist"));
        try {
            return new RotatedMnist(settings).open(new DataContext(folder.resolve("made"), 0, false, Progress.SILENT));
        } finally {
            Files.delete(digits);
        }
    }

    /** SHA-256 as first made on JDK 17 and 25: what a seed means may not change. */
    @Test
    @Tag("real-data")
    void theImagesAreTheSameOnEveryMachine() throws IOException {
        DataSets made = open(new Settings());
        assertThat(made.train().count()).isEqualTo(1500);
        assertThat(made.test().count()).isEqualTo(10_000);
        assertThat(made.train().hash()).isEqualTo("50cf3dcbaacc5fa866de39e4c76646a27e7869ae67c08fa17b09aacc0a0a1aa8");
        assertThat(made.test().hash()).isEqualTo("429f8035b3679806a5a24ea045b40927ffa22f49d56fb7412e4f4037a412db9c");
    }

    @Test
    @Tag("real-data")
    void withoutATurnTheyAreTheDigits() throws IOException {
        DataSets mnist = mnist();
        DataSets made = open(new Settings(0, 60_000, 10_000, 1));
        assertThat(made.train().hash()).isEqualTo(mnist.train().hash());
        assertThat(made.test().hash()).isEqualTo(mnist.test().hash());
    }

    /** A pose is kept in single precision, which is worth a grey level at most; {@link Motion} has tests of its own. */
    @Test
    @Tag("real-data")
    void posesAreTheTurnsOfTheImages() throws IOException {
        Split digits = mnist().test();
        Split test = open(new Settings(60, 300, 10_000, 1)).test();
        assertThat(test.labels().orElseThrow()).isEqualTo(digits.labels().orElseThrow());
        for (int i = 0; i < 50; i++) {
            float[] pose = test.poses().orElseThrow()[i];
            byte[] digit = Arrays.copyOfRange(digits.pixels(), i * 784, (i + 1) * 784);
            byte[] turned = new Motion(pose[0], pose[1], pose[2], pose[3]).move(digit, digits.spec());
            for (int p = 0; p < 784; p++) {
                assertThat(test.pixels()[i * 784 + p] & 0xff)
                        .as("image %d, pixel %d", i, p)
                        .isCloseTo(turned[p] & 0xff, within(1));
            }
        }
    }

    @Test
    @Tag("real-data")
    void anglesAreUniformWithinTheirRange() throws IOException {
        for (double angle : new double[] {60, 180}) {
            Split train = open(new Settings(angle, 6000, 10, 3)).train();
            double[] turns = Arrays.stream(train.poses().orElseThrow())
                    .mapToDouble(pose -> pose[2] / angle)
                    .sorted()
                    .toArray();
            double distance = 0;
            for (int i = 0; i < turns.length; i++) {
                distance = Math.max(distance, Math.abs((turns[i] + 1) / 2 - (i + 0.5) / turns.length));
            }
            // Kolmogorov and Smirnov: larger by chance once in ten thousand seeds.
            assertThat(distance).isLessThan(2.23 / Math.sqrt(turns.length));
        }
    }

    /** A smaller set has some of the images of a larger one. */
    @Test
    @Tag("real-data")
    void anImageDependsOnItsDigitAndTheSeedAlone() throws IOException {
        Split all = open(new Settings(60, 60_000, 10, 1)).train();
        Split some = open(new Settings(60, 200, 10, 1)).train();
        int next = 0;
        for (int i = 0; i < all.count() && next < some.count(); i++) {
            boolean same =
                    Arrays.equals(all.pixels(), i * 784, (i + 1) * 784, some.pixels(), next * 784, (next + 1) * 784);
            next += same ? 1 : 0;
        }
        assertThat(next).isEqualTo(200);
        assertThat(open(new Settings(60, 200, 10, 2)).train().hash()).isNotEqualTo(some.hash());
    }

    /** Images of a recipe without a number, or with another one, are not taken for today's: the digits are asked for. */
    @Test
    void whatAnotherRecipeMadeIsNotRead() throws IOException {
        Split image = new Split(
                new ImageSpec(28, 28, 1), new byte[28 * 28], Optional.of(new int[1]), Optional.of(new float[][] {
                    {0, 0, 0, 1}
                }));
        for (String recipe : new String[] {"", "recipe-0-"}) {
            Path old = folder.resolve("made/" + recipe + "angle-90.0-train-1-test-1-seed-1.npz");
            new DerivedFile(old, Progress.SILENT).open(() -> new DataSets(image, image));
            assertThat(old).exists();
        }
        RotatedMnist turned = new RotatedMnist(new Settings(90, 1, 1, 1));
        assertThatThrownBy(() -> turned.open(new DataContext(folder.resolve("made"), 0, false, Progress.SILENT)))
                .isInstanceOf(IOException.class);
    }

    /** What is kept needs no digits, and what is damaged is made again. */
    @Test
    @Tag("real-data")
    void theFileThatIsKeptIsReadAndRepaired() throws IOException {
        Settings settings = new Settings(90, 30, 20, 1);
        DataSets made = open(settings);
        Path kept = folder.resolve("made/recipe-1-angle-90.0-train-30-test-20-seed-1.npz");
        byte[] sound = Files.readAllBytes(kept);
        DataSets read =
                new RotatedMnist(settings).open(new DataContext(folder.resolve("made"), 0, false, Progress.SILENT));
        assertThat(read.train().hash()).isEqualTo(made.train().hash());
        assertThat(read.test().poses().orElseThrow())
                .isDeepEqualTo(made.test().poses().orElseThrow());

        byte[] damaged = sound.clone();
        damaged[sound.length / 2] ^= 1;
        Files.write(kept, damaged);
        assertThat(open(settings).train().hash()).isEqualTo(made.train().hash());
        assertThat(kept).hasBinaryContent(sound);

        DataSets elsewhere = new NpzFile(new NpzFile.Settings(Optional.of(kept), "", "", "", "", 0.1, 1, false))
                .open(new DataContext(folder, 0, false, Progress.SILENT));
        assertThat(elsewhere.test().hash()).isEqualTo(made.test().hash());
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new Settings(181, 10, 10, 1)).hasMessage("angle must be from 0 to 180 but was 181.0");
        assertThatThrownBy(() -> new Settings(Double.NaN, 10, 10, 1)).hasMessageContaining("angle must be");
        assertThatThrownBy(() -> new Settings(60, 60_001, 10, 1))
                .hasMessage("train must be from 1 to 60000 but was 60001");
        assertThatThrownBy(() -> new Settings(60, 10, 0, 1)).hasMessage("test must be from 1 to 10000 but was 0");
    }
}
