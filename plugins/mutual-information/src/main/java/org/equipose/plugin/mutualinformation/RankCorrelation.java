package org.equipose.plugin.mutualinformation;

import java.util.Arrays;

/** Spearman's correlation of two columns of numbers. */
final class RankCorrelation {
    private RankCorrelation() {}

    /** Returns the correlation of the ranks, from −1 to 1; 0 where a column is constant. */
    static double of(double[] a, double[] b) {
        double[] x = ranks(a);
        double[] y = ranks(b);
        double middle = (a.length - 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - middle) * (y[i] - middle);
            xx += (x[i] - middle) * (x[i] - middle);
            yy += (y[i] - middle) * (y[i] - middle);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
    }

    /** Equal numbers share the mean of their ranks, counted from 0. */
    private static double[] ranks(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double value = values[i];
            long below = Arrays.stream(values).filter(other -> other < value).count();
            long equal = Arrays.stream(values).filter(other -> other == value).count();
            ranks[i] = below + (equal - 1) / 2.0;
        }
        return ranks;
    }
}
