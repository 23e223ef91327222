package org.equipose.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reports as files. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes a report as {@code <name>.json}, {@code <name>.csv}, {@code <name>-<table>.csv} and {@code <name>.png} or
     * {@code <name>-<picture>.png}. Each file is written completely or not at all; earlier ones are replaced. In JSON, numbers
     * that are not finite are the texts {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}.
     *
     * @param folder for example {@link RunDirectory#evaluation()}
     * @param name of the evaluator: letters, digits, - and _
     * @param settings it was made with, by key
     * @return the files, JSON first
     * @throws RunDirectoryException if one cannot be written
     */
    public static List<Path> write(Path folder, String name, Map<String, String> settings, Report report)
            throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException(
                    "the name of a report has letters, digits, - and _ but was '" + name + "'");
        }
        List<Path> files = new ArrayList<>();
        for (Report.Picture picture : report.pictures()) {
            String suffix = picture.name().isEmpty() ? "" : "-" + picture.name();
            Path file = folder.resolve(name + suffix + ".png");
            AtomicFile.write(file, Png.bytes(picture.image()));
            files.add(file);
        }
        List<String> pictures =
                files.stream().map(f -> f.getFileName().toString()).toList();
        List<String> tables = new ArrayList<>();
        for (Report.Table table : report.tables()) {
            Path file = folder.resolve(name + "-" + table.name() + ".csv");
            AtomicFile.write(file, csv(table).getBytes(StandardCharsets.UTF_8));
            files.add(file);
            tables.add(file.getFileName().toString());
        }
        Path csv = folder.resolve(name + ".csv");
        AtomicFile.write(csv, csv(report).getBytes(StandardCharsets.UTF_8));
        files.add(0, csv);
        // Last, so that where there is a JSON file all the others are there too.
        Path json = folder.resolve(name + ".json");
        AtomicFile.write(json, json(name, settings, report, pictures, tables));
        files.add(0, json);
        return List.copyOf(files);
    }

    /**
     * Returns the settings that a report was made with; empty if there is no such file, or an earlier version wrote it.
     *
     * @param json the first of the files
     */
    public static Optional<SortedMap<String, String>> settings(Path json) throws IOException {
        if (!Files.exists(json)) {
            return Optional.empty();
        }
        JsonNode there = new ObjectMapper().readTree(json.toFile()).path("settings");
        if (!there.isObject()) {
            return Optional.empty();
        }
        SortedMap<String, String> settings = new TreeMap<>();
        there.properties()
                .forEach(field -> settings.put(field.getKey(), field.getValue().asText()));
        return Optional.of(settings);
    }

    private static byte[] json(
            String name, Map<String, String> settings, Report report, List<String> pictures, List<String> tables)
            throws IOException {
        List<Map<String, Object>> measures = new ArrayList<>();
        for (Report.Measure measure : report.measures()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", measure.name());
            entry.put("value", number(measure.value()));
            entry.put("unit", measure.unit());
            entry.put("split", measure.split());
            entry.put("protocol", measure.protocol());
            measure.interval().ifPresent(i -> entry.put("interval", List.of(number(i.low()), number(i.high()))));
            measures.add(entry);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("evaluator", name);
        all.put("settings", new TreeMap<>(settings));
        all.put("measures", measures);
        all.put("pictures", pictures);
        all.put("tables", tables);
        return Manifest.pretty(new ObjectMapper(), all);
    }

    private static Object number(double value) {
        return Double.isFinite(value) ? value : Double.toString(value);
    }

    private static String csv(Report report) {
        StringBuilder lines = new StringBuilder("name,value,unit,split,protocol,low,high\n");
        for (Report.Measure measure : report.measures()) {
            List<String> cells = List.of(
                    measure.name(),
                    Double.toString(measure.value()),
                    measure.unit(),
                    measure.split(),
                    measure.protocol(),
                    measure.interval().map(i -> Double.toString(i.low())).orElse(""),
                    measure.interval().map(i -> Double.toString(i.high())).orElse(""));
            lines.append(line(cells));
        }
        return lines.toString();
    }

    private static String csv(Report.Table table) {
        StringBuilder lines = new StringBuilder(line(table.columns()));
        table.rows().forEach(row -> lines.append(line(row)));
        return lines.toString();
    }

    private static String line(List<String> cells) {
        return String.join(",", cells.stream().map(Csv::cell).toList()) + "\n";
    }
}
