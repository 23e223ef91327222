package org.equipose.core.graph;

/**
 * The pixels of an output image as points: x to the right, y down, both in [-1, 1] with the corners at pixel centres.
 * Points are numbered row by row.
 *
 * @param height rows of the output image
 * @param width columns of the output image
 */
public record Grid(int height, int width) {

    /** Returns the number of points. */
    public int points() {
        return height * width;
    }

    /** Returns the horizontal coordinate of a point. */
    public double x(int point) {
        return coordinate(point % width, width);
    }

    /** Returns the vertical coordinate of a point. */
    public double y(int point) {
        return coordinate(point / width, height);
    }

    private static double coordinate(int index, int size) {
        return size == 1 ? 0 : -1 + 2.0 * index / (size - 1);
    }
}
