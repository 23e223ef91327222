package org.equipose.plugin.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Straight strokes from corner to corner.
 *
 * @param strokes for each the coordinates x0, y0, x1, y1, … of its corners, in pixels from the centre of mass of the shape;
 *     x to the right, y down
 */
record Shape(List<double[]> strokes) {

    /** The shapes by label. None has a symmetry of rotation, and none is another one turned. */
    static final List<Shape> ALL = List.of(
            // F
            of("-3,7 -3,-7 5,-7", "-3,-1 3,-1"),
            // J
            of("3,-7 3,4 1,7 -2,7 -4,4"),
            // 7
            of("-5,-6 5,-6 -1,7"),
            // P
            of("-4,7 -4,-7 2,-7 4,-5 4,-2 2,0 -4,0"),
            // 4
            of("2,7 2,-7 -6,2 5,2"),
            // h
            of("-4,-7 -4,7", "-4,1 -1,-2 2,-2 4,0 4,7"),
            // an arrow that points up
            of("0,7 0,-7", "-5,-2 0,-7 5,-2"),
            // 6
            of("4,-7 -1,-5 -4,0 -4,4 -1,7 2,7 4,4 2,1 -1,1 -4,3"),
            // T
            of("-6,-6 6,-6", "0,-6 0,7"),
            // E
            of("5,-7 -4,-7 -4,7 5,7", "-4,0 3,0"));

    private static Shape of(String... strokes) {
        List<double[]> given = Arrays.stream(strokes)
                .map(stroke -> Arrays.stream(stroke.split("[ ,]"))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
        double mass = 0;
        double x = 0;
        double y = 0;
        for (double[] stroke : given) {
            for (int i = 0; i + 3 < stroke.length; i += 2) {
                double length = StrictMath.hypot(stroke[i + 2] - stroke[i], stroke[i + 3] - stroke[i + 1]);
                mass += length;
                x += length * (stroke[i] + stroke[i + 2]) / 2;
                y += length * (stroke[i + 1] + stroke[i + 3]) / 2;
            }
        }
        double right = x / mass;
        double down = y / mass;
        List<double[]> centred = new ArrayList<>();
        for (double[] stroke : given) {
            double[] moved = new double[stroke.length];
            Arrays.setAll(moved, i -> stroke[i] - (i % 2 == 0 ? right : down));
            centred.add(moved);
        }
        return new Shape(centred);
    }

    /** Returns the shape with each coordinate of each corner moved by up to {@code most} pixels. */
    Shape varied(SplittableRandom random, double most) {
        List<double[]> varied = new ArrayList<>();
        for (double[] stroke : strokes) {
            double[] moved = new double[stroke.length];
            Arrays.setAll(moved, i -> stroke[i] + most * (2 * random.nextDouble() - 1));
            varied.add(moved);
        }
        return new Shape(varied);
    }
}
