package org.equipose.core.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.equipose.core.run.Report;

/** The numbers of an epoch as the console shows them: training images beside validation images, then test images. */
final class EpochTable {
    private static final int LEAST_WIDTH = 28;

    private EpochTable() {}

    /**
     * Returns the lines. Diagnostics are not in nats: their names end with their unit, see {@link
     * org.equipose.core.spi.Diagnostic#metric}.
     *
     * @param epoch passes over the training images so far
     * @param step optimiser steps so far
     * @param metrics of the epoch, by column of metrics.csv
     */
    static String of(int epoch, long step, Map<String, Double> metrics) {
        Map<String, String[]> rows = new LinkedHashMap<>();
        rows.put("", new String[] {"training", "validation"});
        metrics.forEach((column, value) -> {
            String split = column.substring(0, column.indexOf('/'));
            String name = column.substring(split.length() + 1);
            boolean test = split.equals("test");
            String[] row = rows.computeIfAbsent(test ? "test: " + name : name, any -> new String[] {"", ""});
            row[split.equals("val") ? 1 : 0] = Report.figure(value);
        });
        int width = rows.keySet().stream().mapToInt(String::length).reduce(LEAST_WIDTH, Math::max);
        StringBuilder text = new StringBuilder(
                "epoch " + epoch + ", step " + step + "; nats per image, or the unit a name ends with\n");
        rows.forEach((name, figures) -> text.append(
                        String.format("  %-" + width + "s %10s %12s", name, figures[0], figures[1])
                                .stripTrailing())
                .append('\n'));
        return text.toString();
    }
}
