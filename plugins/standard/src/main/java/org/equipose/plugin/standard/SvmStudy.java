package org.equipose.plugin.standard;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongConsumer;
import org.equipose.core.data.DataSets;
import org.equipose.core.statistics.Proportion;

/**
 * What is done with each kind of feature: C is chosen, the training images are cross-validated at that C, and an SVM of all of
 * them predicts the test images.
 *
 * @param c weight of the losses, if it is given
 * @param folds parts of the training images
 * @param chooseOn most training images to choose C on
 */
record SvmStudy(OptionalDouble c, int folds, int chooseOn) {
    /** What C is chosen from, in ascending order: of equals the first is taken, which regularises most. */
    static final List<Double> CANDIDATES = List.of(0.01, 0.1, 1.0, 10.0);

    private static final long SEED = 20171128;

    /**
     * Measures one kind of feature.
     *
     * @param fitted hears the number of images of each fit; they add up to {@link #work}
     */
    SvmResult of(Examples train, Examples test, LongConsumer fitted) {
        double chosen = c.orElseGet(() -> choose(some(train), fitted));
        CrossValidation validation = CrossValidation.of(train, folds, chosen, fitted);
        LinearSvm svm = LinearSvm.fit(train, chosen);
        fitted.accept(train.count());
        return new SvmResult(
                chosen,
                validation.mean(),
                validation.standardDeviation(),
                new Proportion(svm.correct(test), test.count()));
    }

    /** Returns the sum over fits of the images learned from. */
    long work(int train) {
        long choice = c.isPresent() ? 0 : CANDIDATES.size() * (folds - 1L) * Math.min(train, chooseOn);
        return choice + (folds - 1L) * train + train;
    }

    private double choose(Examples examples, LongConsumer fitted) {
        double best = 0;
        double highest = -1;
        for (double candidate : CANDIDATES) {
            double accuracy =
                    CrossValidation.of(examples, folds, candidate, fitted).mean();
            if (accuracy > highest) {
                highest = accuracy;
                best = candidate;
            }
        }
        return best;
    }

    private Examples some(Examples train) {
        return train.count() <= chooseOn ? train : train.select(sample(train.count(), chooseOn));
    }

    /** Returns numbers below {@code count}, chosen at random, in ascending order; the same for every model. */
    static int[] sample(int count, int size) {
        int[] chosen = Arrays.copyOf(DataSets.shuffled(count, SEED), size);
        Arrays.sort(chosen);
        return chosen;
    }
}
