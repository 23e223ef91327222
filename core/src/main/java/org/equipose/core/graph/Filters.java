package org.equipose.core.graph;

import java.util.List;

/**
 * Filters of a convolution, or of a transposed one.
 *
 * @param count channels of the result
 * @param height rows of a filter
 * @param width columns of a filter
 * @param stride pixels, down and across, from one place of a filter to the next
 * @param padding where a filter may lie
 */
public record Filters(int count, int height, int width, int stride, Padding padding) {

    /** Where a filter may lie; outside the image there are zeros. */
    public enum Padding {
        /** Everywhere, also partly outside: there are ⌈size/stride⌉ places, in the middle of the image as nearly as can be. */
        SAME,
        /** Inside the image only: there are ⌊(size − filter)/stride⌋ + 1 places, from the first pixel on. */
        VALID
    }

    /** Checks that every number is positive. */
    public Filters {
        if (count < 1 || height < 1 || width < 1 || stride < 1) {
            throw new IllegalArgumentException("filters need a positive count, height, width and stride but got "
                    + count + " of " + height + "×" + width + " with stride " + stride);
        }
    }

    /** Returns filters that are as wide as they are high. */
    public static Filters square(int count, int side, int stride, Padding padding) {
        return new Filters(count, side, side, stride, padding);
    }

    /** Returns how many places a filter has in an image, down. */
    long rows(long imageHeight) {
        return places(imageHeight, height);
    }

    /** Returns how many places a filter has in an image, across. */
    long columns(long imageWidth) {
        return places(imageWidth, width);
    }

    private long places(long size, int side) {
        return switch (padding) {
            case SAME -> (size + stride - 1) / stride;
            case VALID -> size < side ? 0 : (size - side) / stride + 1;
        };
    }

    /** Returns how many pixels of an image of that size a pixel of the transposed convolution is the sum of, at most. */
    long overlapping(long imageHeight, long imageWidth) {
        return Math.min(imageHeight, (height + stride - 1) / stride)
                * Math.min(imageWidth, (width + stride - 1) / stride);
    }

    /** Returns the stride along each axis of {@code [rows, height, width, channels]}. */
    List<Long> strides() {
        return List.of(1L, (long) stride, (long) stride, 1L);
    }

    @Override
    public String toString() {
        return count + " filters of " + height + "×" + width + " with stride " + stride + ", " + padding;
    }
}
