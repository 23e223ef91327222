package org.equipose.core.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.sparse.SparseTensorDenseMatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * Samples images at displaced points with bilinear interpolation (Jaderberg et al. 2015, section 3.3).
 *
 * <p>The pixel left of and above each sampled point is one entry of a sparse 0/1 matrix [pixels, points]. Its transpose
 * times the image reads that corner, and times the image shifted by one column, one row or both, the other three. In the
 * backward pass the matrix itself, filled with the weights, adds the gradient into the image. On a CPU a sparse product
 * is two to three times faster than gather and scatter; docs/adr/0003 has the figures.
 */
public final class BilinearSampling {
    private BilinearSampling() {}

    /**
     * Samples an image.
     *
     * @param image {@code [rows, h, w, channels]}
     * @param displacement {@code [rows, height·width]} each, in units of half the image
     * @param grid the output
     * @param border what lies outside
     * @return {@code [rows, height, width, channels]}
     */
    public static Operand<TFloat32> sample(
            Ops tf, Operand<TFloat32> image, Displacement displacement, Grid grid, Border border) {
        if (border instanceof Border.Background background) {
            Operand<TFloat32> above = tf.math.sub(image, background.value());
            return tf.math.add(sample(tf, above, displacement, grid, Border.ZERO), background.value());
        }
        return sample(tf, image, displacement.x(), displacement.y(), grid, border instanceof Border.Zero);
    }

    /** The same in any precision; {@code zeroOutside} chooses between {@link Border#ZERO} and {@link Border#EDGE}. */
    static <T extends TNumber> Operand<T> sample(
            Ops tf,
            Operand<T> image,
            Operand<T> displacementX,
            Operand<T> displacementY,
            Grid grid,
            boolean zeroOutside) {
        Shape shape = image.shape();
        int rows = (int) shape.get(0);
        int height = (int) shape.get(1);
        int width = (int) shape.get(2);
        int channels = (int) shape.get(3);
        // Zero border: a pixel to fade into on every side, and behind it on the far sides one to stop at.
        // Either border: one more pixel on the far sides, so that a point on the last pixel has right and lower
        // neighbours, of weight zero.
        int before = zeroOutside ? 1 : 0;
        int after = zeroOutside ? 2 : 1;
        int paddedWidth = before + width + after;
        int pixels = rows * (before + height + after) * paddedWidth;
        int points = rows * grid.points();

        Axis<T> x = axis(tf, displacementX, grid, true, before, width, zeroOutside, points);
        Axis<T> y = axis(tf, displacementY, grid, false, before, height, zeroOutside, points);

        Operand<TInt32> pairs = pairs(tf, x.whole(), y.whole(), grid, paddedWidth, pixels / rows, points);
        Operand<T> ones = tf.fill(tf.constant(new int[] {points}), number(tf, image, 1));
        Operand<TInt32> padding = tf.constant(new int[][] {{0, 0}, {before, after}, {before, after}, {0, 0}});
        Operand<T> padded = tf.pad(image, padding, number(tf, image, 0));
        // Slicing and padding in one dimension are copies of memory; in two, TensorFlow goes from pixel to pixel.
        Operand<T> flat = tf.reshape(padded, tf.constant(new int[] {pixels * channels}));

        // To the corner itself, its right, lower and lower right neighbour.
        int[] shifts = {0, 1, paddedWidth, paddedWidth + 1};
        int readable = pixels - (paddedWidth + 1);
        List<Operand<T>> corners = new ArrayList<>();
        for (int shift : shifts) {
            Operand<T> shifted = tf.slice(
                    flat, tf.constant(new int[] {shift * channels}), tf.constant(new int[] {readable * channels}));
            corners.add(tf.sparse.sparseTensorDenseMatMul(
                    pairs,
                    ones,
                    tf.constant(new long[] {readable, points}),
                    tf.reshape(shifted, tf.constant(new int[] {readable, channels})),
                    SparseTensorDenseMatMul.adjointA(true)));
        }
        Operand<T> acrossTop = tf.math.sub(corners.get(1), corners.get(0));
        Operand<T> acrossBottom = tf.math.sub(corners.get(3), corners.get(2));
        Operand<T> top = tf.math.add(corners.get(0), tf.math.mul(x.fraction(), acrossTop));
        Operand<T> bottom = tf.math.add(corners.get(2), tf.math.mul(x.fraction(), acrossBottom));
        Operand<T> down = tf.math.sub(bottom, top);
        Operand<T> value = tf.math.add(top, tf.math.mul(y.fraction(), down));
        Operand<T> sampled = tf.reshape(value, tf.constant(new int[] {rows, grid.height(), grid.width(), channels}));

        return CustomGradient.of(tf, sampled, List.of(image, displacementX, displacementY), (t, gradient) -> {
            Operand<T> g = t.reshape(gradient, t.constant(new int[] {points, channels}));
            Operand<T> across = t.math.add(acrossTop, t.math.mul(y.fraction(), t.math.sub(acrossBottom, acrossTop)));
            Operand<T> left = t.math.sub(number(t, image, 1), x.fraction());
            Operand<T> upper = t.math.sub(number(t, image, 1), y.fraction());
            List<Operand<T>> weightOfColumn = List.of(left, x.fraction());
            List<Operand<T>> shareOfRow = List.of(t.math.mul(g, upper), t.math.mul(g, y.fraction()));
            List<Operand<T>> parts = new ArrayList<>();
            for (int k = 0; k < shifts.length; k++) {
                Operand<T> scattered = t.sparse.sparseTensorDenseMatMul(
                        pairs,
                        t.reshape(weightOfColumn.get(k % 2), t.constant(new int[] {points})),
                        t.constant(new long[] {readable, points}),
                        shareOfRow.get(k / 2));
                int[][] place = {{shifts[k] * channels, (paddedWidth + 1 - shifts[k]) * channels}};
                Operand<T> line = t.reshape(scattered, t.constant(new int[] {readable * channels}));
                parts.add(t.pad(line, t.constant(place), number(t, image, 0)));
            }
            Operand<T> inPadded = t.reshape(
                    t.math.addN(parts), t.constant(new int[] {rows, before + height + after, paddedWidth, channels}));
            Operand<T> toImage = t.slice(inPadded, t.constant(new int[] {0, before, before, 0}), t.constant(new int[] {
                rows, height, width, channels
            }));
            return List.of(
                    toImage,
                    x.toDisplacement(t, t.math.mul(g, across), rows, points, channels),
                    y.toDisplacement(t, t.math.mul(g, down), rows, points, channels));
        });
    }

