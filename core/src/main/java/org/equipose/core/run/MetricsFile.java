package org.equipose.core.run;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table of numbers that grows while a model trains: columns {@code epoch}, {@code step} and what the caller measures. Each row
 * reaches the file as it is appended. Numbers have six decimals, below 0.001 and above 10¹⁵ six decimals and an exponent; a value
 * that was not measured is left empty.
 */
public final class MetricsFile implements AutoCloseable {
    private final Path file;
    private final List<String> columns;
    private final FileOutputStream out;

    private MetricsFile(Path file, List<String> columns) throws IOException {
        this.file = file;
        this.columns = List.copyOf(columns);
        this.out = new FileOutputStream(file.toFile(), true);
    }

    /**
     * A row.
     *
     * @param epoch passes over the training images so far
     * @param step optimiser steps so far
     * @param values what was measured, by column
     */
    public record Row(int epoch, long step, Map<String, Double> values) {}

    /**
     * Begins a table.
     *
     * @param columns names of what is measured, without {@code epoch} and {@code step}
     * @throws RunDirectoryException if the file exists or cannot be written
     */
    public static MetricsFile create(Path file, List<String> columns) throws IOException {
        check(columns);
        if (Files.exists(file)) {
            throw new RunDirectoryException(file + " exists already; it belongs to another run");
        }
        // At once, or a disk that is full would leave a table without its first line.
        AtomicFile.write(file, (header(columns) + "\n").getBytes(StandardCharsets.UTF_8));
        return open(file, columns);
    }

