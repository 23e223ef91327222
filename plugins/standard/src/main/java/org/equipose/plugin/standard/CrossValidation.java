package org.equipose.plugin.standard;

import java.util.function.LongConsumer;
import java.util.stream.DoubleStream;

/**
 * Accuracies of a linear SVM on each part of the images, learned from all other parts.
 *
 * @param accuracies in [0, 1]
 */
record CrossValidation(double[] accuracies) {

    /**
     * Fits once for every part.
     *
     * @param fitted hears the number of images of each fit
     */
    static CrossValidation of(Examples examples, int folds, double c, LongConsumer fitted) {
        StratifiedFolds parts = StratifiedFolds.of(examples.labels(), folds);
        double[] accuracies = new double[folds];
        for (int fold = 0; fold < folds; fold++) {
            Examples learned = examples.select(parts.outside(fold));
            Examples tested = examples.select(parts.inside(fold));
            accuracies[fold] = (double) LinearSvm.fit(learned, c).correct(tested) / tested.count();
            fitted.accept(learned.count());
        }
        return new CrossValidation(accuracies);
    }

    /** Returns the mean over parts. */
    double mean() {
        return DoubleStream.of(accuracies).average().orElseThrow();
    }

    /** Returns the standard deviation over parts, of these parts and not of a population they were drawn from. */
    double standardDeviation() {
        double mean = mean();
        return Math.sqrt(DoubleStream.of(accuracies)
                .map(a -> (a - mean) * (a - mean))
                .average()
                .orElseThrow());
    }
}
