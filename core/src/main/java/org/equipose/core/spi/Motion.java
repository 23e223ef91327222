package org.equipose.core.spi;

import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Grid;

/**
 * The motion of an object as a person sees it: first scaled about the image centre, then turned, then shifted. Its numbers are
 * the same on every machine, to the last bit.
 *
 * @param right pixels to the right
 * @param down pixels down
 * @param turn degrees clockwise on the screen
 * @param scale factor; above 1 is larger
 */
public record Motion(double right, double down, double turn, double scale) {

    /**
     * Returns the sampling map of this motion, its inverse in the normalised coordinates of the image: the source of output
     * point (x, y) is (m0 x + m1 y + m2, m3 x + m4 y + m5).
     */
    public double[] samplingMap(ImageSpec image) {
        double halfWidth = (image.width() - 1) / 2.0;
        double halfHeight = (image.height() - 1) / 2.0;
        double cos = StrictMath.cos(Math.toRadians(turn)) / scale;
        double sin = StrictMath.sin(Math.toRadians(turn)) / scale;
        // In pixels from the centre, y down, a clockwise turn is (x cos − y sin, x sin + y cos); this is its inverse.
        return new double[] {
            cos,
            sin * halfHeight / halfWidth,
            -(cos * right + sin * down) / halfWidth,
            -sin * halfWidth / halfHeight,
            cos,
            -(-sin * right + cos * down) / halfHeight
        };
    }

    /**
     * Moves the object in an image: bilinear between pixels, black outside, each value rounded to a byte. It is what a spatial
     * transform does with {@link SpatialTransform#pose} of this motion, without a graph.
     *
     * @param pixels one byte a value, row by row, channels last
     * @return an image of the same size
     */
    public byte[] move(byte[] pixels, ImageSpec image) {
        double[] map = samplingMap(image);
        Grid points = new Grid(image.height(), image.width());
        byte[] moved = new byte[image.size()];
        for (int p = 0; p < points.points(); p++) {
            double x = pixel(map[0] * points.x(p) + map[1] * points.y(p) + map[2], image.width());
            double y = pixel(map[3] * points.x(p) + map[4] * points.y(p) + map[5], image.height());
            int left = (int) Math.floor(x);
            int top = (int) Math.floor(y);
            for (int c = 0; c < image.channels(); c++) {
                double above =
                        between(x - left, value(pixels, image, left, top, c), value(pixels, image, left + 1, top, c));
                double below = between(
                        x - left, value(pixels, image, left, top + 1, c), value(pixels, image, left + 1, top + 1, c));
                moved[p * image.channels() + c] = (byte) Math.round(between(y - top, above, below));
            }
        }
        return moved;
    }

    /** Returns where a normalised coordinate lies, in pixels from the first. */
    private static double pixel(double coordinate, int size) {
        return (coordinate + 1) / 2 * (size - 1);
    }

    private static double between(double fraction, double first, double second) {
        return first + fraction * (second - first);
    }

    private static int value(byte[] pixels, ImageSpec image, int column, int row, int channel) {
        boolean inside = column >= 0 && column < image.width() && row >= 0 && row < image.height();
        return inside ? pixels[(row * image.width() + column) * image.channels() + channel] & 0xff : 0;
    }
}
