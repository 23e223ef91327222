package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.equipose.core.data.ImageSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
    private static final ImageSpec GREY = new ImageSpec(2, 3, 1);

    @TempDir
    Path folder;

    @Test
    void pixelsAreSquaresOfClampedGrey() {
        float[] image = {0, 0.5f, 1, -3, 7, Float.NaN};
        BufferedImage picture =
                new ImageGrid(GREY, new float[][] {image}, 1).scale(4).image();
        // Margin 12, line 2, tile 12 × 8.
        assertThat(picture.getWidth()).isEqualTo(12 + 2 + 12 + 2 + 12);
        assertThat(picture.getHeight()).isEqualTo(12 + 2 + 8 + 2 + 12);
        int[] expected = {0x000000, 0x808080, 0xffffff, 0x000000, 0xffffff, 0x000000};
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 12; x++) {
                assertThat(picture.getRGB(14 + x, 14 + y) & 0xffffff).isEqualTo(expected[y / 4 * 3 + x / 4]);
            }
        }
        assertThat(picture.getRGB(13, 13) & 0xffffff).isEqualTo(0x9a9a9a);
        assertThat(picture.getRGB(26, 22) & 0xffffff).isEqualTo(0x9a9a9a);
        assertThat(picture.getRGB(11, 11) & 0xffffff).isEqualTo(0xffffff);
    }

    @Test
    void coloursAreRedGreenBlue() {
        float[] image = {1, 0, 0, 0, 1, 0.2f};
        BufferedImage picture = new ImageGrid(new ImageSpec(1, 2, 3), new float[][] {image}, 1)
                .scale(1)
                .image();
        assertThat(picture.getRGB(14, 14) & 0xffffff).isEqualTo(0xff0000);
        assertThat(picture.getRGB(15, 14) & 0xffffff).isEqualTo(0x00ff33);
    }

    @Test
    void imagesFillRowsAndEmptyPlacesStayPaper() {
        float[] black = new float[6];
        ImageGrid grid = new ImageGrid(GREY, new float[][] {black, null, black}, 2).scale(4);
        assertThat(grid.rows()).isEqualTo(2);
        BufferedImage picture = grid.image();
        assertThat(picture.getRGB(14, 14) & 0xffffff).isZero();
        assertThat(picture.getRGB(14 + 14, 14) & 0xffffff).isEqualTo(0xffffff);
        assertThat(picture.getRGB(14, 14 + 10) & 0xffffff).isZero();
        assertThat(picture.getRGB(14 + 14, 14 + 10) & 0xffffff).isEqualTo(0xffffff);
    }

    @Test
    void everyLetterHasAGlyphOfItsOwnAndOthersAreMarked() {
        long different = java.util.stream.IntStream.rangeClosed(32, 126)
                .mapToObj(c -> pixels(Character.toString(c)))
                .distinct()
                .count();
        assertThat(different).isEqualTo(95);
        assertThat(pixels("y′")).isEqualTo(pixels("y'"));
        assertThat(pixels("−1")).isEqualTo(pixels("-1"));
        assertThat(pixels("λ")).isEqualTo(pixels("?"));
        assertThat(pixels("28×28")).isNotEqualTo(pixels("28?28"));
        assertThat(PixelFont.width("")).isZero();
    }

    private static List<Integer> pixels(String text) {
        BufferedImage image = new BufferedImage(60, PixelFont.HEIGHT, BufferedImage.TYPE_INT_RGB);
        PixelFont.draw(image, text, 0, 0, 1, 0xffffff);
        java.util.ArrayList<Integer> pixels = new java.util.ArrayList<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                pixels.add(image.getRGB(x, y));
            }
        }
        return pixels;
    }

    @Test
    void captionsOfAnyLengthHaveRoom() {
        float[][] images = new float[6][6];
        for (String caption : List.of("y", "a caption much wider than the images below it gjpqy")) {
            BufferedImage picture = new ImageGrid(GREY, images, 3)
                    .scale(2)
                    .title(caption)
                    .columnCaptions(caption, caption, "g")
                    .rowCaptions(caption)
                    .image();
            assertThat(picture.getWidth()).isLessThan(4 * 12 * caption.length() + 100);
        }
    }

    @Test
    void theFileIsTheSameEveryTime() throws IOException {
        ImageGrid grid = new ImageGrid(GREY, new float[][] {{0, 1, 0, 1, 0, 1}}, 1).title("one");
        Path one = folder.resolve("samples/epoch-001.png");
        Path two = folder.resolve("samples/epoch-002.png");
        grid.write(one);
        grid.write(two);
        assertThat(one).hasSameBinaryContentAs(two);
        assertThat(ImageIO.read(one.toFile()).getHeight())
                .isEqualTo(grid.image().getHeight());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        float[][] one = {new float[6]};
        assertThatThrownBy(() -> new ImageGrid(GREY, new float[][] {new float[5]}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image of 2×3×1 has 6 values, not 5");
        assertThatThrownBy(() -> new ImageGrid(new ImageSpec(1, 1, 2), one, 1))
                .hasMessageContaining("2 channels cannot be shown");
        assertThatThrownBy(() -> new ImageGrid(GREY, new float[0][], 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ImageGrid(GREY, one, 1).columnCaptions("a", "b"))
                .hasMessage("there are 2 captions for 1 columns");
        assertThatThrownBy(() -> new ImageGrid(GREY, one, 1).rowCaptions("a", "b"))
                .hasMessage("there are 2 captions for 1 rows");
    }
}
