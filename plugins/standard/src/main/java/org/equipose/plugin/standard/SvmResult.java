package org.equipose.plugin.standard;

import java.util.Locale;
import java.util.Properties;
import org.equipose.core.statistics.Proportion;

/**
 * What a linear SVM achieved on one kind of feature.
 *
 * @param c weight of the losses
 * @param crossValidated mean accuracy over the folds of the training images, in [0, 1]
 * @param deviation standard deviation over these folds
 * @param test test images whose class was predicted
 */
record SvmResult(double c, double crossValidated, double deviation, Proportion test) {

    /** Returns lines that {@link #of} reads to the same bits. */
    String text() {
        return String.format(
                Locale.ROOT,
                "c=%s%ncross-validated=%s%ndeviation=%s%ncorrect=%d%ntested=%d%n",
                c,
                crossValidated,
                deviation,
                test.successes(),
                test.trials());
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if something is missing or no number
     */
    static SvmResult of(Properties text) {
        return new SvmResult(
                Double.parseDouble(text.getProperty("c", "")),
                Double.parseDouble(text.getProperty("cross-validated", "")),
                Double.parseDouble(text.getProperty("deviation", "")),
                new Proportion(
                        Long.parseLong(text.getProperty("correct", "")),
                        Long.parseLong(text.getProperty("tested", ""))));
    }
}
