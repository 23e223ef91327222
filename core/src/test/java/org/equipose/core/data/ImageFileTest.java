package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.offset;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif"})
    void readsEveryGreyValueAsItIs(String format) throws IOException {
        BufferedImage ramp = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 256; i++) {
            ramp.getRaster().setSample(i % 16, i / 16, 0, i);
        }
        Path file = write(ramp, format);
        byte[] expected = new byte[256];
        for (int i = 0; i < 256; i++) {
            expected[i] = (byte) i;
        }
        assertThat(ImageFile.size(file)).isEqualTo(new ImageSpec(16, 16, 1));
        assertThat(read(file, 16, 16, 1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"})
    void readsColourAsItIsAndAsLuminance(String format) throws IOException {
        BufferedImage image = new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB);
        int[] colours = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff, 0x102030, 0x808080};
        for (int i = 0; i < 6; i++) {
            image.setRGB(i % 2, i / 2, colours[i]);
        }
        Path file = write(image, format);
        assertThat(ImageFile.size(file)).isEqualTo(new ImageSpec(3, 2, 3));
        byte[] pixels = read(file, 3, 2, 3);
        assertThat(HexFormat.of().formatHex(pixels)).isEqualTo("ff000000ff000000ffffffff102030808080");
        // 0.299·255, 0.587·255, 0.114·255, 255, 0.299·16 + 0.587·32 + 0.114·48 = 29.04, 128
        assertThat(read(file, 3, 2, 1)).containsExactly(76, 150, 29, 255, 29, 128);
    }

    @Test
    void repeatsGreyForColour() throws IOException {
        Path file = write(grey(1, 2, 7, 200), "png");
        assertThat(read(file, 1, 2, 3)).containsExactly(7, 7, 7, 200, 200, 200);
    }

    @Test
    void readsPalettes() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
        image.setRGB(0, 0, 0xff0000);
        image.setRGB(1, 0, 0x00ff00);
        for (String format : List.of("png", "gif", "bmp")) {
            assertThat(read(write(image, format), 1, 2, 3)).as(format).containsExactly(255, 0, 0, 0, 255, 0);
        }
        BufferedImage bits = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.setRGB(1, 0, 0xffffff);
        Path file = write(bits, "png");
        assertThat(ImageFile.size(file).channels()).isEqualTo(1);
        assertThat(read(file, 1, 2, 1)).containsExactly(0, 255);
    }

    @Test
    void roundsSixteenBits() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 65535);
        image.getRaster().setSample(1, 0, 0, 100 * 257 + 128);
        image.getRaster().setSample(2, 0, 0, 100 * 257 + 129);
        assertThat(read(write(image, "png"), 1, 3, 1)).containsExactly(255, 100, 101);
    }

    @Test
    void transparentIsBlackAlsoWhenInverted() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00ffffff);
        image.setRGB(1, 0, 0x80ffffff);
        image.setRGB(2, 0, 0xff000000);
        Path file = write(image, "png");
        assertThat(read(file, 1, 3, 1)).containsExactly(0, 128, 0);
        assertThat(ImageFile.read(file, new ImageSpec(1, 3, 1), false, true)).containsExactly(0, 0, 255);
    }

    @Test
    void readsJpegNearly() throws IOException {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i % 16, i / 16, 0xc86432);
        }
        byte[] pixels = read(write(image, "jpg"), 16, 16, 3);
        for (int i = 0; i < pixels.length; i++) {
            assertThat(pixels[i] & 0xff)
                    .isBetween(new int[] {200, 100, 50}[i % 3] - 3, new int[] {200, 100, 50}[i % 3] + 3);
        }
        Path grey = write(grey(16, 16, filled(256, 77)), "jpg");
        assertThat(ImageFile.size(grey)).isEqualTo(new ImageSpec(16, 16, 1));
        assertThat(read(grey, 16, 16, 1)).containsOnly(77);
    }

    @Test
    void inverts() throws IOException {
        Path file = write(grey(1, 3, 0, 100, 255), "png");
        assertThat(ImageFile.read(file, new ImageSpec(1, 3, 1), false, true)).containsExactly(255, 155, 0);
    }

    @Test
    void averagesOverAreas() throws IOException {
        Path file = write(grey(4, 4, 0, 2, 10, 10, 4, 6, 10, 10, 100, 0, 1, 2, 0, 0, 3, 5), "png");
        assertThat(resized(file, 2, 2)).containsExactly(3, 10, 25, 3);
        // Each third of three pixels covers one and a third of four: weights 3/4 and 1/4 in each direction.
        Path row = write(grey(4, 4, 0, 40, 80, 120, 0, 40, 80, 120, 0, 40, 80, 120, 0, 40, 80, 120), "png");
        assertThat(resized(row, 3, 3)).containsExactly(10, 60, 110, 10, 60, 110, 10, 60, 110);
        assertThat(resized(write(grey(1, 1, 9), "png"), 2, 2)).containsExactly(9, 9, 9, 9);
    }

    @Test
    void keepsProportionsAndCentresOnBlack() throws IOException {
        Path wide = write(grey(2, 4, filled(8, 200)), "png");
        assertThat(resized(wide, 4, 4)).containsExactly(0, 0, 0, 0, 200, 200, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0);
        Path tall = write(grey(4, 1, filled(4, 50)), "png");
        assertThat(ImageFile.read(tall, new ImageSpec(2, 3, 1), true, true)).containsExactly(0, 205, 0, 0, 205, 0);
    }

    @Test
    void keepsTheMeanOfAnyPictureThatFills() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        int[] values = random.ints(37 * 37, 0, 256).toArray();
        byte[] scaled = resized(write(grey(37, 37, values), "png"), 11, 11);
        double mean = 0;
        for (byte value : scaled) {
            mean += (value & 0xff) / 121.0;
        }
        // Rounding moves each of 121 values by up to a half, independently.
        assertThat(mean).isCloseTo(Arrays.stream(values).average().orElseThrow(), offset(0.15));
    }

    @Test
    void refusesAnotherSize() throws IOException {
        Path file = write(grey(2, 3, 1, 2, 3, 4, 5, 6), "png");
        assertThatThrownBy(() -> read(file, 28, 29, 1))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " is 2×3 but 28×29 is wanted (height×width); scale it or ask for resize");
        assertThatThrownBy(() -> read(file, 2, 3, 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot become an image of 2×3×2");
    }

    @Test
    void refusesWhatIsNoPicture() throws IOException {
        refused(folder, "is a folder, not a picture");
        refused(folder.resolve("missing.png"), "there is no picture " + folder.resolve("missing.png"));
        refused(file(new byte[0]), "is empty");
        refused(file("<svg>".getBytes(StandardCharsets.US_ASCII)), "is not a PNG, JPEG, GIF or BMP picture");
        refused(file(new byte[1000]), "is not a PNG, JPEG, GIF or BMP picture");
    }

    @ParameterizedTest
    @CsvSource({"png", "jpg", "gif", "bmp"})
    void refusesEveryTruncation(String format) throws IOException {
        byte[] whole = Files.readAllBytes(write(noise(20, 20), format));
        for (int length = 1; length < whole.length - (format.equals("gif") ? 1 : 0); length += 7) {
            Path file = file(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(file, 20, 20, 1))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void anyDamageGivesAPictureOrAnIoException(String format) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        byte[] whole = Files.readAllBytes(write(noise(12, 12), format));
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] bad = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                // Most of the time in the headers, where the most can go wrong.
                int most = random.nextInt(4) == 0 ? bad.length : Math.min(60, bad.length);
                bad[random.nextInt(most)] ^= (byte) (1 << random.nextInt(8));
            }
            Path file = file(bad);
            try {
                assertThat(ImageFile.read(file, new ImageSpec(12, 12, 3), true, false))
                        .hasSize(432);
                ImageFile.size(file);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith(file.toString()).hasMessageContaining("; ");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void noticesEveryFlippedBitOfAPng() throws IOException {
        byte[] whole = Files.readAllBytes(write(noise(5, 5), "png"));
        for (int i = 0; i < whole.length * 8; i++) {
            byte[] bad = whole.clone();
            bad[i / 8] ^= (byte) (1 << i % 8);
            Path file = file(bad);
            assertThatThrownBy(() -> read(file, 5, 5, 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file.toString());
        }
    }

    @Test
    void takesNoMemoryForWhatIsClaimed() throws IOException {
        byte[] png = Files.readAllBytes(write(grey(2, 2, 1, 2, 3, 4), "png"));
        ByteBuffer header = ByteBuffer.wrap(png);
        header.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        header.putInt(29, (int) crc.getValue());
        refused(file(png), "claims to be 60000×60000, more than the 33554432 pixels that are read; save it smaller");
        byte[] bmp = Files.readAllBytes(write(grey(2, 2, 1, 2, 3, 4), "bmp"));
        ByteBuffer size = ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN);
        size.putInt(18, 20_000).putInt(22, 20_000);
        refused(file(bmp), "claims to be 20000×20000");
        size.putInt(18, 60_000).putInt(22, 60_000);
        refused(file(bmp), "is damaged");
    }

    @Test
    void refusesCmyk() throws IOException {
        // A JPEG file whose frame has four components; Java's reader takes one or three.
        byte[] jpeg = Files.readAllBytes(write(noise(8, 8), "jpg"));
        ByteArrayOutputStream cmyk = new ByteArrayOutputStream();
        for (int i = 0; i < jpeg.length; i++) {
            boolean frame = jpeg[i] == (byte) 0xff && i + 1 < jpeg.length && jpeg[i + 1] == (byte) 0xc0;
            boolean scan = jpeg[i] == (byte) 0xff && i + 1 < jpeg.length && jpeg[i + 1] == (byte) 0xda;
            if (frame) {
                cmyk.write(new byte[] {(byte) 0xff, (byte) 0xc0, 0, 20, 8, 0, 8, 0, 8, 4});
                for (int c = 1; c <= 4; c++) {
                    cmyk.write(new byte[] {(byte) c, 0x11, 0});
                }
                i += 2 + 11 - 1;
            } else if (scan) {
                cmyk.write(new byte[] {(byte) 0xff, (byte) 0xda, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0});
                i += 2 + 8 - 1;
            } else {
                cmyk.write(jpeg[i]);
            }
        }
        Path file = file(cmyk.toByteArray());
        refused(file, "a JPEG file of a kind that is not read");
        refused(file, "save it again as PNG");
    }

    @Test
    void refusesAnimations() throws IOException {
        byte[] png = Files.readAllBytes(write(grey(2, 2, 1, 2, 3, 4), "png"));
        ByteArrayOutputStream animated = new ByteArrayOutputStream();
        animated.write(png, 0, 33);
        ByteBuffer control = ByteBuffer.allocate(20);
        control.putInt(8)
                .put("acTL".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(0);
        CRC32 crc = new CRC32();
        crc.update(control.array(), 4, 12);
        animated.write(control.putInt((int) crc.getValue()).array());
        animated.write(png, 33, png.length - 33);
        refused(file(animated.toByteArray()), "holds several images; save one of them as PNG");

        byte[] gif = Files.readAllBytes(write(grey(2, 2, 1, 2, 3, 4), "gif"));
        int frame = 13 + 3 * (2 << (gif[10] & 7));
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.write(gif, 0, gif.length - 1);
        twice.write(gif, frame, gif.length - frame);
        refused(file(twice.toByteArray()), "holds several images");
    }

    private static void refused(Path file, String message) {
        for (boolean whole : new boolean[] {true, false}) {
            assertThatThrownBy(() -> {
                        if (whole) {
                            read(file, 8, 8, 1);
                        } else {
                            ImageFile.read(file, ImageFile.size(file), false, false);
                            fail("read " + file);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(message);
        }
    }

    private static byte[] read(Path file, int height, int width, int channels) throws IOException {
        return ImageFile.read(file, new ImageSpec(height, width, channels), false, false);
    }

    private static byte[] resized(Path file, int height, int width) throws IOException {
        return ImageFile.read(file, new ImageSpec(height, width, 1), true, false);
    }

    private static int[] filled(int count, int value) {
        int[] values = new int[count];
        Arrays.fill(values, value);
        return values;
    }

    private static BufferedImage grey(int height, int width, int... values) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < values.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, values[i]);
        }
        return image;
    }

    private static BufferedImage noise(int height, int width) {
        return grey(
                height,
                width,
                new SplittableRandom(5).ints((long) height * width, 0, 256).toArray());
    }

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = Files.createTempFile(folder, "picture", "." + format);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("picture"), content);
    }
}
