package org.equipose.plugin.standard;

/**
 * The bins of a histogram: as wide as a round number, with edges at its multiples.
 *
 * @param first number of the first bin, which starts at {@code first · width}
 * @param count number of bins
 * @param width of each
 */
record Bins(long first, int count, double width) {
    private static final int ABOUT = 40;

    /** Returns about forty bins that cover a range. */
    static Bins over(double low, double high) {
        double wanted = Math.max((high - low) / ABOUT, 1e-6);
        double power = Math.pow(10, Math.floor(Math.log10(wanted)));
        double width = power * (wanted <= 2 * power ? 2 : wanted <= 5 * power ? 5 : 10);
        long first = (long) Math.floor(low / width);
        return new Bins(first, (int) ((long) Math.floor(high / width) - first + 1), width);
    }

    /** Returns where the bins start, and last where they end. */
    double[] edges() {
        double[] edges = new double[count + 1];
        for (int i = 0; i <= count; i++) {
            edges[i] = (first + i) * width;
        }
        return edges;
    }

    /** Returns the share of the values in each bin divided by its width, and last 0. */
    double[] density(float[] values) {
        double[] density = new double[count + 1];
        for (float value : values) {
            long bin = (long) Math.floor(value / width) - first;
            if (bin >= 0 && bin < count) {
                density[(int) bin] += 1 / (width * values.length);
            }
        }
        return density;
    }
}
