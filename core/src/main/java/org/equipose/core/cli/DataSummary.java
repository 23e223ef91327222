package org.equipose.core.cli;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;

/** What {@code data check} says about a data set. */
final class DataSummary {

    /** More classes than this are not counted one by one. */
    private static final int FEW = 20;

    /** Mean of the values at the edges above which the background is taken for white paper. */
    private static final double LIGHT = 180;

    private DataSummary() {}

    static void print(String name, DataSets data, Terminal terminal) {
        terminal.out()
                .println(String.format(
                        "%-20s %d training and %d test images of %s, %s; sha256 %s",
                        name,
                        data.train().count(),
                        data.test().count(),
                        data.spec(),
                        data.train().labels().isPresent() ? "labelled" : "without labels",
                        data.train().hash().substring(0, 16)));
        terminal.out().println("  training           " + line(data.train(), data.classes()));
        terminal.out().println("  test               " + line(data.test(), data.classes()));
        double edge = edge(data.train());
        if (lightEdges(data.train())) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "  note               the edges of the images are light (mean %.0f of 255) where white on black is"
                                    + " expected; if they are black on white, turn them round (invert)%n",
                            edge);
        }
    }

    /** Returns whether grey images look black on white; models of digits and strokes know them the other way round. */
    static boolean lightEdges(Split split) {
        return split.spec().channels() == 1 && edge(split) > LIGHT;
    }

    private static String line(Split split, List<String> names) {
        IntSummaryStatistics values = values(split);
        return String.format(
                Locale.ROOT,
                "values %d to %d, mean %.2f%s; sha256 %s",
                values.getMin(),
                values.getMax(),
                values.getAverage(),
                split.labels().map(labels -> "; " + classes(labels, names)).orElse(""),
                split.hash());
    }

    private static IntSummaryStatistics values(Split split) {
        IntSummaryStatistics values = new IntSummaryStatistics();
        for (byte pixel : split.pixels()) {
            values.accept(pixel & 0xff);
        }
        return values;
    }

    private static String classes(int[] labels, List<String> names) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int label : labels) {
            counts.merge(label, 1, Integer::sum);
        }
        IntSummaryStatistics sizes =
                counts.values().stream().mapToInt(Integer::intValue).summaryStatistics();
        if (sizes.getMin() == sizes.getMax() && names.isEmpty()) {
            return counts.size() + " classes of " + sizes.getMin() + " images";
        } else if (counts.size() > FEW) {
            return counts.size() + " classes of " + sizes.getMin() + " to " + sizes.getMax() + " images";
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getKey()
                        + (entry.getKey() < names.size() ? " (" + names.get(entry.getKey()) + ")" : "")
                        + ": "
                        + entry.getValue())
                .collect(Collectors.joining(", ", "images by class ", ""));
    }

    /** Returns the mean of the values at the edges of the images. */
    private static double edge(Split split) {
        ImageSpec spec = split.spec();
        int row = spec.width() * spec.channels();
        int[] edge = IntStream.range(0, spec.size())
                .filter(i -> i < row
                        || i >= spec.size() - row
                        || i % row < spec.channels()
                        || i % row >= row - spec.channels())
                .toArray();
        double sum = 0;
        for (int image = 0; image < split.count(); image++) {
            for (int i : edge) {
                sum += split.pixels()[image * spec.size() + i] & 0xff;
            }
        }
        return sum / edge.length / split.count();
    }
}
