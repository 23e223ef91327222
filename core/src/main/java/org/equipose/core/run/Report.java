package org.equipose.core.run;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/**
 * What an evaluator found.
 *
 * @param measures numbers
 * @param pictures images, written as PNG beside the numbers
 */
public record Report(List<Measure> measures, List<Picture> pictures) {

    /**
     * A number that says what it is.
     *
     * @param name lower case with underscores
     * @param value the number
     * @param unit for example {@code nats per image}
     * @param split the images it was measured on, for example {@code test}
     * @param protocol how, in a few words
     * @param interval 95 % confidence interval, where known
     */
    public record Measure(
            String name, double value, String unit, String split, String protocol, Optional<Interval> interval) {

        /** Makes a number without an interval. */
        public Measure(String name, double value, String unit, String split, String protocol) {
            this(name, value, unit, split, protocol, Optional.empty());
        }
    }

    /** A range of numbers. */
    public record Interval(double low, double high) {}

    /**
     * An image to look at.
     *
     * @param name part of its file name; empty for the only picture of a report
     * @param image the pixels
     */
    public record Picture(String name, BufferedImage image) {}
}
