package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final double[] X = {1, 10, 100};

    @Test
    void everySeriesIsSeenInItsColour() throws IOException {
        Chart one = Chart.of("Likelihood", "importance samples K", "nats per image")
                .with("tvae", Chart.Kind.LINE, X, new double[] {-100, -95, -93});
        Chart two = one.with("vae", Chart.Kind.POINTS, X, new double[] {-110, -104, -101});
        Chart three = two.with("both", Chart.Kind.HISTOGRAM, X, new double[] {-120, -119, -118})
                .logarithmicX();
        assertThat(of(one.image(), 0x0072b2)).isPositive();
        assertThat(of(one.image(), 0xd55e00)).isZero();
        assertThat(of(two.image(), 0xd55e00)).isPositive();
        assertThat(of(three.image(), 0x009e73)).isPositive();
        String folder = System.getProperty("equipose.test.pictures");
        if (folder != null) {
            ImageIO.write(three.image(), "png", new File(folder, "chart.png"));
        }
    }

    /** What is like an earlier series has its colour and takes none from those that follow. */
    @Test
    void comparedSeriesShareAColour() {
        double[] below = {-110, -104, -101};
        Chart.Series ours = new Chart.Series("ours", Chart.Kind.LINE, X, new double[] {-100, -95, -93});
        Chart.Series theirs = new Chart.Series("theirs", Chart.Kind.POINTS, X, below, "ours");
        Chart.Series other = new Chart.Series("other", Chart.Kind.LINE, X, new double[] {-90, -91, -92});
        BufferedImage image = new Chart("", "x", "y", false, false, List.of(ours, theirs, other)).image();
        BufferedImage without = new Chart("", "x", "y", false, false, List.of(ours, other)).image();
        assertThat(of(image, 0x0072b2)).isGreaterThan(of(without, 0x0072b2) / 2).isPositive();
        assertThat(of(image, 0xd55e00)).isPositive();
        assertThat(of(image, 0x009e73)).isZero();
    }

    /** A legend of many series stands beside the picture and not below it, where it would be cut off. */
    @Test
    void manySeriesMakeAWideChart() {
        Chart chart = Chart.of("", "x", "y").with("0", Chart.Kind.LINE, X, X);
        int narrow = chart.image().getWidth();
        for (int i = 1; i < 6; i++) {
            chart = chart.with("series " + i, Chart.Kind.LINE, X, X);
        }
        assertThat(chart.image().getWidth()).isGreaterThan(narrow);
    }

    @Test
    void aSquareChartIsSquare() {
        BufferedImage image = Chart.of("", "z1", "z2")
                .with("", Chart.Kind.POINTS, X, X)
                .squared()
                .image();
        assertThat(image.getWidth()).isEqualTo(image.getHeight());
    }

    @Test
    void aGridHoldsEveryChart() {
        Chart blue = Chart.of("", "x", "y").with("", Chart.Kind.LINE, X, X);
        BufferedImage one = Chart.grid(List.of(blue), 1);
        BufferedImage three = Chart.grid(List.of(blue, blue, blue), 2);
        assertThat(three.getWidth()).isEqualTo(2 * one.getWidth());
        assertThat(three.getHeight()).isEqualTo(2 * one.getHeight());
        assertThat(of(three, 0x0072b2)).isEqualTo(3 * of(one, 0x0072b2)).isPositive();
        assertThat(three.getRGB(three.getWidth() - 1, three.getHeight() - 1) & 0xffffff)
                .isEqualTo(0xffffff);
    }

    @Test
    void unevenSeriesAreRefused() {
        assertThatThrownBy(() -> Chart.of("", "x", "y").with("s", Chart.Kind.LINE, X, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("series s has 3 x and 2 y");
    }

    private static long of(BufferedImage image, int colour) {
        long count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xffffff) == colour) {
                    count++;
                }
            }
        }
        return count;
    }
}