    private static MetricsFile open(Path file, List<String> columns) throws IOException {
        try {
            return new MetricsFile(file, columns);
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
    }

    /**
     * Goes on with a table from an earlier state: rows of later epochs are dropped. A missing table is begun.
     *
     * @param columns as they were
     * @param epoch last epoch to keep
     * @throws RunDirectoryException if the table has other columns, is damaged or lacks the row of that epoch, or cannot be written
     */
    public static MetricsFile resume(Path file, List<String> columns, int epoch) throws IOException {
        check(columns);
        if (Files.notExists(file)) {
            return create(file, columns);
        }
        Table table = Table.of(file);
        if (!table.columns.equals(columns)) {
            throw new RunDirectoryException(file + " has the columns " + table.columns + ", but this run measures "
                    + columns + "; go on with the configuration of the run, or begin a new run");
        }
        int last = table.rows.stream()
                .mapToInt(Row::epoch)
                .filter(row -> row <= epoch)
                .max()
                .orElse(epoch);
        if (last < epoch) {
            throw damaged(file, "it ends with epoch " + last + ", but the run goes on after epoch " + epoch);
        }
        truncateAfter(file, epoch);
        return open(file, columns);
    }

    /**
     * Drops the rows after an epoch, and a last line cut off when a process was killed.
     *
     * @throws RunDirectoryException if the file is damaged, or cannot be written; it then stays as it was
     */
    public static void truncateAfter(Path file, int epoch) throws IOException {
        Table table = Table.of(file);
        StringBuilder kept = new StringBuilder(header(table.columns)).append('\n');
        for (int i = 0; i < table.rows.size(); i++) {
            if (table.rows.get(i).epoch <= epoch) {
                kept.append(table.lines.get(i)).append('\n');
            }
        }
        AtomicFile.write(file, kept.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a table. A last line without its end is left out: it was cut off, or is being written.
     *
     * @throws RunDirectoryException if it cannot be read; names the line
     */
    public static List<Row> read(Path file) throws IOException {
        return Table.of(file).rows;
    }

    /** Returns the names of what is measured. */
    public List<String> columns() {
        return columns;
    }

    /**
     * Appends a row.
     *
     * @param values by column; none may have another name
     * @throws RunDirectoryException if it cannot be written
     */
    public void append(int epoch, long step, Map<String, Double> values) throws IOException {
        for (String name : values.keySet()) {
            if (!columns.contains(name)) {
                throw new IllegalArgumentException(file + " has no column '" + name + "', only " + columns);
            }
        }
        StringBuilder line = new StringBuilder().append(epoch).append(',').append(step);
        for (String column : columns) {
            Double value = values.get(column);
            line.append(',').append(value == null ? "" : format(value));
        }
        try {
            // One call, unbuffered: a killed process leaves whole lines.
            out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            out.getFD().sync(); // before the checkpoint that says this row is there
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    static String format(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        double size = Math.abs(value);
        // Adding 0 turns −0 into 0.
        return String.format(Locale.ROOT, size == 0 || (size >= 1e-3 && size < 1e15) ? "%.6f" : "%.6e", value + 0.0);
    }

    private static String header(List<String> columns) {
        return columns.isEmpty() ? "epoch,step" : "epoch,step," + String.join(",", columns);
    }

    private static RunDirectoryException damaged(Path file, String how) {
        return new RunDirectoryException(
                file + " is damaged: " + how + "; put it right, or delete it to go on without its rows");
    }

    private static void check(List<String> columns) {
        for (String column : columns) {
            if (!column.matches("[^,\"\\s]+") || column.equals("epoch") || column.equals("step")) {
                throw new IllegalArgumentException("'" + column + "' cannot be the name of a column");
            }
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new IllegalArgumentException("there are two columns of one name in " + columns);
        }
    }

    /** A file as read: the lines are kept as they are. */
    private record Table(List<String> columns, List<String> lines, List<Row> rows) {

        static Table of(Path file) throws IOException {
            String text;
            try {
                text = Files.readString(file);
            } catch (MalformedInputException e) {
                throw damaged(file, "it is not text");
            } catch (IOException e) {
                throw new RunDirectoryException("cannot read " + file, e);
            }
            // What follows the last line break is cut off.
            List<String> lines = text.lines().toList();
            if (!text.isEmpty() && !text.endsWith("\n")) {
                lines = lines.subList(0, lines.size() - 1);
            }
            if (lines.isEmpty()) {
                throw damaged(file, "its first line is missing");
            }
            List<String> names = List.of(lines.get(0).split(",", -1));
            if (names.size() < 2
                    || !names.get(0).equals("epoch")
                    || !names.get(1).equals("step")) {
                throw damaged(file, "its first line is '" + lines.get(0) + "' instead of epoch,step,…");
            }
            List<String> columns = names.subList(2, names.size());
            List<Row> rows = new ArrayList<>();
            for (int i = 1; i < lines.size(); i++) {
                Row row = row(file, i + 1, columns, lines.get(i));
                if (i > 1 && row.epoch != rows.get(i - 2).epoch + 1) {
                    throw damaged(
                            file,
                            "line " + (i + 1) + " is of epoch " + row.epoch + ", after one of epoch "
                                    + rows.get(i - 2).epoch);
                }
                rows.add(row);
            }
            return new Table(columns, lines.subList(1, lines.size()), Collections.unmodifiableList(rows));
        }

        private static Row row(Path file, int number, List<String> columns, String line) throws IOException {
            String[] cells = line.split(",", -1);
            try {
                if (cells.length != columns.size() + 2) {
                    throw new NumberFormatException(cells.length + " cells instead of " + (columns.size() + 2));
                }
                Map<String, Double> values = new LinkedHashMap<>();
                for (int i = 0; i < columns.size(); i++) {
                    if (!cells[i + 2].isEmpty()) {
                        values.put(columns.get(i), Double.valueOf(cells[i + 2]));
                    }
                }
                return new Row(
                        Integer.parseInt(cells[0]), Long.parseLong(cells[1]), Collections.unmodifiableMap(values));
            } catch (NumberFormatException e) {
                throw damaged(file, "line " + number + " has " + e.getMessage());
            }
        }
    }
}
