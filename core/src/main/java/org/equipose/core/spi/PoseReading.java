package org.equipose.core.spi;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What a pose does to the object, as a person sees it: about the image centre it is first scaled and sheared, to
 * (scaleX·x + shear·scaleY·y, scaleY·y) with x to the right and y down, then turned, then shifted. For a {@link Motion}, both scales
 * are its scale and the shear is zero.
 *
 * <p>A pose says where the points of an image look ({@link SpatialTransform#warp}). The affine map nearest to that, by least squares
 * over the points of the image, is inverted; what it leaves over is the remainder. An object that is mirrored has a negative
 * scaleY; one whose line is sampled all over the image has no inverse map, and its numbers are huge or not finite.
 *
 * @param turn degrees clockwise on the screen, from −180 to 180
 * @param scaleX factor along x, before the turn; above 1 is larger
 * @param scaleY factor along y, before the turn
 * @param shear pixels to the right for each pixel down, before the turn
 * @param right pixels to the right
 * @param down pixels down
 * @param remainder root mean square distance, over the points of the image, between where the pose looks and where the affine map
 *     looks, in pixels; zero, up to rounding, for affine families
 */
public record PoseReading(
        double turn, double scaleX, double scaleY, double shear, double right, double down, double remainder) {

    /**
     * Fits the affine map in the graph, for {@link #of} to read. Of transforms that are composed, the maps nearest to each are
     * applied one after the other, which is exact for affine families, and the remainders are added.
     *
     * @param pose {@code [rows, S]}
     * @return {@code [rows, 7]}: the coefficients for x, those for y, the remainder; empty unless the transform is a
     *     {@link SpatialTransform} or composed of such
     */
    public static Optional<Operand<TFloat32>> fit(
            Net net, PoseTransform transform, Operand<TFloat32> pose, ImageSpec image) {
        if (transform instanceof ComposedTransform composed) {
            return composed.fit(net, pose, image);
        }
        return transform instanceof SpatialTransform spatial
                ? Optional.of(nearest(net, spatial, pose, image))
                : Optional.empty();
    }

    /**
     * With displacements D at points (x, y) of a centred grid, whose coordinates are uncorrelated, the coefficients are
     * Σ D x / Σ x², Σ D y / Σ y² and the mean of D.
     */
    private static Operand<TFloat32> nearest(
            Net net, SpatialTransform transform, Operand<TFloat32> pose, ImageSpec image) {
        Grid points = new Grid(image.height(), image.width());
        int n = points.points();
        double squareX = 0;
        double squareY = 0;
        for (int p = 0; p < n; p++) {
            squareX += points.x(p) * points.x(p);
            squareY += points.y(p) * points.y(p);
        }
        float[][] solve = new float[n][];
        float[][] basis = new float[3][n];
        for (int p = 0; p < n; p++) {
            solve[p] = new float[] {(float) (points.x(p) / squareX), (float) (points.y(p) / squareY), 1f / n};
            basis[0][p] = (float) points.x(p);
            basis[1][p] = (float) points.y(p);
            basis[2][p] = 1;
        }
        Ops tf = net.ops();
        Displacement look = transform.warp(net, pose, points);
        Operand<TFloat32> alongX = tf.linalg.matMul(look.x(), tf.constant(solve));
        Operand<TFloat32> alongY = tf.linalg.matMul(look.y(), tf.constant(solve));
        Operand<TFloat32> leftX = tf.math.sub(look.x(), tf.linalg.matMul(alongX, tf.constant(basis)));
        Operand<TFloat32> leftY = tf.math.sub(look.y(), tf.linalg.matMul(alongY, tf.constant(basis)));
        Operand<TFloat32> square = tf.math.add(
                tf.math.square(tf.math.mul(leftX, tf.constant((image.width() - 1) / 2f))),
                tf.math.square(tf.math.mul(leftY, tf.constant((image.height() - 1) / 2f))));
        float[][] average = new float[n][1];
        for (float[] row : average) {
            row[0] = 1f / n;
        }
        Operand<TFloat32> remainder = tf.math.sqrt(tf.linalg.matMul(square, tf.constant(average)));
        return tf.concat(List.of(alongX, alongY, remainder), tf.constant(1));
    }

    /**
     * Reads a row of {@link #fit}.
     *
     * @param fitted seven numbers
     * @param image size of the image the map was fitted to
     */
    public static PoseReading of(float[] fitted, ImageSpec image) {
        double halfWidth = (image.width() - 1) / 2.0;
        double halfHeight = (image.height() - 1) / 2.0;
        // The sampling map in pixels from the centre: source = (a x + b y + c, d x + e y + f).
        double a = 1 + (double) fitted[0];
        double b = fitted[1] * halfWidth / halfHeight;
        double c = fitted[2] * halfWidth;
        double d = fitted[3] * halfHeight / halfWidth;
        double e = 1 + (double) fitted[4];
        double f = fitted[5] * halfHeight;
        double determinant = a * e - b * d;
        // The object moves the other way: its linear part is [[e, -b], [-d, a]] / determinant, a turn times [[sx, k],
        // [0, sy]].
        double scaleX = Math.hypot(e, d) / Math.abs(determinant);
        double cos = e / determinant / scaleX;
        double sin = -d / determinant / scaleX;
        double scaleY = (a * cos + b * sin) / determinant;
        double sheared = (a * sin - b * cos) / determinant;
        return new PoseReading(
                Math.toDegrees(Math.atan2(sin, cos)),
                scaleX,
                scaleY,
                sheared / scaleY,
                (b * f - e * c) / determinant,
                (d * c - a * f) / determinant,
                fitted[6]);
    }
}
