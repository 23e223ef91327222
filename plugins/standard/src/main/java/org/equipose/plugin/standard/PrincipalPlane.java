package org.equipose.plugin.standard;

import java.util.Arrays;
import org.equipose.core.spi.Values;

/**
 * The plane in which codes vary most: the first two eigenvectors of their covariance. The largest entry of each, by magnitude, is
 * positive.
 *
 * @param mean of the codes, {@code [dimensions]}
 * @param axes of length one, {@code [2][dimensions]}
 * @param shares of the variance along each axis, in [0, 1]
 */
record PrincipalPlane(double[] mean, double[][] axes, double[] shares) {

    /** Finds the plane of codes of at least two dimensions, {@code [rows, dimensions]}. */
    static PrincipalPlane of(Values codes) {
        Moments moments = Moments.of(codes);
        Eigensystem found = Eigensystem.of(moments.covariance());
        double total = Arrays.stream(found.values()).sum();
        double[][] axes = new double[2][];
        double[] shares = new double[2];
        for (int k = 0; k < 2; k++) {
            axes[k] = pointed(found.vectors()[k]);
            shares[k] = total == 0 ? 0 : found.values()[k] / total;
        }
        return new PrincipalPlane(moments.mean(), axes, shares);
    }

    private static double[] pointed(double[] axis) {
        double largest = 0;
        for (double entry : axis) {
            largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
        }
        double sign = Math.signum(largest);
        return Arrays.stream(axis).map(entry -> sign * entry).toArray();
    }

    /** Returns where codes lie along an axis. */
    double[] project(Values codes, int axis) {
        double[] places = new double[codes.rows()];
        for (int i = 0; i < codes.data().length; i++) {
            int dimension = i % mean.length;
            places[i / mean.length] += axes[axis][dimension] * (codes.data()[i] - mean[dimension]);
        }
        return places;
    }
}
