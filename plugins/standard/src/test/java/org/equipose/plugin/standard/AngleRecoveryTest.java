package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AngleRecoveryTest {
    private static final double[] TRUTH = {-60, -20, 20, 60};

    private static double[] line(double offset, double slope) {
        double[] angles = new double[TRUTH.length];
        for (int a = 0; a < TRUTH.length; a++) {
            angles[a] = offset + slope * TRUTH[a];
        }
        return angles;
    }

    /** Angles are read modulo 360: −60 + 170 and 60 + 170 = −130 are as good. */
    @Test
    void anOffsetIsNoError() {
        double[] across = line(170, 1);
        across[3] -= 360;
        AngleRecovery found = AngleRecovery.of(TRUTH, new double[][] {line(0, 1), line(35, 1), across});
        assertThat(found.medianResidual()).isCloseTo(0, within(1e-9));
        for (int i = 0; i < 3; i++) {
            assertThat(found.slope(i)).isCloseTo(1, within(1e-9));
        }
        assertThat(found.following(i -> true)).isEqualTo(100);
    }

    @Test
    void theSlopeIsThatOfTheLine() {
        AngleRecovery found =
                AngleRecovery.of(TRUTH, new double[][] {line(5, 0.5), line(-5, 1.09), line(0, 0.89), line(90, 0)});
        assertThat(found.slope(0)).isCloseTo(0.5, within(1e-9));
        assertThat(found.slope(1)).isCloseTo(1.09, within(1e-9));
        assertThat(found.slope(3)).isCloseTo(0, within(1e-9));
        assertThat(found.following(i -> true)).isEqualTo(25);
        assertThat(found.following(i -> i > 1)).isZero();
        assertThat(found.following(i -> false)).isNaN();
    }

    /** A constant is wrong by 60, 20, 20 and 60 degrees. */
    @Test
    void theMedianIsOverImagesAndAngles() {
        assertThat(AngleRecovery.of(TRUTH, new double[][] {line(12, 0)}).medianResidual())
                .isCloseTo(40, within(1e-9));
        assertThat(AngleRecovery.of(TRUTH, new double[][] {line(12, 0), line(1, 1), line(2, 1)})
                        .medianResidual())
                .isCloseTo(0, within(1e-9));
    }

    private static double[] evenly(double range) {
        double[] truth = new double[13];
        Arrays.setAll(truth, a -> range * (a / 6.0 - 1));
        return truth;
    }

    /** Angles that know nothing of the truth have the slope 1 on average, but do not follow it. */
    @ParameterizedTest
    @ValueSource(doubles = {60, 120, 180})
    void anglesAtRandomDoNotFollow(double range) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] anywhere = new double[2000][13];
        for (double[] angles : anywhere) {
            Arrays.setAll(angles, a -> 360 * random.nextDouble() - 180);
        }
        AngleRecovery found = AngleRecovery.of(evenly(range), anywhere);
        double slope = IntStream.range(0, anywhere.length)
                .mapToDouble(found::slope)
                .average()
                .orElseThrow();
        assertThat(slope).isCloseTo(1, within(0.1));
        assertThat(found.following(i -> true)).isLessThan(0.5);
    }

    /** A model that mirrors images turns the other way; at ±120° the least-squares line does not notice. */
    @ParameterizedTest
    @ValueSource(doubles = {60, 120, 180})
    void mirroredAnglesDoNotFollow(double range) {
        double[] truth = evenly(range);
        double[] mirrored = Arrays.stream(truth).map(angle -> 25 - angle).toArray();
        double[] nearly = Arrays.stream(truth).map(angle -> 25 + 1.09 * angle).toArray();
        AngleRecovery found = AngleRecovery.of(truth, new double[][] {mirrored, nearly});
        assertThat(found.follows(0)).isFalse();
        assertThat(found.follows(1)).isTrue();
    }

    /** An image that flips over once is off by 180 there; its other angles share the offset. */
    @Test
    void aFlipIsAFailureOfItsImage() {
        double[] flipped = line(0, 1);
        flipped[3] += 180;
        AngleRecovery found = AngleRecovery.of(TRUTH, new double[][] {flipped});
        assertThat(Math.abs(found.residual()[0][3])).isCloseTo(180, within(1e-9));
        assertThat(found.residual()[0][0]).isCloseTo(0, within(1e-9));
        assertThat(found.follows(0)).isFalse();
    }

    @Test
    void whatCannotBeReadIsAFailure() {
        double[] unreadable = line(0, 1);
        unreadable[1] = Double.NaN;
        AngleRecovery found = AngleRecovery.of(TRUTH, new double[][] {unreadable, line(0, 1), line(0, 1)});
        assertThat(found.follows(0)).isFalse();
        assertThat(found.medianResidual()).isCloseTo(0, within(1e-9));
    }
}
