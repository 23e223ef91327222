package org.equipose.core.data;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The three splits of a data set. A source leaves the validation split empty; {@link #holdOut} takes it from the training
 * images, so that the test images choose nothing.
 *
 * @param train images to train on
 * @param validation images to choose by
 * @param test images to report on
 * @param classes names of the classes by label; empty if they have none
 * @param heldOut places that the validation images had among the training images, in ascending order; empty where that is not known
 */
public record DataSets(Split train, Split validation, Split test, List<String> classes, int[] heldOut) {

    /** Checks that all images have one size. */
    public DataSets {
        if (!train.spec().equals(test.spec()) || !train.spec().equals(validation.spec())) {
            throw new IllegalArgumentException(
                    "training images are " + train.spec() + " but test images " + test.spec());
        }
        if (heldOut.length > 0 && heldOut.length != validation.count()) {
            throw new IllegalArgumentException(
                    "there are " + heldOut.length + " places for " + validation.count() + " validation images");
        }
        classes = List.copyOf(classes);
    }

    /** Makes data sets of which it is not known where the validation images come from. */
    public DataSets(Split train, Split validation, Split test, List<String> classes) {
        this(train, validation, test, classes, new int[0]);
    }

    /** Makes data sets whose classes have no names. */
    public DataSets(Split train, Split validation, Split test) {
        this(train, validation, test, List.of());
    }

    /** Makes data sets without a validation split. */
    public DataSets(Split train, Split test) {
        this(train, train.select(new int[0]), test);
    }

    /** Returns these data sets with names for their classes. */
    public DataSets named(List<String> names) {
        return new DataSets(train, validation, test, names, heldOut);
    }

    /** Returns the size of every image. */
    public ImageSpec spec() {
        return train.spec();
    }

    /**
     * Moves {@code count} randomly chosen training images to the validation split.
     *
     * @throws IllegalArgumentException if that leaves no training image
     */
    public DataSets holdOut(int count, long seed) {
        if (count >= train.count()) {
            throw new IllegalArgumentException("cannot keep " + count + " images for validation: there are only "
                    + train.count() + " training images");
        }
        int[] order = shuffled(train.count(), seed);
        int[] kept = Arrays.copyOfRange(order, count, order.length);
        int[] held = Arrays.copyOf(order, count);
        Arrays.sort(kept);
        Arrays.sort(held);
        return new DataSets(train.select(kept), train.select(held), test, classes, held);
    }

    /**
     * Returns training and validation images together: in the order they had before {@link #holdOut}, or, where that is not known,
     * the validation images last.
     */
    public Split trainAndValidation() {
        if (validation.count() == 0) {
            return train;
        }
        Split all = train.followedBy(validation);
        if (heldOut.length == 0) {
            return all;
        }
        int[] order = new int[all.count()];
        int held = 0;
        for (int i = 0; i < order.length; i++) {
            boolean next = held < heldOut.length && heldOut[held] == i;
            order[i] = next ? train.count() + held++ : i - held;
        }
        return all.select(order);
    }

    /** Returns the numbers below {@code count} in random order (Fisher and Yates). */
    public static int[] shuffled(int count, long seed) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }
}
