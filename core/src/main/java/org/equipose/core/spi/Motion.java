package org.equipose.core.spi;

import org.equipose.core.data.ImageSpec;

/**
 * The motion of an object as a person sees it: first scaled about the image centre, then turned, then shifted.
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
        double cos = Math.cos(Math.toRadians(turn)) / scale;
        double sin = Math.sin(Math.toRadians(turn)) / scale;
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
}
