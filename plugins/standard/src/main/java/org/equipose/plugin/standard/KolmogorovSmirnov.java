package org.equipose.plugin.standard;

/** How far the laws are apart from which two samples were drawn. */
final class KolmogorovSmirnov {
    private KolmogorovSmirnov() {}

    /**
     * Returns the largest difference between the shares of both samples that lie below some value: 0 for equal samples, 1 for
     * samples that do not overlap. For n draws of one law it is about 1/√n.
     *
     * @param a in ascending order
     * @param b in ascending order
     */
    static double distance(float[] a, float[] b) {
        double largest = 0;
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            float value = Math.min(a[i], b[j]);
            while (i < a.length && a[i] <= value) {
                i++;
            }
            while (j < b.length && b[j] <= value) {
                j++;
            }
            largest = Math.max(largest, Math.abs((double) i / a.length - (double) j / b.length));
        }
        return largest;
    }
}
