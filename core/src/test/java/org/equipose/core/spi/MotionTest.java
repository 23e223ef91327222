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

    /** An L whose foot points right, off the centre of an image of 21 × 31. */
    private static byte[] letter() {
        byte[] pixels = new byte[WIDE.size()];
        for (int row = 4; row <= 12; row++) {
            pixels[row * 31 + 10] = (byte) 200;
        }
        for (int column = 11; column <= 14; column++) {
            pixels[12 * 31 + column] = (byte) 200;
        }
        return pixels;
    }

    private static int at(byte[] pixels, int column, int row) {
        return pixels[row * 31 + column] & 0xff;
    }

    @Test
    void aShiftByWholePixelsMovesTheBytes() {
        byte[] moved = new Motion(5, -2, 0, 1).move(letter(), WIDE);
        for (int row = 0; row < 21; row++) {
            for (int column = 0; column < 31; column++) {
                boolean inside = column >= 5 && row < 19;
                assertThat(at(moved, column, row))
                        .as("%d, %d", column, row)
                        .isEqualTo(inside ? at(letter(), column - 5, row + 2) : 0);
            }
        }
    }

    /** Clockwise: what was above the centre comes to lie right of it. */
    @Test
    void aQuarterTurnMovesPixelsToPixels() {
        byte[] moved = new Motion(0, 0, 90, 1).move(letter(), WIDE);
        for (int row = 0; row < 21; row++) {
            for (int column = 5; column < 26; column++) {
                // (x, y) from the centre (15, 10) came from (y, −x).
                assertThat(at(moved, column, row)).isEqualTo(at(letter(), 15 + row - 10, 10 - (column - 15)));
            }
        }
    }

    /** The end of the foot, 1 left of and 2 below the centre (15, 10), is followed forwards; of the four pixels around it one is bright. */
    @Test
    void scaleTurnAndShiftCombineInThisOrder() {
        Motion motion = new Motion(4, -3, 30, 1.2);
        double angle = Math.toRadians(30);
        double x = 15 + 1.2 * (-Math.cos(angle) - 2 * Math.sin(angle)) + 4;
        double y = 10 + 1.2 * (-Math.sin(angle) + 2 * Math.cos(angle)) - 3;
        byte[] moved = motion.move(letter(), WIDE);
        int brightest = 0;
        for (int i = 0; i < 4; i++) {
            brightest = Math.max(brightest, at(moved, (int) x + i % 2, (int) y + i / 2));
        }
        assertThat(brightest).isGreaterThan(100);
        // Nothing lies beyond the foot.
        assertThat(at(moved, (int) Math.round(x + 2.5 * Math.cos(angle)), (int) Math.round(y + 2.5 * Math.sin(angle))))
                .isZero();
    }

    @Test
    void halfAPixelIsTheMeanAndTheFrameIsBlack() {
        byte[] rows = {10, 20, 30, 40, 50, 60, (byte) 255, 0, 0};
        byte[] moved = new Motion(0.5, 0, 0, 1).move(rows, new ImageSpec(3, 3, 1));
        assertThat(moved).containsExactly(5, 15, 25, 20, 45, 55, 128, 128, 0);
    }

    @Test
    void coloursStayTogether() {
        byte[] pixels = new byte[27];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (9 * i);
        }
        byte[] moved = new Motion(0, 0, 180, 1).move(pixels, new ImageSpec(3, 3, 3));
        for (int i = 0; i < pixels.length; i++) {
            assertThat(moved[i]).isEqualTo(pixels[(8 - i / 3) * 3 + i % 3]);
        }
    }
}
