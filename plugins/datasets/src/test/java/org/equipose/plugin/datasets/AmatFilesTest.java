package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.plugin.datasets.AmatFiles.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmatFilesTest {
    @TempDir
    Path folder;

    private DataSets open(String train, boolean transposed) throws IOException {
        Path file = Files.writeString(folder.resolve("train.amat"), train);
        return Written.open(new AmatFiles(new Settings(Optional.of(file), Optional.of(file), transposed, 0.1, 1)));
    }

    /** Two images of 2×2: with the layout of numpy.savetxt, and with three blanks before each number as MATLAB writes. */
    @Test
    void valuesAreRoundedToBytesAndTheLastNumberIsTheLabel() throws IOException {
        DataSets data =
                open("0.0000000e+00 1.000000e+00 5.019608e-01 2.5e-01 7.0\n\n   0.1   0.2   0.3   0.4   3\n", false);
        assertThat(data.spec()).isEqualTo(new ImageSpec(2, 2, 1));
        assertThat(data.train().pixels()).containsExactly(0, 255, 128, 64, 26, 51, 77, 102);
        assertThat(data.train().labels().orElseThrow()).containsExactly(7, 3);
        assertThat(data.train().poses()).isEmpty();
        assertThat(data.test().hash()).isEqualTo(data.train().hash());
    }

    /** Stored column by column, the second number is below the first. */
    @Test
    void transposedImagesAreStoredByColumns() throws IOException {
        String line = "0 0.2 0.4 0.6 0.8 1 0 0.2 0.4 5";
        assertThat(open(line, false).train().pixels()).containsExactly(0, 51, 102, 153, 204, 255, 0, 51, 102);
        assertThat(open(line, true).train().pixels()).containsExactly(0, 153, 0, 51, 204, 51, 102, 255, 102);
    }

    @Test
    void manyLinesAreRead() throws IOException {
        byte[] values = Written.noise(1234 * 4, 5);
        Path file = Written.amat(folder.resolve("many.amat"), values, Written.threeClasses(1234));
        DataSets data = Written.open(new AmatFiles(new Settings(Optional.of(file), Optional.of(file), false, 0.1, 1)));
        assertThat(data.train().pixels()).isEqualTo(values);
        assertThat(data.train().labels().orElseThrow()[1233]).isZero();
    }

    @Test
    void withoutATestFileAShareIsKept() throws IOException {
        Path file = Written.amat(folder.resolve("one.amat"), Written.noise(40, 5), Written.threeClasses(10));
        DataSets data = Written.open(new AmatFiles(new Settings(Optional.of(file), Optional.empty(), false, 0.3, 1)));
        assertThat(data.train().count()).isEqualTo(7);
        assertThat(data.test().count()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 0 0 1;0 0 0 x 1 | :2, number 4 is 'x', which is no number",
                "0 0 0 0 1;;0 0 0 1 | :3 has 4 numbers but the first image has 5; repair the line or fetch the file again",
                "0 0 0 0 1;0 0 0 0 1 1 | :2 has 6 numbers but the first image has 5",
                "0 0 0 1 | :1 has 4 numbers; a line must hold a square image and its label, 785 numbers for one of 28×28, and at most 1024×1024",
                "7 | :1 has 1 numbers; a line must hold a square image",
                "0 1.5 0 0 1 | :1, number 2 is 1.5; values of images go from 0 to 1",
                "0 0 NaN 0 1 | :1, number 3 is NaN; values of images go from 0 to 1",
                "0 0 0 0 1.5 | :1 ends with 1.5; the last number is the label, a whole number from 0",
                "0 0 0 0 -1 | :1 ends with -1; the last number is the label",
                "0 0 0 0 one | :1, the label is 'one', which is no number",
                "; | ' holds no image; name another file'",
            })
    void mistakesAreNamedWithTheirLine(String lines, String message) {
        assertThatThrownBy(() -> open(lines.replace(';', '\n'), false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve("train.amat") + message);
    }

    /** The label does not count. */
    @Test
    void theLargestImageIsOf1024Pixels() throws IOException {
        assertThat(open("0 ".repeat(1024 * 1024) + "1", false).spec()).isEqualTo(new ImageSpec(1024, 1024, 1));
        assertThatThrownBy(() -> open("0 ".repeat(1025 * 1025) + "1", false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("at most 1024×1024");
    }

    /** An array of Java holds 2047 images of a million pixels. */
    @Test
    void moreThanAnArrayHoldsIsRefused() throws IOException {
        Path file = folder.resolve("huge.amat");
        assertThat(AmatFiles.room(file, 0, 4)).isEqualTo(16);
        assertThat(AmatFiles.room(file, 100, 4)).isEqualTo(150);
        assertThat(AmatFiles.room(file, 1500, 1 << 20)).isEqualTo(2047);
        assertThat(AmatFiles.room(file, Integer.MAX_VALUE - 20, 1)).isEqualTo(Integer.MAX_VALUE - 8);
        assertThatThrownBy(() -> AmatFiles.room(file, 2047, 1 << 20))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " holds more than 2047 images of 1048576 values");
    }

    @Test
    void whatIsNoTextFileIsRefused() throws IOException {
        assertThatThrownBy(() -> Written.open(new AmatFiles()))
                .hasMessageStartingWith("no file is named; give one with --set dataset.amat.train=FILE");
        assertThatThrownBy(() ->
                        Written.open(new AmatFiles(new Settings(Optional.of(folder), Optional.empty(), false, 0.1, 1))))
                .hasMessage(folder + " is a folder; dataset.amat.train must name a file");
        Path absent = folder.resolve("absent.amat");
        assertThatThrownBy(() ->
                        Written.open(new AmatFiles(new Settings(Optional.of(absent), Optional.empty(), false, 0.1, 1))))
                .hasMessageStartingWith("there is no " + absent);
        Path zip = Files.write(folder.resolve("new.zip"), new byte[] {'P', 'K', 3, 4, (byte) 0xff, (byte) 0x9c});
        assertThatThrownBy(() ->
                        Written.open(new AmatFiles(new Settings(Optional.of(zip), Optional.empty(), false, 0.1, 1))))
                .hasMessage(zip + " is not a text file; unpack it if it is an archive, or name another");
    }

    @Test
    void bothFilesMustHoldImagesOfOneSize() throws IOException {
        Path small = Written.amat(folder.resolve("small.amat"), Written.noise(40, 5), Written.threeClasses(10));
        Path large = Written.amat(folder.resolve("large.amat"), Written.noise(90, 5), Written.threeClasses(10));
        assertThatThrownBy(() -> Written.open(
                        new AmatFiles(new Settings(Optional.of(small), Optional.of(large), false, 0.1, 1))))
                .hasMessage(small + " holds images of 2×2×1 but " + large
                        + " of 3×3×1; training and test images must have one size");
    }
}
