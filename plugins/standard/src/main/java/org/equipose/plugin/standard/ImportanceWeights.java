package org.equipose.plugin.standard;

/**
 * Importance weights w = p(x, latents) / q(latents | x) of draws from q, for one image. Their mean is p(x) on average, whatever
 * q is.
 *
 * @param logs log w of each draw in nats
 */
record ImportanceWeights(double[] logs) {

    /** Returns log (1/K Σ w), an estimate of log p(x) that is too low on average, the less the more draws. */
    double logMean() {
        return largest() + Math.log(relativeSum() / logs.length);
    }

    /** Returns the mean of log w: the evidence lower bound. */
    double bound() {
        double sum = 0;
        for (double log : logs) {
            sum += log;
        }
        return sum / logs.length;
    }

    /** Returns the variance of {@link #logMean} over draws, to first order: Σ (w/w̄ − 1)² / (K(K − 1)). */
    double variance() {
        double largest = largest();
        double mean = relativeSum() / logs.length;
        double squares = 0;
        for (double log : logs) {
            double excess = Math.exp(log - largest) / mean - 1;
            squares += excess * excess;
        }
        return squares / logs.length / (logs.length - 1);
    }

    /**
     * Returns what {@link #logMean} is on average with 1, 2, 4, … draws: the average over disjoint blocks of the first draws, as
     * many as the largest power of two there is. Every block is made of two of the next smaller size and the logarithm is
     * concave, so the numbers never decrease.
     */
    double[] curve() {
        int sizes = 32 - Integer.numberOfLeadingZeros(logs.length);
        double[] curve = new double[sizes];
        double[] blocks = logs.clone();
        int count = 1 << (sizes - 1);
        for (int i = 0; i < sizes; i++) {
            for (int block = 0; block < count; block++) {
                curve[i] += blocks[block] / count;
            }
            count /= 2;
            for (int block = 0; block < count; block++) {
                blocks[block] = logMean(blocks[2 * block], blocks[2 * block + 1]);
            }
        }
        return curve;
    }

    private static double logMean(double a, double b) {
        return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))) - Math.log(2);
    }

    private double largest() {
        double largest = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            largest = Math.max(largest, log);
        }
        return largest;
    }

    /** Σ w over the largest w, which neither overflows nor vanishes. */
    private double relativeSum() {
        double largest = largest();
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - largest);
        }
        return sum;
    }
}
