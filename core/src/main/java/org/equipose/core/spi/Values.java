package org.equipose.core.spi;

import java.util.Arrays;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;

/**
 * Numbers that came out of a graph.
 *
 * @param shape sizes of the axes
 * @param data in row-major order
 */
public record Values(long[] shape, float[] data) {

    /** Returns the images of a split, {@code [images, height, width, channels]} in [0, 1]. */
    public static Values of(Split split) {
        ImageSpec spec = split.spec();
        float[] data = new float[split.count() * spec.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = split.value(i / spec.size(), i % spec.size());
        }
        return new Values(new long[] {split.count(), spec.height(), spec.width(), spec.channels()}, data);
    }

    /** Returns the number of rows, the size of the first axis. */
    public int rows() {
        return (int) shape[0];
    }

    /** Returns the number of values in a row. */
    public int rowSize() {
        return shape[0] == 0 ? 0 : data.length / rows();
    }

    /** Returns a copy of one row. */
    public float[] row(int index) {
        return Arrays.copyOfRange(data, index * rowSize(), (index + 1) * rowSize());
    }

    /** Returns a copy of all rows. */
    public float[][] toRows() {
        float[][] all = new float[rows()][];
        Arrays.setAll(all, this::row);
        return all;
    }

    /** Returns the mean of all values. */
    public double mean() {
        double sum = 0;
        for (float value : data) {
            sum += value;
        }
        return sum / data.length;
    }
}
