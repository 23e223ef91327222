package org.equipose.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.equipose.core.data.ImageSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MotionTest {
    private static final ImageSpec WIDE = new ImageSpec(21, 31, 1);

    /** Where an output pixel looks, both in pixels. */
    private static double[] source(Motion motion, double x, double y) {
        double[] m = motion.samplingMap(WIDE);
        double u = x / 15 - 1;
        double v = y / 10 - 1;
        return new double[] {(m[0] * u + m[1] * v + m[2] + 1) * 15, (m[3] * u + m[4] * v + m[5] + 1) * 10};
    }

    private static void looksAt(Motion motion, double x, double y, double sourceX, double sourceY) {
        double[] source = source(motion, x, y);
        assertThat(source[0]).as("x for %s", motion).isCloseTo(sourceX, offset(1e-9));
        assertThat(source[1]).as("y for %s", motion).isCloseTo(sourceY, offset(1e-9));
    }

    @Test
    void noMotionLooksStraightAhead() {
        double[] m = new Motion(0, 0, 0, 1).samplingMap(WIDE);
        double[] identity = {1, 0, 0, 0, 1, 0};
        for (int i = 0; i < 6; i++) {
            assertThat(m[i]).isCloseTo(identity[i], offset(0.0));
        }
    }

    @Test
    void eachMotionAlone() {
        looksAt(new Motion(5, 0, 0, 1), 20, 7, 15, 7); // what is at 20 came from 15
        looksAt(new Motion(0, -2, 0, 1), 20, 7, 20, 9);
        looksAt(new Motion(0, 0, 0, 2), 19, 14, 17, 12); // twice as large about the centre (15, 10)
        looksAt(new Motion(0, 0, 90, 1), 15, 16, 21, 10); // three o'clock went to six o'clock
    }

    /** Scaled about the centre, turned, then shifted: a point of the object is followed forwards, in pixels. */
    @ParameterizedTest
    @CsvSource({"18, 6, 5, 0, 30, 1.2", "3, 19, -4, 2.5, -75, 0.8", "15, 10, 1, 1, 200, 3"})
    void undoesScaleThenTurnThenShift(double x, double y, double right, double down, double turn, double scale) {
        double fromCentreX = (x - 15) * scale;
        double fromCentreY = (y - 10) * scale;
        double angle = Math.toRadians(turn);
        // y points down: a positive angle is clockwise on the screen.
        double movedX = 15 + fromCentreX * Math.cos(angle) - fromCentreY * Math.sin(angle) + right;
        double movedY = 10 + fromCentreX * Math.sin(angle) + fromCentreY * Math.cos(angle) + down;
        looksAt(new Motion(right, down, turn, scale), movedX, movedY, x, y);
    }
}
