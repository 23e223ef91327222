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

    /** Checks that no two pictures would share a file. */
    public Report {
        measures = List.copyOf(measures);
        pictures = List.copyOf(pictures);
        if (pictures.stream().map(Picture::name).distinct().count() < pictures.size()) {
            throw new IllegalArgumentException("two pictures of a report have the same name");
        }
    }

    /** Makes a report without pictures. */
    public Report(List<Measure> measures) {
        this(measures, List.of());
    }

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

        /** Returns this number with an interval. */
        public Measure within(double low, double high) {
            return new Measure(name, value, unit, split, protocol, Optional.of(new Interval(low, high)));
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
    public record Picture(String name, BufferedImage image) {

        /** Checks the name. */
        public Picture {
            if (!name.matches("([A-Za-z0-9][A-Za-z0-9_-]*)?")) {
                throw new IllegalArgumentException(
                        "the name of a picture has letters, digits, - and _ but was '" + name + "'");
            }
        }
    }
}
