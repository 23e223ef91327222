package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.spi.Motion;
import org.equipose.plugin.datasets.Strokes.Settings;
import org.junit.jupiter.api.Test;

class StrokesTest {

    private static final long SEED = 3;
    private static final int COUNT = 200;

    /** The same shapes twice: as they were drawn, and moved. */
    private final Split still = open(new Settings(COUNT, 10, SEED, 0, 1, 0)).train();

    private final Split moved = open(new Settings(COUNT, 10, SEED, 45, 1.25, 2)).train();

    private static DataSets open(Settings settings) {
        return new Strokes(settings).open(new DataContext(Path.of("/nowhere"), 0, false, Progress.SILENT));
    }

    @Test
    void hasTheSizesAskedFor() {
        DataSets sets = new Strokes().open(new DataContext(Path.of("/nowhere"), 0, false, Progress.SILENT));
        assertThat(sets.train().count()).isEqualTo(2000);
        assertThat(sets.test().count()).isEqualTo(500);
        assertThat(sets.validation().count()).isZero();
        assertThat(sets.spec()).isEqualTo(new ImageSpec(28, 28, 1));
    }

    @Test
    void balancesTheLabels() {
        for (int label = 0; label < 10; label++) {
            int wanted = label;
            assertThat(Arrays.stream(moved.labels().orElseThrow()).filter(l -> l == wanted))
                    .as("label %d", label)
                    .hasSize(COUNT / 10);
        }
    }

    @Test
    void dependsOnTheSeedAlone() {
        Split again = open(new Settings(COUNT, 10, SEED, 45, 1.25, 2)).train();
        assertThat(again.hash()).isEqualTo(moved.hash());
        assertThat(again.poses().orElseThrow()).isDeepEqualTo(moved.poses().orElseThrow());
        assertThat(open(new Settings(COUNT, 10, SEED + 1, 45, 1.25, 2)).train().hash())
                .isNotEqualTo(moved.hash());
        DataContext another = new DataContext(Path.of("/elsewhere"), 99, true, Progress.SILENT);
        assertThat(new Strokes(new Settings(COUNT, 10, SEED, 45, 1.25, 2))
                        .open(another)
                        .train()
                        .hash())
                .isEqualTo(moved.hash());
    }

    @Test
    void isTheSameOnEveryMachineAndInEveryVersion() {
        // Numbers that others measured on this set lose their meaning when it changes.
        assertThat(new Strokes()
                        .open(new DataContext(Path.of("/nowhere"), 0, false, Progress.SILENT))
                        .train()
                        .hash())
                .isEqualTo("67bf32a55f6036d991e7799269592448aa9b9f58b8361ae7f4de6e45be6f3ea7");
    }

    @Test
    void beginsALargerSetWithTheSmallerOne() {
        Split fewer = open(new Settings(50, 10, SEED, 45, 1.25, 2)).train();
        int[] first = new int[50];
        Arrays.setAll(first, i -> i);
        assertThat(moved.select(first).hash()).isEqualTo(fewer.hash());
    }

    @Test
    void repeatsNoImage() {
        DataSets sets = open(new Settings(COUNT, COUNT, SEED, 45, 1.25, 2));
        long different = IntStream.range(0, 2 * COUNT)
                .mapToObj(i -> i < COUNT ? image(sets.train(), i) : image(sets.test(), i - COUNT))
                .map(Arrays::hashCode)
                .distinct()
                .count();
        assertThat(different).isEqualTo(2 * COUNT);
    }