    /**
     * Sampled positions along one axis of the padded image.
     *
     * @param position before clipping, in pixels, {@code [points, 1]}
     * @param whole index of the pixel at or before the position, {@code [points, 1]}
     * @param fraction distance from that pixel, in [0, 1), {@code [points, 1]}
     * @param last where positions are clipped
     * @param pixelsPerUnit pixels per unit of displacement
     */
    private record Axis<T extends TNumber>(
            Operand<T> position, Operand<T> whole, Operand<T> fraction, double last, double pixelsPerUnit) {

        /** Sums over channels; nothing flows where the position was clipped. */
        Operand<T> toDisplacement(Ops tf, Operand<T> gradient, int rows, int points, int channels) {
            Operand<T> summed = channels == 1
                    ? gradient
                    : tf.reshape(tf.sum(gradient, tf.constant(1)), tf.constant(new int[] {points, 1}));
            // Relu6Grad passes its first argument where 0 < second < 6: a mask in one cheap kernel.
            Operand<T> inside = tf.nn.relu6Grad(summed, tf.math.mul(position, number(tf, position, 6 / last)));
            Operand<T> scaled = tf.math.mul(inside, number(tf, position, pixelsPerUnit));
            return tf.reshape(scaled, tf.constant(new int[] {rows, points / rows}));
        }
    }

    private static <T extends TNumber> Axis<T> axis(
            Ops tf,
            Operand<T> displacement,
            Grid grid,
            boolean horizontal,
            int before,
            int size,
            boolean zeroOutside,
            int points) {
        double half = (size - 1) / 2.0;
        double[] rest = new double[grid.points()];
        for (int p = 0; p < rest.length; p++) {
            int index = horizontal ? p % grid.width() : p / grid.width();
            int cells = (horizontal ? grid.width() : grid.height()) - 1;
            rest[p] = before + (cells == 0 ? half : index * (double) (size - 1) / cells); // exact at equal size
        }
        double last = zeroOutside ? size + 1 : Math.max(size - 1, 1e-30);
        Operand<T> moved = tf.math.mul(displacement, number(tf, displacement, half));
        Operand<T> position = tf.nn.biasAdd(moved, tf.dtypes.cast(tf.constant(rest), displacement.type()));
        Operand<T> column = tf.reshape(position, tf.constant(new int[] {points, 1}));
        Operand<T> clipped = tf.clipByValue(
                column, number(tf, displacement, 0), number(tf, displacement, zeroOutside ? size + 1 : size - 1));
        Operand<T> whole = tf.math.floor(clipped);
        return new Axis<>(column, whole, tf.math.sub(clipped, whole), last, half);
    }

    /**
     * Entries (pixel, point) of the sparse matrix, {@code [points, 2]}. Each is computed as one 64-bit number
     * point·2³² + pixel, whose two halves, the lower one first, are the entry.
     */
    private static <T extends TNumber> Operand<TInt32> pairs(
            Ops tf, Operand<T> x, Operand<T> y, Grid grid, int paddedWidth, int pixelsPerRow, int points) {
        int rows = points / grid.points();
        long[] ofRow = new long[rows]; // two small constants, not one of all points
        for (int row = 0; row < rows; row++) {
            ofRow[row] = (((long) row * grid.points()) << 32) + (long) row * pixelsPerRow;
        }
        long[] ofPoint = new long[grid.points()];
        for (int point = 0; point < ofPoint.length; point++) {
            ofPoint[point] = (long) point << 32;
        }
        Operand<TInt64> start = tf.math.add(
                tf.constant(Shape.of(rows, 1), DataBuffers.of(ofRow)),
                tf.constant(Shape.of(1, ofPoint.length), DataBuffers.of(ofPoint)));
        Operand<T> pixel = tf.math.add(tf.math.mul(y, number(tf, y, paddedWidth)), x);
        Operand<TInt64> offset =
                tf.reshape(tf.dtypes.cast(pixel, TInt64.class), tf.constant(new int[] {rows, ofPoint.length}));
        Operand<TInt32> entries = tf.bitcast(tf.math.add(offset, start), TInt32.class);
        return tf.reshape(entries, tf.constant(new int[] {points, 2}));
    }

    /** A constant of the other operand's type. */
    private static <T extends TNumber> Operand<T> number(Ops tf, Operand<T> like, double value) {
        return tf.dtypes.cast(tf.constant(value), like.type());
    }
}
