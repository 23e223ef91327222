package org.equipose.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** Compares with a second implementation: loops over pixels, in double precision. */
class BilinearSamplingTest {
    private static final int ROWS = 3;

    private final double[] image;
    private final double[] dx;
    private final double[] dy;
    private final double[] upstream;
    private final Random random = new Random(7);

    BilinearSamplingTest() {
        image = uniform(ROWS * 7 * 6 * 3, 0, 1);
        dx = uniform(ROWS * 9 * 8, -1.3, 1.3); // far enough for a good part to fall outside
        dy = uniform(ROWS * 9 * 8, -1.3, 1.3);
        upstream = uniform(ROWS * 9 * 8 * 3, -1, 1);
    }

    /** Rounded to float, so that both precisions see the same inputs. */
    private double[] uniform(int count, double low, double high) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> (float) (low + (high - low) * random.nextDouble()));
        return values;
    }

    /** Value and gradients. */
    private record Sampled(double[] value, double[] toImage, double[] toX, double[] toY) {}

    private Sampled plain(int height, int width, int channels, Grid grid, boolean zeroOutside) {
        Sampled s = new Sampled(
                new double[ROWS * grid.points() * channels],
                new double[ROWS * height * width * channels],
                new double[ROWS * grid.points()],
                new double[ROWS * grid.points()]);
        for (int row = 0; row < ROWS; row++) {
            for (int p = 0; p < grid.points(); p++) {
                int at = row * grid.points() + p;
                double x = (grid.x(p) + dx[at] + 1) / 2 * (width - 1);
                double y = (grid.y(p) + dy[at] + 1) / 2 * (height - 1);
                boolean moves = true;
                boolean movesY = true;
                if (!zeroOutside) {
                    moves = x > 0 && x < width - 1;
                    movesY = y > 0 && y < height - 1;
                    x = Math.min(Math.max(x, 0), width - 1);
                    y = Math.min(Math.max(y, 0), height - 1);
                }
                // Every pixel near enough has a say: the tent function, its slope, and no case distinction.
                for (int i = 0; i < height; i++) {
                    for (int j = 0; j < width; j++) {
                        double tentX = Math.max(0, 1 - Math.abs(x - j));
                        double tentY = Math.max(0, 1 - Math.abs(y - i));
                        double slopeX = moves && tentX > 0 ? -Math.signum(x - j) : 0;
                        double slopeY = movesY && tentY > 0 ? -Math.signum(y - i) : 0;
                        for (int c = 0; c < channels; c++) {
                            int pixel = ((row * height + i) * width + j) * channels + c;
                            int result = at * channels + c;
                            s.value[result] += tentX * tentY * image[pixel];
                            s.toImage[pixel] += tentX * tentY * upstream[result];
                            s.toX[at] += slopeX * tentY * image[pixel] * upstream[result] * (width - 1) / 2;
                            s.toY[at] += tentX * slopeY * image[pixel] * upstream[result] * (height - 1) / 2;
                        }
                    }
                }
            }
        }
        return s;
    }

    private <T extends TNumber> Sampled graph(
            TestGraph graph, Inputs<T> inputs, int height, int width, int channels, Grid grid, boolean zeroOutside) {
        Operand<T> image =
                inputs.of(Arrays.copyOf(this.image, ROWS * height * width * channels), ROWS, height, width, channels);
        Operand<T> x = inputs.of(Arrays.copyOf(dx, ROWS * grid.points()), ROWS, grid.points());
        Operand<T> y = inputs.of(Arrays.copyOf(dy, ROWS * grid.points()), ROWS, grid.points());
        Operand<T> sampled = BilinearSampling.sample(graph.tf(), image, x, y, grid, zeroOutside);
        Operand<T> weights = inputs.of(
                Arrays.copyOf(upstream, ROWS * grid.points() * channels), ROWS, grid.height(), grid.width(), channels);
        assertThat(sampled.shape()).isEqualTo(weights.shape());
        List<double[]> gradients = graph.gradients(graph.tf().math.mul(sampled, weights), List.of(image, x, y));
        return new Sampled(graph.values(sampled), gradients.get(0), gradients.get(1), gradients.get(2));
    }

    @FunctionalInterface
    private interface Inputs<T extends TNumber> {
        Operand<T> of(double[] values, long... shape);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 6, 1, 7, 6, true",
        "7, 6, 1, 7, 6, false",
        "7, 6, 3, 7, 6, true",
        "7, 6, 3, 7, 6, false",
        "7, 6, 3, 9, 8, true",
        "7, 6, 3, 9, 8, false",
        "7, 6, 3, 3, 4, true",
        "7, 6, 2, 3, 4, false",
        "7, 1, 1, 5, 4, true",
        "1, 6, 1, 4, 5, false",
        "7, 6, 1, 1, 1, true"
    })
    void agreesWithThePlainComputation(
            int height, int width, int channels, int outHeight, int outWidth, boolean zeroOutside) {
        Grid grid = new Grid(outHeight, outWidth);
        Sampled expected = plain(height, width, channels, grid, zeroOutside);
        try (TestGraph graph = new TestGraph()) {
            Sampled wide = graph(graph, graph::doubles, height, width, channels, grid, zeroOutside);
            check(wide, expected, 1e-10);
            Sampled narrow = graph(graph, graph::floats, height, width, channels, grid, zeroOutside);
            check(narrow, expected, 1e-5);
        }
    }

    private static void check(Sampled actual, Sampled expected, double tolerance) {
        close("value", actual.value, expected.value, tolerance);
        close("gradient to the image", actual.toImage, expected.toImage, tolerance);
        close("gradient to x", actual.toX, expected.toX, tolerance);
        close("gradient to y", actual.toY, expected.toY, tolerance);
    }

    private static void close(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s at %d: %s and %s, of at most %s", what, i, actual[i], expected[i], largest)
                    .isLessThanOrEqualTo(tolerance * Math.max(largest, 0.1));
        }
    }

    /** The plain computation's gradients are checked here, against its own values. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePlainGradientsAreFiniteDifferences(boolean zeroOutside) {
        Grid grid = new Grid(9, 8);
        Sampled here = plain(7, 6, 3, grid, zeroOutside);
        for (double[] input : List.of(dx, dy, image)) {
            double[] gradient = input == dx ? here.toX : input == dy ? here.toY : here.toImage;
            for (int i = 0; i < gradient.length; i += 5) {
                double h = 1e-7;
                double kept = input[i];
                input[i] = kept + h;
                double up = weighted(plain(7, 6, 3, grid, zeroOutside).value);
                input[i] = kept - h;
                double down = weighted(plain(7, 6, 3, grid, zeroOutside).value);
                input[i] = kept;
                assertThat((up - down) / (2 * h)).isCloseTo(gradient[i], offset(1e-5));
            }
        }
    }

    private double weighted(double[] value) {
        double sum = 0;
        for (int i = 0; i < value.length; i++) {
            sum += value[i] * upstream[i];
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"28, 28", "7, 6", "40, 42", "1, 5", "60, 3"})
    void noDisplacementReturnsTheImageBitForBit(int height, int width) {
        try (TestGraph graph = new TestGraph()) {
            Grid grid = new Grid(height, width);
            double[] pixels = uniform(2 * height * width, -3, 3);
            Operand<TFloat32> image = graph.floats(pixels, 2, height, width, 1);
            Operand<TFloat32> none = graph.floats(new double[2 * grid.points()], 2, grid.points());
            Displacement displacement = new Displacement(none, none);
            for (Border border : List.of(Border.ZERO, Border.EDGE)) {
                double[] sampled = graph.values(BilinearSampling.sample(graph.tf(), image, displacement, grid, border));
                assertThat(sampled).as("%s", border).isEqualTo(pixels);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "-3, 2", "5, 5", "0, -6"})
    void wholePixelsAreAShift(int right, int down) {
        int height = 11;
        int width = 14;
        try (TestGraph graph = new TestGraph()) {
            double[] pixels = uniform(height * width, 0, 1);
            Grid grid = new Grid(height, width);
            Displacement displacement = constant(graph, grid, -2.0 * right / (width - 1), -2.0 * down / (height - 1));
            Operand<TFloat32> image = graph.floats(pixels, 1, height, width, 1);
            double[] zero = graph.values(BilinearSampling.sample(graph.tf(), image, displacement, grid, Border.ZERO));
            double[] edge = graph.values(BilinearSampling.sample(graph.tf(), image, displacement, grid, Border.EDGE));
            Border background = new Border.Background(graph.tf().constant(0.25f));
            double[] learned = graph.values(BilinearSampling.sample(graph.tf(), image, displacement, grid, background));
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    int at = i * width + j;
                    int y = i - down;
                    int x = j - right;
                    boolean inside = y >= 0 && y < height && x >= 0 && x < width;
                    double nearest = pixels[clamp(y, height) * width + clamp(x, width)];
                    assertThat(zero[at]).as("zero border, %d %d", i, j).isCloseTo(inside ? nearest : 0, within());
                    assertThat(edge[at]).as("edge border, %d %d", i, j).isCloseTo(nearest, within());
                    assertThat(learned[at]).as("background, %d %d", i, j).isCloseTo(inside ? nearest : 0.25, within());
                }
            }
        }
    }

    private static int clamp(int index, int size) {
        return Math.min(Math.max(index, 0), size - 1);
    }

    private static Offset<Double> within() {
        return offset(1e-5);
    }

    private static Displacement constant(TestGraph graph, Grid grid, double x, double y) {
        double[] allX = new double[grid.points()];
        double[] allY = new double[grid.points()];
        Arrays.fill(allX, x);
        Arrays.fill(allY, y);
        return new Displacement(graph.floats(allX, 1, grid.points()), graph.floats(allY, 1, grid.points()));
    }

    @ParameterizedTest
    @CsvSource({"50, 0", "-50, 0", "0, 1e9", "-1e9, -1e9", "3.5, 3.5"})
    void farOutsideIsExactlyTheBorder(double x, double y) {
        try (TestGraph graph = new TestGraph()) {
            Grid grid = new Grid(7, 6);
            Operand<TFloat32> image = graph.floats(uniform(7 * 6, 1, 2), 1, 7, 6, 1);
            Displacement far = constant(graph, grid, x, y);
            Operand<TFloat32> zero = BilinearSampling.sample(graph.tf(), image, far, grid, Border.ZERO);
            assertThat(graph.values(zero)).containsOnly(0.0);
            List<double[]> gradients = graph.gradients(zero, List.of(image, far.x(), far.y()));
            assertThat(gradients).allSatisfy(gradient -> assertThat(gradient).containsOnly(0.0));

            Border background = new Border.Background(graph.tf().constant(0.25f));
            Operand<TFloat32> learned = BilinearSampling.sample(graph.tf(), image, far, grid, background);
            assertThat(graph.values(learned)).containsOnly(0.25);
        }
    }

    @Test
    void theBackgroundLearnsFromWhatItShowsOnly() {
        try (TestGraph graph = new TestGraph()) {
            Grid grid = new Grid(5, 5);
            Operand<TFloat32> image = graph.floats(uniform(25, 0, 1), 1, 5, 5, 1);
            Operand<TFloat32> value = graph.tf().constant(0.25f);
            // Two of five columns look past the left edge.
            Displacement displacement = constant(graph, grid, -1, 0);
            Operand<TFloat32> sampled =
                    BilinearSampling.sample(graph.tf(), image, displacement, grid, new Border.Background(value));
            assertThat(graph.gradient(sampled, value)[0]).isCloseTo(10, within());
        }
    }

    /** One quarter of a pixel to the right and half a pixel up, by hand. */
    @Test
    void interpolatesLinearly() {
        try (TestGraph graph = new TestGraph()) {
            Operand<TFloat32> image = graph.floats(new double[] {1, 3, 10, 40}, 1, 2, 2, 1);
            Displacement displacement = new Displacement(
                    graph.floats(new double[] {0.5, 0, 0, 0}, 1, 4), graph.floats(new double[] {1, 0, -2, 0}, 1, 4));
            double[] sampled =
                    graph.values(BilinearSampling.sample(graph.tf(), image, displacement, new Grid(2, 2), Border.ZERO));
            // (0.25, 0.5): the mean of 1.5 and 17.5; the third point looks one pixel up, at the first.
            assertThat(sampled).containsExactly(9.5, 3, 1, 40);
        }
    }
}