    @Test
    void coversTheRangesOfPoses() {
        double[] ranges = {2, 2, 45, Math.log(1.25)};
        float[][] poses =
                open(new Settings(2000, 10, SEED, 45, 1.25, 2)).train().poses().orElseThrow();
        for (int part = 0; part < 4; part++) {
            int index = part;
            double[] values = Arrays.stream(poses)
                    .mapToDouble(pose -> index == 3 ? Math.log(pose[3]) : pose[index])
                    .map(value -> value / ranges[index])
                    .toArray();
            double mean = Arrays.stream(values).average().orElseThrow();
            double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
            // Uniform on [−1, 1]: mean 0 and mean square 1/3, with standard errors of 0.013 and 0.007.
            assertThat(mean).as("mean of part %d, seed %d", part, SEED).isCloseTo(0, within(0.06));
            assertThat(square).as("mean square of part %d, seed %d", part, SEED).isCloseTo(1 / 3.0, within(0.035));
            assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow()).isBetween(0.99, 1.0);
        }
        assertThat(still.poses().orElseThrow()[7]).containsExactly(0, 0, 0, 1);
    }

    @Test
    void movesTheCentreOfMassAsThePoseSays() {
        for (int i = 0; i < COUNT; i++) {
            Moments before = Moments.of(image(still, i));
            Moments after = Moments.of(image(moved, i));
            float[] pose = moved.poses().orElseThrow()[i];
            double cos = pose[3] * Math.cos(Math.toRadians(pose[2]));
            double sin = pose[3] * Math.sin(Math.toRadians(pose[2]));
            assertThat(after.x).as(about(i)).isCloseTo(cos * before.x - sin * before.y + pose[0], within(0.2));
            assertThat(after.y).as(about(i)).isCloseTo(sin * before.x + cos * before.y + pose[1], within(0.2));
        }
    }

    @Test
    void turnsThePrincipalAxisAsThePoseSays() {
        for (int i = 0; i < COUNT; i++) {
            Moments before = Moments.of(image(still, i));
            // The axis of a shape that is nearly as wide as it is high is not well defined.
            if (before.elongation() > 1.2) {
                float[] pose = moved.poses().orElseThrow()[i];
                double turned = Moments.of(image(moved, i)).axis() - before.axis() - pose[2];
                assertThat(turned - 180 * Math.rint(turned / 180)).as(about(i)).isCloseTo(0, within(4.0));
            }
        }
        assertThat(IntStream.range(0, COUNT)
                        .filter(i -> Moments.of(image(still, i)).elongation() > 1.2)
                        .count())
                .as("shapes with an axis, seed %d", SEED)
                .isGreaterThan(COUNT / 2);
    }

    @Test
    void scalesTheSpreadAsThePoseSays() {
        for (int i = 0; i < COUNT; i++) {
            double ratio = Moments.of(image(moved, i)).spread()
                    / Moments.of(image(still, i)).spread();
            assertThat(ratio / moved.poses().orElseThrow()[i][3]).as(about(i)).isCloseTo(1, within(0.03));
        }
    }

    @Test
    void agreesWithTheSamplingMapOfTheMotion() {
        for (int i = 0; i < COUNT; i++) {
            float[] pose = moved.poses().orElseThrow()[i];
            double[] map = new Motion(pose[0], pose[1], pose[2], pose[3]).samplingMap(still.spec());
            float[] source = image(still, i);
            float[] target = image(moved, i);
            double difference = 0;
            double without = 0;
            for (int row = 0; row < 28; row++) {
                for (int column = 0; column < 28; column++) {
                    double x = column / 13.5 - 1;
                    double y = row / 13.5 - 1;
                    double sampled = bilinear(
                            source,
                            13.5 * (map[0] * x + map[1] * y + map[2] + 1),
                            13.5 * (map[3] * x + map[4] * y + map[5] + 1));
                    difference += Math.abs(sampled - target[28 * row + column]);
                    without += target[28 * row + column];
                }
            }
            // A drawn shape is sharper than one that was resampled; a turn that is wrong by ten degrees makes this 0.5.
            assertThat(difference / without).as(about(i)).isLessThan(0.3);
        }
    }

    @Test
    void staysInsideTheImage() {
        DataSets sets = new Strokes().open(new DataContext(Path.of("/nowhere"), 0, false, Progress.SILENT));
        double lost = 0;
        double all = 0;
        for (int i = 0; i < sets.train().count(); i++) {
            float[] image = image(sets.train(), i);
            for (int at = 0; at < 28; at++) {
                lost += image[at] + image[28 * 27 + at] + image[28 * at] + image[28 * at + 27];
            }
            for (float value : image) {
                all += value;
            }
        }
        assertThat(lost / all).isLessThan(0.001);
    }

    @Test
    void looksLikeNothingElseWhateverTheTurn() {
        // Otherwise neither the class nor the pose could be told from the image.
        for (int one = 0; one < 10; one++) {
            float[] reference = drawn(one, 0);
            for (int other = 0; other < 10; other++) {
                double nearest = Double.MAX_VALUE;
                for (int turn = 0; turn < 360; turn += 3) {
                    // Close to no turn at all a shape resembles itself, of course.
                    if (one != other || (turn >= 45 && turn <= 315)) {
                        nearest = Math.min(nearest, distance(reference, drawn(other, turn)));
                    }
                }
                assertThat(nearest).as("shape %d and shape %d", one, other).isGreaterThan(3.5);
            }
        }
    }

    @Test
    void tellsItsProgress() {
        AtomicLong last = new AtomicLong();
        new Strokes(new Settings(30, 12, SEED, 45, 1.25, 2))
                .open(new DataContext(Path.of("/nowhere"), 0, false, (what, done, total) -> {
                    assertThat(total).isEqualTo(42);
                    last.set(done);
                }));
        assertThat(last).hasValue(42);
    }

    @Test
    void refusesImpossibleSettings() {
        refused(() -> new Settings(0, 1, 1, 0, 1, 0), "train must be at least 1 but was 0");
        refused(() -> new Settings(1, 0, 1, 0, 1, 0), "test must be at least 1 but was 0");
        refused(() -> new Settings(1, 1, 1, 181, 1, 0), "turn must be from 0 to 180 but was 181");
        refused(() -> new Settings(1, 1, 1, Double.NaN, 1, 0), "turn must be from 0 to 180 but was NaN");
        refused(() -> new Settings(1, 1, 1, 0, 0.9, 0), "scale must be from 1 to 2 but was 0.9");
        refused(() -> new Settings(1, 1, 1, 0, 1, -1), "shift must be from 0 to 14 but was -1");
    }

    private static void refused(ThrowingCallable making, String message) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(message);
    }

    private String about(int image) {
        return "image " + image + " of shape " + moved.labels().orElseThrow()[image] + ", seed " + SEED;
    }

    private static float[] image(Split split, int index) {
        float[] image = new float[split.spec().size()];
        for (int i = 0; i < image.length; i++) {
            image[i] = split.value(index, i);
        }
        return image;
    }

    private static float[] drawn(int label, double turn) {
        ImageSpec spec = new ImageSpec(28, 28, 1);
        Canvas canvas = new Canvas(spec);
        canvas.draw(Shape.ALL.get(label), 1.1, new Motion(0, 0, turn, 1));
        byte[] pixels = new byte[spec.size()];
        canvas.copyTo(pixels, 0);
        return image(new Split(spec, pixels, Optional.empty(), Optional.empty()), 0);
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return Math.sqrt(sum);
    }

    private static double bilinear(float[] image, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double sum = 0;
        for (int row = top; row <= top + 1; row++) {
            for (int column = left; column <= left + 1; column++) {
                if (row >= 0 && row < 28 && column >= 0 && column < 28) {
                    sum += (1 - Math.abs(x - column)) * (1 - Math.abs(y - row)) * image[28 * row + column];
                }
            }
        }
        return sum;
    }

    /** First and second moments of an image, in pixels from its centre. */
    private record Moments(double x, double y, double xx, double xy, double yy) {

        static Moments of(float[] image) {
            double mass = 0;
            double x = 0;
            double y = 0;
            double xx = 0;
            double xy = 0;
            double yy = 0;
            for (int i = 0; i < image.length; i++) {
                double right = i % 28 - 13.5;
                int row = i / 28;
                double down = row - 13.5;
                mass += image[i];
                x += image[i] * right;
                y += image[i] * down;
                xx += image[i] * right * right;
                xy += image[i] * right * down;
                yy += image[i] * down * down;
            }
            x /= mass;
            y /= mass;
            return new Moments(x, y, xx / mass - x * x, xy / mass - x * y, yy / mass - y * y);
        }

        /** Returns the direction of the longest axis, in degrees clockwise from the right, up to half turns. */
        double axis() {
            return Math.toDegrees(Math.atan2(2 * xy, xx - yy) / 2);
        }

        /** Returns the ratio of the standard deviations along the two axes. */
        double elongation() {
            double mean = (xx + yy) / 2;
            double half = Math.hypot((xx - yy) / 2, xy);
            return Math.sqrt((mean + half) / (mean - half));
        }

        double spread() {
            return Math.sqrt(xx + yy);
        }
    }
}
