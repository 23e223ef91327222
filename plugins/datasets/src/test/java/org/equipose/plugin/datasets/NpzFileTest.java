package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {

    private static final byte[] PIXELS = Written.noise(60, 1);
    private static final Npz.Array IMAGES = Npz.Array.of(PIXELS, 10, 2, 3);
    private static final Npz.Array LABELS = Npz.Array.of(new long[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 1_000_000}, 10);

    @TempDir
    private Path folder;

    @Test
    void readsWhatKerasWrites() throws IOException {
        DataSets data = open(
                "x_test", Npz.Array.of(Written.noise(24, 2), 4, 2, 3),
                "x_train", IMAGES,
                "y_train", Npz.Array.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, (byte) 200}, 10),
                "y_test", Npz.Array.of(new byte[] {3, 2, 1, 0}, 4));
        assertThat(data.spec()).isEqualTo(new ImageSpec(2, 3, 1));
        assertThat(data.train().pixels()).isEqualTo(PIXELS);
        assertThat(data.train().labels().orElseThrow()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 200);
        assertThat(data.test().pixels()).isEqualTo(Written.noise(24, 2));
        assertThat(data.test().labels().orElseThrow()).containsExactly(3, 2, 1, 0);
    }

    @Test
    void takesTheNamesItIsGiven() throws IOException {
        write(
                "images",
                Npz.Array.of(new byte[12], 2, 2, 3),
                "pictures",
                IMAGES,
                "kinds",
                LABELS,
                "few",
                Npz.Array.of(new int[2], 2));
        DataSets data = Written.open(new NpzFile(settings("pictures", "kinds", "images", "few", false)));
        assertThat(data.train().count()).isEqualTo(10);
        assertThat(data.test().count()).isEqualTo(2);
    }

    @Test
    void keepsAShareToTestOn() throws IOException {
        DataSets data = open("images", IMAGES, "labels", LABELS);
        assertThat(data.train().count()).isEqualTo(9);
        assertThat(data.test().count()).isEqualTo(1);
        assertThat(data.train().labels().orElseThrow()).hasSize(9);
        assertThat(open("x", IMAGES).train().labels()).isEmpty();
    }

    @Test
    void readsColour() throws IOException {
        DataSets data = open("x_train", Npz.Array.of(PIXELS, 5, 2, 2, 3), "x_test", Npz.Array.of(PIXELS, 5, 2, 2, 3));
        assertThat(data.spec()).isEqualTo(new ImageSpec(2, 2, 3));
        assertThat(data.train().pixels()).isEqualTo(PIXELS);
        assertThat(open("x", Npz.Array.of(PIXELS, 5, 4, 3, 1)).spec()).isEqualTo(new ImageSpec(4, 3, 1));
    }

    @Test
    void roundsFloatsToBytes() throws IOException {
        float[] floats = {0, 1, 0.5f, 100 / 255f, 100.49f / 255, 100.51f / 255};
        double[] doubles = {0, 1, 0.5, 100 / 255.0, 100.49 / 255, 100.51 / 255};
        for (Npz.Array array : new Npz.Array[] {Npz.Array.of(floats, 2, 1, 3), Npz.Array.of(doubles, 2, 1, 3)}) {
            DataSets data = open("x_train", array, "x_test", array);
            assertThat(data.train().pixels()).containsExactly(0, 255, 128, 100, 100, 101);
        }
    }

    @Test
    void inverts() throws IOException {
        write(
                "x_train",
                Npz.Array.of(new byte[] {0, 100, (byte) 255}, 1, 1, 3),
                "x_test",
                Npz.Array.of(new byte[3], 1, 1, 3));
        DataSets data = Written.open(new NpzFile(settings("", "", "", "", true)));
        assertThat(data.train().pixels()).containsExactly(255, 155, 0);
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws IOException {
        assertThatThrownBy(() -> Written.open(new NpzFile()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no file is named; give one with --set dataset.npz.path=FILE");
        refused("there is no " + file() + " in ");
        Files.createDirectory(file());
        refused(file() + " is not a file; dataset.npz.path must name one");
        Files.delete(file());
        Files.writeString(file(), "not a zip");
        refused(file() + " is not a readable .npz file");
        refused("save it again with numpy.savez");
        write("a", IMAGES, "b", LABELS);
        refused("none of the arrays of " + file()
                + " (a, b) is known to be the images; say which with dataset.npz.images");
    }

    @Test
    void saysWhatIsWrongWithAnArray() throws IOException {
        write("x", LABELS);
        refused(file() + ": x has the shape [10]; images must be [n, height, width] or [n, height, width, channels]");
        write("x", Npz.Array.of(PIXELS, 5, 3, 2, 2));
        refused(file() + ": x has the shape [5, 3, 2, 2], which are 2 channels; images have 1 or 3, which come last");
        write("x", Npz.Array.of(new byte[0], 0, 65536, 65536));
        refused(file() + ": x has the shape [0, 65536, 65536] and holds no image");
        write("x", Npz.Array.of(new int[6], 1, 2, 3));
        refused(file() + ": x holds values of type INT32; save images as uint8, or as floats from 0 to 1");
        for (float wrong : new float[] {-0.01f, 1.01f, 255, Float.NaN}) {
            write("x", Npz.Array.of(new float[] {0, wrong}, 2, 1, 1));
            refused(file() + ": x holds the value ");
        }
        write("x", Npz.Array.of(new byte[6], 1, 2, 3));
        refused(file() + " holds a single image");
        write("x_train", IMAGES, "x_test", Npz.Array.of(PIXELS, 10, 3, 2));
        refused("x_train holds images of 2×3×1 but x_test of 3×2×1");
    }

    @Test
    void saysWhatIsWrongWithLabels() throws IOException {
        write("x", IMAGES, "y", Npz.Array.of(new long[9], 9));
        refused(file() + ": y holds 9 labels but x 10 images");
        write("x", IMAGES, "y", Npz.Array.of(new int[10], 10, 1));
        refused(file() + ": y has the shape [10, 1]; labels must be [n]");
        write("x", IMAGES, "y", Npz.Array.of(new float[10], 10));
        refused(file() + ": y holds values of type FLOAT32; save labels as uint8, int32 or int64");
        for (long wrong : new long[] {-1, 1_000_001, Long.MAX_VALUE, Long.MIN_VALUE}) {
            write("x", IMAGES, "y", Npz.Array.of(new long[] {0, 1, 2, 3, 4, 5, 6, 7, 8, wrong}, 10));
            refused(file() + ": y holds the label " + wrong + "; classes are numbered from 0 to at most 1000000");
        }
        write("x", IMAGES, "y_test", LABELS);
        refused("labels y_test of test images that are not named");
        write("x_train", IMAGES, "x_test", IMAGES, "y_train", LABELS);
        refused("has labels for only one of x_train and x_test");
        write("x", IMAGES);
        assertThatThrownBy(() -> Written.open(new NpzFile(settings("", "z", "", "", false))))
                .hasMessage(file() + " has no array z, only x; change dataset.npz.labels");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Written.open(new NpzFile(settings("", "", "", "", false))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    private Path file() {
        return folder.resolve("some.npz");
    }

    private DataSets open(Object... namesAndArrays) throws IOException {
        write(namesAndArrays);
        return Written.open(new NpzFile(settings("", "", "", "", false)));
    }

    private void write(Object... namesAndArrays) throws IOException {
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < namesAndArrays.length; i += 2) {
            arrays.put((String) namesAndArrays[i], (Npz.Array) namesAndArrays[i + 1]);
        }
        Written.npz(file(), arrays);
    }

    private NpzFile.Settings settings(
            String images, String labels, String testImages, String testLabels, boolean invert) {
        return new NpzFile.Settings(Optional.of(file()), images, labels, testImages, testLabels, 0.1, 1, invert);
    }
}
