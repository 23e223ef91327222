package org.equipose.plugin.standard;

import java.util.Arrays;
import org.equipose.core.spi.Values;

/** Draws of a latent, with what is derived from them: moments, and each dimension in ascending order. */
record Sample(Values draws, Moments moments, float[][] sorted) {
    /** Sorts and sums up. */
    static Sample of(Values draws) {
        float[][] sorted = new float[draws.rowSize()][draws.rows()];
        for (int i = 0; i < draws.data().length; i++) {
            sorted[i % sorted.length][i / sorted.length] = draws.data()[i];
        }
        for (float[] dimension : sorted) {
            Arrays.sort(dimension);
        }
        return new Sample(draws, Moments.of(draws), sorted);
    }

    /** Returns the number of dimensions. */
    int size() {
        return moments.size();
    }

    /** Returns the Kolmogorov–Smirnov distance of one dimension from that of another sample. */
    double ks(Sample other, int dimension) {
        return KolmogorovSmirnov.distance(sorted[dimension], other.sorted[dimension]);
    }

    /** Returns these draws in standard deviations of another law about its mean. */
    Sample inUnitsOf(Moments law) {
        float[] data = draws.data().clone();
        for (int i = 0; i < data.length; i++) {
            int dimension = i % size();
            data[i] = (float) ((data[i] - law.mean()[dimension]) / law.standardDeviation(dimension));
        }
        return of(new Values(draws.shape(), data));
    }

    /** Returns the distances of the draws from 0, in ascending order. */
    float[] radii() {
        float[] radii = new float[draws.rows()];
        for (int i = 0; i < draws.data().length; i++) {
            radii[i / size()] += draws.data()[i] * draws.data()[i];
        }
        for (int i = 0; i < radii.length; i++) {
            radii[i] = (float) Math.sqrt(radii[i]);
        }
        Arrays.sort(radii);
        return radii;
    }
}
