package org.equipose.core.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

    private static final byte[] PIXELS = {0, 1, 127, -128, -1, 6, 7, 8, 9, 10, 11, 12};

    @TempDir
    private Path folder;

    @Test
    void readsImages() throws IOException {
        Idx images = read(idx(8, new int[] {2, 3, 2}, PIXELS), 3);
        assertThat(images.shape()).containsExactly(2, 3, 2);
        assertThat(images.values()).isEqualTo(PIXELS);
    }

    @Test
    void readsLabels() throws IOException {
        Idx labels = read(idx(8, new int[] {4}, new byte[] {3, 0, -1, 9}), 1);
        assertThat(labels.shape()).containsExactly(4);
        assertThat(labels.values()).containsExactly(3, 0, -1, 9);
    }

    @Test
    void readsFilesPlainAndCompressedWhateverTheirName() throws IOException {
        byte[] plain = idx(8, new int[] {2, 3, 2}, PIXELS);
        Path one = Files.write(folder.resolve("images"), plain);
        Path two = Files.write(folder.resolve("others"), gzip(plain));
        assertThat(Idx.read(one, 3).values()).isEqualTo(PIXELS);
        assertThat(Idx.read(two, 3).values()).isEqualTo(PIXELS);
    }

    @Test
    void readsAnEmptySet() throws IOException {
        assertThat(read(idx(8, new int[] {0, 28, 28}, new byte[0]), 3).values()).isEmpty();
    }

    @Test
    void namesTheFileThatIsMissing() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Idx.read(missing, 3))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void refusesOtherFiles() {
        refused("<html>".getBytes(US_ASCII), "is not an IDX file: it begins with 3c 68 instead of 00 00");
    }

    @Test
    void refusesAFileOfNothing() {
        refused(new byte[0], "is not an IDX file: it ends after 0 bytes");
        refused(new byte[] {0, 0, 8}, "is not an IDX file: it ends after 3 bytes");
    }

    @Test
    void refusesOtherTypes() {
        refused(idx(0x0d, new int[] {2, 3, 2}, PIXELS), "holds IDX values of type 0x0d; only unsigned bytes, 0x08");
    }

    @Test
    void refusesAnotherNumberOfAxes() {
        refused(idx(8, new int[] {12}, PIXELS), "has 1 axes but 3 were expected, as in a file of images");
        refused(idx(8, new int[] {1, 2, 3, 2}, PIXELS), "has 4 axes but 3 were expected");
        byte[] images = idx(8, new int[] {2, 3, 2}, PIXELS);
        refused(() -> read(images, 1), "has 3 axes but 1 were expected, as in a file of labels");
    }

    @Test
    void refusesATruncatedHeader() {
        byte[] whole = idx(8, new int[] {2, 3, 2}, PIXELS);
        for (int length = 4; length < 16; length++) {
            refused(Arrays.copyOf(whole, length), "is truncated: its header ends after " + length + " of 16 bytes");
        }
    }

    @Test
    void refusesTruncatedValues() {
        byte[] whole = idx(8, new int[] {2, 3, 2}, PIXELS);
        for (int values = 0; values < 12; values++) {
            refused(
                    Arrays.copyOf(whole, 16 + values),
                    "is truncated: it holds " + values + " values but its header says 2×3×2 = 12");
        }
    }

    @Test
    void refusesTrailingBytes() {
        byte[] whole = idx(8, new int[] {2, 3, 2}, PIXELS);
        refused(Arrays.copyOf(whole, whole.length + 1), "goes on after the 2×3×2 = 12 values");
    }

    @Test
    void refusesImagesOfNoSize() {
        refused(idx(8, new int[] {2, 0, 2}, new byte[0]), "claims the impossible size 2×0×2");
        refused(idx(8, new int[] {2, 3, 0}, new byte[0]), "claims the impossible size 2×3×0");
    }

    @Test
    void refusesSizesThatOverflow() {
        refused(idx(8, new int[] {-1, 28, 28}, PIXELS), "claims the impossible size 4294967295×28×28");
        // 2^31 values, one bit more than an int; 2^32, which is 0 in an int; and a product that is 0 even in a long.
        refused(idx(8, new int[] {1 << 11, 1 << 10, 1 << 10}, PIXELS), "claims the size 2048×1024×1024, more than");
        refused(idx(8, new int[] {1 << 12, 1 << 10, 1 << 10}, PIXELS), "claims the size 4096×1024×1024, more than");
        refused(idx(8, new int[] {1 << 30, 1 << 30, 1 << 4}, PIXELS), "claims the size 1073741824×1073741824×16");
    }

    @Test
    void takesNoMemoryForWhatIsNotThere() {
        // As large as an array can be, and far more than what the tests' heap holds.
        refused(
                idx(8, new int[] {Integer.MAX_VALUE - 8, 1, 1}, PIXELS),
                "holds 12 values but its header says 2147483639");
    }

    @Test
    void refusesDamagedCompression() throws IOException {
        byte[] whole = gzip(idx(8, new int[] {2, 3, 2}, PIXELS));
        refused(Arrays.copyOf(whole, whole.length - 9), "is a damaged gzip file");
        refused(Arrays.copyOf(whole, 5), "is a damaged gzip file");
        byte[] wrong = whole.clone();
        wrong[whole.length - 6] ^= 1;
        refused(wrong, "is a damaged gzip file");
    }

    @Test
    void putsImagesAndLabelsTogether() throws IOException {
        Idx images = read(idx(8, new int[] {2, 3, 2}, PIXELS), 3);
        Idx labels = read(idx(8, new int[] {2}, new byte[] {7, -1}), 1);
        Split split = images.with(labels);
        assertThat(split.count()).isEqualTo(2);
        assertThat(split.spec()).isEqualTo(new ImageSpec(3, 2, 1));
        assertThat(split.labels().orElseThrow()).containsExactly(7, 255);
        assertThat(split.value(0, 4)).isEqualTo(1);
        assertThat(split.value(1, 0)).isEqualTo(7 / 255f);
        assertThat(split.poses()).isEmpty();
    }

    @Test
    void refusesLabelsOfOtherImages() throws IOException {
        Idx images = read(idx(8, new int[] {2, 3, 2}, PIXELS), 3);
        Idx labels = Idx.read("labels", new ByteArrayInputStream(idx(8, new int[] {3}, new byte[3])), 1);
        assertThatThrownBy(() -> images.with(labels))
                .isInstanceOf(IOException.class)
                .hasMessage("digits has 2 images but labels has 3 labels");
    }

    private static void refused(byte[] content, String message) {
        refused(() -> read(content, 3), message);
    }

    private static void refused(ThrowingCallable reading, String message) {
        assertThatThrownBy(reading)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("digits ")
                .hasMessageContaining(message);
    }

    private static Idx read(byte[] content, int axes) throws IOException {
        return Idx.read("digits", new ByteArrayInputStream(content), axes);
    }

    private static byte[] idx(int type, int[] shape, byte[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
        buffer.put((byte) 0).put((byte) 0).put((byte) type).put((byte) shape.length);
        for (int size : shape) {
            buffer.putInt(size);
        }
        return buffer.put(values).array();
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
