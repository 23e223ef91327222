package org.equipose.core.run;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an evaluator found.
 *
 * @param measures numbers
 * @param pictures images, written as PNG beside the numbers
 * @param tables numbers of single items or dimensions, too many to be printed, written as CSV beside the others
 */
public record Report(List<Measure> measures, List<Picture> pictures, List<Table> tables) {

    /** Checks that no two pictures and no two tables would share a file. */
    public Report {
        measures = List.copyOf(measures);
        pictures = List.copyOf(pictures);
        tables = List.copyOf(tables);
        if (tables.stream().map(Table::name).distinct().count() < tables.size()) {
            throw new IllegalArgumentException("two tables of a report have the same name");
        }
        if (pictures.stream().map(Picture::name).distinct().count() < pictures.size()) {
            throw new IllegalArgumentException("two pictures of a report have the same name");
        }
    }

    /** Makes a report without tables. */
    public Report(List<Measure> measures, List<Picture> pictures) {
        this(measures, pictures, List.of());
    }

    /** Makes a report without pictures and tables. */
    public Report(List<Measure> measures) {
        this(measures, List.of(), List.of());
    }

    /** Writes a number with two decimal places; shares and distances are small, and their third digit counts. */
    public static String figure(double value) {
        double size = Math.abs(value);
        String format = value != 0 && size < 0.01 ? "%.1e" : size < 1 ? "%.3f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
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

    /**
     * Numbers in rows.
     *
     * @param name part of its file name
     * @param columns what is in each column, lower case with underscores
     * @param rows cells as text, as many in each as there are columns
     */
    public record Table(String name, List<String> columns, List<List<String>> rows) {

        /** Checks the name and the size of every row. */
        public Table {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
                throw new IllegalArgumentException(
                        "the name of a table has letters, digits, - and _ but was '" + name + "'");
            }
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException("a row of table " + name + " has " + row.size() + " cells for "
                            + columns.size() + " columns");
                }
            }
        }
    }
}
