package org.equipose.plugin.standard;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;

/**
 * How angles that were recovered follow the true ones. What is upright is up to a model, so that each image may have an offset of its
 * own: the circular mean of recovered − true is removed. An angle that could not be recovered is NaN, and counts as a failure.
 *
 * @param truth true angles in degrees, the same for every image
 * @param residual recovered − true − the circular mean of that, {@code [images][angles]}, degrees from −180 to 180
 */
record AngleRecovery(double[] truth, double[][] residual) {
    /** Largest median of the size of the residual of an image that follows, degrees. */
    static final double MOST_RESIDUAL = 15;

    /**
     * Removes the offsets.
     *
     * @param truth degrees
     * @param recovered degrees, {@code [images][angles]}
     */
    static AngleRecovery of(double[] truth, double[][] recovered) {
        double[][] residual = new double[recovered.length][truth.length];
        for (int i = 0; i < recovered.length; i++) {
            double sin = 0;
            double cos = 0;
            for (int a = 0; a < truth.length; a++) {
                sin += Math.sin(Math.toRadians(recovered[i][a] - truth[a]));
                cos += Math.cos(Math.toRadians(recovered[i][a] - truth[a]));
            }
            double offset = Math.toDegrees(Math.atan2(sin, cos));
            for (int a = 0; a < truth.length; a++) {
                residual[i][a] = Math.IEEEremainder(recovered[i][a] - truth[a] - offset, 360);
            }
        }
        return new AngleRecovery(truth, residual);
    }

    /** Returns the median over images and angles of the size of the residual, in degrees. */
    double medianResidual() {
        return median(Arrays.stream(residual).flatMapToDouble(Arrays::stream));
    }

    private static double median(DoubleStream residuals) {
        double[] sizes = residuals.map(Math::abs).sorted().toArray();
        return (sizes[(sizes.length - 1) / 2] + sizes[sizes.length / 2]) / 2;
    }

    /**
     * Returns the slope of the least-squares line of recovered on true angles of an image; 1 is perfect. Recovered angles are taken
     * within half a turn of the true ones, so that angles at random have the slope 1 on average: the slope says something of an
     * image whose residuals are small, and of no other.
     */
    double slope(int image) {
        double mean = Arrays.stream(truth).average().orElseThrow();
        double product = 0;
        double square = 0;
        for (int a = 0; a < truth.length; a++) {
            product += (truth[a] - mean) * residual[image][a];
            square += (truth[a] - mean) * (truth[a] - mean);
        }
        return 1 + product / square;
    }

    /**
     * Returns whether the slope of an image is in [0.9, 1.1] and the median of the size of its residual at most 15°. Without the
     * second, angles at random would pass one time in four on the whole circle, and mirrored ones at some ranges always.
     */
    boolean follows(int image) {
        return Math.abs(slope(image) - 1) <= 0.1 && median(Arrays.stream(residual[image])) <= MOST_RESIDUAL;
    }

    /** Returns the share of some images, in percent, that follow; NaN if there are none. */
    double following(IntPredicate among) {
        int all = 0;
        int following = 0;
        for (int i = 0; i < residual.length; i++) {
            if (among.test(i)) {
                all++;
                following += follows(i) ? 1 : 0;
            }
        }
        return 100.0 * following / all;
    }
}
