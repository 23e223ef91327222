package org.equipose.plugin.datasets;

import org.equipose.core.data.ImageSpec;
import org.equipose.core.spi.Motion;

/** A black grey-scale image to draw on with a soft white pen. */
final class Canvas {

    private final ImageSpec spec;
    private final double[] values;

    Canvas(ImageSpec spec) {
        this.spec = spec;
        this.values = new double[spec.height() * spec.width()];
    }

    /**
     * Draws a shape about the image centre.
     *
     * @param halfWidth of a stroke before the motion, in pixels
     * @param motion moves the shape, pen and all, as if the finished image were moved
     */
    void draw(Shape shape, double halfWidth, Motion motion) {
        // StrictMath: the same images on every machine, to the last bit.
        double cos = motion.scale() * StrictMath.cos(Math.toRadians(motion.turn()));
        double sin = motion.scale() * StrictMath.sin(Math.toRadians(motion.turn()));
        double centreX = (spec.width() - 1) / 2.0 + motion.right();
        double centreY = (spec.height() - 1) / 2.0 + motion.down();
        for (double[] stroke : shape.strokes()) {
            double[] placed = new double[stroke.length];
            for (int i = 0; i < stroke.length; i += 2) {
                placed[i] = centreX + cos * stroke[i] - sin * stroke[i + 1];
                placed[i + 1] = centreY + sin * stroke[i] + cos * stroke[i + 1];
            }
            for (int i = 0; i + 3 < placed.length; i += 2) {
                line(placed[i], placed[i + 1], placed[i + 2], placed[i + 3], halfWidth * motion.scale());
            }
        }
    }

    private void line(double x0, double y0, double x1, double y1, double halfWidth) {
        double reach = halfWidth + 0.5;
        double dx = x1 - x0;
        double dy = y1 - y0;
        double square = Math.max(dx * dx + dy * dy, 1e-12);
        int top = Math.max(0, (int) Math.ceil(Math.min(y0, y1) - reach));
        int bottom = Math.min(spec.height() - 1, (int) Math.floor(Math.max(y0, y1) + reach));
        int left = Math.max(0, (int) Math.ceil(Math.min(x0, x1) - reach));
        int right = Math.min(spec.width() - 1, (int) Math.floor(Math.max(x0, x1) + reach));
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / square));
                double distance = StrictMath.hypot(x - x0 - along * dx, y - y0 - along * dy);
                // The part of a pixel that a straight edge at this distance covers, nearly.
                double cover = Math.min(1, Math.max(0, reach - distance));
                int at = y * spec.width() + x;
                // Where strokes cross they do not add up.
                values[at] = Math.max(values[at], cover);
            }
        }
    }

    /** Writes the image, one byte a pixel. */
    void copyTo(byte[] pixels, int from) {
        for (int i = 0; i < values.length; i++) {
            pixels[from + i] = (byte) Math.round(255 * values[i]);
        }
    }
}
