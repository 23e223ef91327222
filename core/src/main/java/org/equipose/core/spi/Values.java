package org.equipose.core.spi;

import java.util.Arrays;

/**
 * Numbers that came out of a graph.
 *
 * @param shape sizes of the axes
 * @param data in row-major order
 */
public record Values(long[] shape, float[] data) {

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

    /** Returns the mean of all values. */
    public double mean() {
        double sum = 0;
        for (float value : data) {
            sum += value;
        }
        return sum / data.length;
    }
}
