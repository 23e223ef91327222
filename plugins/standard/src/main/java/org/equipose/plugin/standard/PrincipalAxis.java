package org.equipose.plugin.standard;

import java.util.List;
import org.equipose.core.data.ImageSpec;

/** Direction of the longest extent of the white in an image. An axis has no head: it is known up to half a turn. */
final class PrincipalAxis {
    private PrincipalAxis() {}

    /** Returns the angle in radians, in (−π/2, π/2], from the second moments of the pixels about their centre. */
    static double angle(float[] image, ImageSpec spec) {
        double mass = 0;
        double sumX = 0;
        double sumY = 0;
        for (int i = 0; i < image.length; i++) {
            int column = i % spec.width();
            int row = i / spec.width();
            mass += image[i];
            sumX += (double) image[i] * column;
            sumY += (double) image[i] * row;
        }
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < image.length; i++) {
            int column = i % spec.width();
            int row = i / spec.width();
            double x = column - sumX / mass;
            double y = row - sumY / mass;
            xx += image[i] * x * x;
            yy += image[i] * y * y;
            xy += image[i] * x * y;
        }
        return Math.atan2(2 * xy, xx - yy) / 2;
    }

    /**
     * Returns the circular standard deviation of axes in degrees: angles are doubled, so that an axis and its reverse are one
     * direction, and R = |mean e^{2iθ}| gives ½√(−2 ln R).
     */
    static double standardDeviation(List<Double> angles) {
        double cos = 0;
        double sin = 0;
        for (double angle : angles) {
            cos += Math.cos(2 * angle) / angles.size();
            sin += Math.sin(2 * angle) / angles.size();
        }
        return Math.toDegrees(Math.sqrt(-2 * Math.log(Math.min(1, Math.hypot(cos, sin)))) / 2);
    }
}
