package org.equipose.plugin.standard;

import java.util.Arrays;

/**
 * Importance weights w = p(x, latents) / q(latents | x) of draws from q, for one image. Their mean is p(x) on average, whatever
 * q is.
 *
 * @param logs log w of each draw in nats
 */
record ImportanceWeights(double[] logs) {

    /** Returns log (1/K Σ w), an estimate of log p(x) that is too low on average, the less the more draws. */
    double logMean() {
        double largest = Arrays.stream(logs).max().orElseThrow();
        double sum = 0; // over the largest w, which neither overflows nor vanishes
        for (double log : logs) {
            sum += Math.exp(log - largest);
        }
        return largest + Math.log(sum / logs.length);
    }

    /** Returns the mean of log w: the evidence lower bound. */
    double bound() {
        return Arrays.stream(logs).average().orElseThrow();
    }

    /**
     * Returns the square of half the difference between the estimates of the first and the second half of the draws. On average
     * over images that is the variance of {@link #logMean}, somewhat less where weights have heavy tails; there the textbook's
     * Var(w)/(K w̄²) is several times too low, since no image alone shows its tail.
     */
    double variance() {
        int half = logs.length / 2;
        double first = new ImportanceWeights(Arrays.copyOf(logs, half)).logMean();
        double second = new ImportanceWeights(Arrays.copyOfRange(logs, half, 2 * half)).logMean();
        return (first - second) * (first - second) / 4;
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
}
