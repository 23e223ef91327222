package org.equipose.core.reproduction;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * How to reproduce a table or a figure: what to train, what to measure and what the paper says.
 *
 * @param title of the table or figure
 * @param says what the paper claims
 * @param runs trainings by name; recipes of one folder share those of the same name
 * @param quick what is different in a quick reproduction
 * @param rows numbers to compare
 * @param claims what must follow from the numbers
 * @param pictures what to look at
 * @param curves pictures of the course of trainings
 * @param axes of the picture of all rows that have an x, if there is one
 */
public record Recipe(
        String title,
        String says,
        Map<String, Training> runs,
        Quick quick,
        List<Row> rows,
        List<Claim> claims,
        List<Picture> pictures,
        List<Curves> curves,
        Optional<Axes> axes) {

    /**
     * A training, once for each seed.
     *
     * @param preset name of a configuration that comes with the program
     * @param set settings that differ from it
     */
    public record Training(String preset, Map<String, String> set, List<String> seeds) {}

    /**
     * A quick reproduction.
     *
     * @param epochs of every training
     * @param seeds of every training
     */
    public record Quick(String epochs, List<String> seeds) {}

    /**
     * A number of the paper and where to find ours.
     *
     * @param run the training
     * @param measure where the number of a run is
     * @param unit of a column of the metrics; the report of an evaluator says its own
     * @param paper what the paper says
     * @param within how far ours may be from it to count as reproduced
     * @param series the line it belongs to in the picture
     * @param x its place in the picture
     */
    public record Row(
            String name,
            String run,
            Source measure,
            String unit,
            OptionalDouble paper,
            OptionalDouble within,
            String series,
            OptionalDouble x) {}

    /**
     * Where a number is: {@code evaluator/measure}, or {@code metrics/column/last} or {@code .../least}, the last or the least
     * of all epochs.
     *
     * @param evaluator or {@code metrics}
     * @param name of the measure, or of the column
     * @param least whether the least of a column is meant
     */
    public record Source(String evaluator, String name, boolean least) {
        static Source of(String where, String text) {
            int slash = text.indexOf('/');
            if (slash > 0 && text.startsWith("metrics/") && (text.endsWith("/last") || text.endsWith("/least"))) {
                return new Source("metrics", text.substring(8, text.lastIndexOf('/')), text.endsWith("/least"));
            }
            if (slash < 1 || slash != text.lastIndexOf('/')) {
                throw new ConfigurationException(where + ": measure must be EVALUATOR/MEASURE, metrics/COLUMN/last or"
                        + " metrics/COLUMN/least but was '" + text + "'");
            }
            return new Source(text.substring(0, slash), text.substring(slash + 1), false);
        }

        /** Returns whether it is in metrics.csv. */
        public boolean ofTraining() {
            return evaluator.equals("metrics");
        }
    }

    /**
     * One number is larger than another.
     *
     * @param larger name of a row, or a number
     * @param than name of a row, or a number
     * @param by at least so much; below zero, it may be less by as much
     * @param quick whether a quick reproduction must show it too
     */
    public record Claim(String says, String larger, String than, double by, boolean quick) {}

    /**
     * A picture that an evaluator draws of a run.
     *
     * @param name part of its file name; empty for the only one of an evaluator
     */
    public record Picture(String run, String evaluator, String name, String caption) {}

    /**
     * A picture of numbers by epoch: a chart for each column of the metrics, a line in it for each training, the mean of its seeds.
     *
     * @param columns of metrics.csv, in nats per image
     */
    public record Curves(List<String> columns, List<String> runs, String caption) {}

    /**
     * The picture of all rows with an x.
     *
     * @param x what the horizontal axis shows
     * @param y what the vertical axis shows
     */
    public record Axes(String x, String y) {}

    /**
     * Reads a recipe. An entry with {@code for: {a: [1, 2], b: [3, 4]}} stands for several, with a and b put in place of
     * <code>{a}</code> and <code>{b}</code>: first 1 and 3, then 2 and 4.
     *
     * @throws ConfigurationException if the file is missing or says something else than a recipe does
     */
    public static Recipe read(Path file) {
        String where = file.getFileName().toString();
        Fields fields = Fields.of(where, load(file));
        Map<String, Training> runs = new LinkedHashMap<>();
        fields.value("runs")
                .map(yaml -> expanded(where + ", runs", entries(where + ", runs", yaml)))
                .orElse(List.of())
                .forEach(entry -> {
                    String name = String.valueOf(entry.get("name"));
                    if (runs.put(name, training(where, entry)) != null) {
                        throw new ConfigurationException(where + ", runs: there are two of the name " + name);
                    }
                });
        Fields quick = Fields.of(where + ", quick", fields.value("quick").orElse(Map.of()));
        Recipe recipe = new Recipe(
                fields.needed("title"),
                fields.needed("says"),
                runs,
                new Quick(quick.text("epochs").orElse("2"), seeds(quick)),
                rows(where, fields),
                claims(where, fields),
                pictures(where, fields),
                curves(where, fields),
                fields.value("axes").map(yaml -> axes(where + ", axes", yaml)));
        quick.end();
        fields.end();
        recipe.check(where);
        return recipe;
    }

    private static Object load(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        try {
            return plain(
                    file.toString(),
                    new Yaml(new SafeConstructor(options)).compose(new StringReader(Files.readString(file))));
        } catch (YAMLException e) {
            throw new ConfigurationException(
                    file + ": " + e.getMessage().lines().findFirst().orElse(""));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException("there is no file " + file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + " is not a text in UTF-8");
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e.getMessage());
        }
    }

    /** Keeps values as they are written, as a configuration does: YAML would make {@code no} false and {@code 012} ten. */
    private static Object plain(String where, Node node) {
        if (node instanceof MappingNode mapping) {
            Map<Object, Object> values = new LinkedHashMap<>();
            for (NodeTuple entry : mapping.getValue()) {
                Object key = plain(where, entry.getKeyNode());
                if (values.containsKey(key)) {
                    throw new ConfigurationException(where + ", line "
                            + (entry.getKeyNode().getStartMark().getLine() + 1) + ": '" + key + "' was given before");
                }
                values.put(key, plain(where, entry.getValueNode()));
            }
            return values;
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().stream()
                    .map(item -> plain(where, item))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        return node == null || node.getTag().equals(Tag.NULL) ? null : ((ScalarNode) node).getValue();
    }

    /** A mapping by name is a list of entries that have a name. */
    private static List<Object> entries(String where, Object yaml) {
        if (!(yaml instanceof Map<?, ?> mapping)) {
            throw new ConfigurationException(where + ": expected names with settings");
        }
        List<Object> entries = new ArrayList<>();
        mapping.forEach((name, value) -> {
            Map<Object, Object> entry = new LinkedHashMap<>();
            entry.put("name", name);
            if (value instanceof Map<?, ?> more) {
                entry.putAll(more);
            }
            entries.add(entry);
        });
        return entries;
    }

    private static List<Map<?, ?>> expanded(String where, List<Object> entries) {
        List<Map<?, ?>> all = new ArrayList<>();
        for (Object entry : entries) {
            if (!(entry instanceof Map<?, ?> mapping)) {
                throw new ConfigurationException(where + ": expected entries with keys and values");
            }
            if (!(mapping.get("for") instanceof Map<?, ?> variables)) {
                all.add(mapping);
                continue;
            }
            Map<Object, Object> rest = new LinkedHashMap<>(mapping);
            rest.remove("for");
            Set<Integer> sizes = new TreeSet<>();
            variables.values().forEach(values -> sizes.add(values instanceof List<?> list ? list.size() : 0));
            if (sizes.size() != 1 || sizes.contains(0)) {
                throw new ConfigurationException(
                        where + ": 'for' needs lists of the same length, {a: [1, 2], b: [3, 4]}");
            }
            for (int i = 0; i < sizes.iterator().next(); i++) {
                Map<String, String> values = new LinkedHashMap<>();
                for (Map.Entry<?, ?> variable : variables.entrySet()) {
                    values.put("{" + variable.getKey() + "}", String.valueOf(((List<?>) variable.getValue()).get(i)));
                }
                all.add((Map<?, ?>) replaced(rest, values));
            }
        }
        return all;
    }

    private static Object replaced(Object yaml, Map<String, String> values) {
        if (yaml instanceof Map<?, ?> mapping) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            mapping.forEach((key, value) -> copy.put(replaced(key, values), replaced(value, values)));
            return copy;
        }
        if (yaml instanceof List<?> list) {
            return list.stream().map(item -> replaced(item, values)).toList();
        }
        if (yaml instanceof String text) {
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace(value.getKey(), value.getValue());
            }
            return text;
        }
        return yaml;
    }

    private static Training training(String where, Map<?, ?> entry) {
        Fields fields = Fields.of(where + ", run " + entry.get("name"), entry);
        fields.needed("name");
        Training training = new Training(fields.needed("preset"), fields.map("set"), seeds(fields));
        fields.end();
        return training;
    }

    private static List<String> seeds(Fields fields) {
        List<String> seeds = fields.texts("seeds");
        return seeds.isEmpty() ? List.of("1") : seeds;
    }

    private static List<Row> rows(String where, Fields all) {
        List<Row> rows = new ArrayList<>();
        for (Map<?, ?> entry : expanded(where + ", rows", all.list("rows"))) {
            String place = where + ", row " + entry.get("name");
            Fields fields = Fields.of(place, entry);
            rows.add(new Row(
                    fields.needed("name"),
                    fields.needed("run"),
                    Source.of(place, fields.needed("measure")),
                    fields.text("unit").orElse("nats per image"),
                    fields.number("paper"),
                    fields.number("within"),
                    fields.text("series").orElse(""),
                    fields.number("x")));
            fields.end();
        }
        return rows;
    }

    private static List<Claim> claims(String where, Fields all) {
        List<Claim> claims = new ArrayList<>();
        for (Map<?, ?> entry : expanded(where + ", claims", all.list("claims"))) {
            Fields fields = Fields.of(where + ", claim " + entry.get("says"), entry);
            claims.add(new Claim(
                    fields.needed("says"),
                    fields.needed("larger"),
                    fields.needed("than"),
                    fields.number("by").orElse(0),
                    fields.truth("quick")));
            fields.end();
        }
        return claims;
    }

    private static List<Picture> pictures(String where, Fields all) {
        List<Picture> pictures = new ArrayList<>();
        for (Map<?, ?> entry : expanded(where + ", pictures", all.list("pictures"))) {
            Fields fields = Fields.of(where + ", picture of " + entry.get("run"), entry);
            pictures.add(new Picture(
                    fields.needed("run"),
                    fields.needed("evaluator"),
                    fields.text("name").orElse(""),
                    fields.needed("caption")));
            fields.end();
        }
        return pictures;
    }

    private static List<Curves> curves(String where, Fields all) {
        List<Curves> curves = new ArrayList<>();
        for (Map<?, ?> entry : expanded(where + ", curves", all.list("curves"))) {
            String place = where + ", curves " + entry.get("caption");
            Fields fields = Fields.of(place, entry);
            Curves one = new Curves(fields.texts("columns"), fields.texts("runs"), fields.needed("caption"));
            fields.end();
            if (one.columns().isEmpty() || one.runs().isEmpty()) {
                throw new ConfigurationException(place + ": columns and runs are lists of at least one name");
            }
            curves.add(one);
        }
        return curves;
    }

    private static Axes axes(String where, Object yaml) {
        Fields fields = Fields.of(where, yaml);
        Axes axes = new Axes(fields.needed("x"), fields.needed("y"));
        fields.end();
        return axes;
    }

    private void check(String where) {
        Set<String> names = new TreeSet<>();
        for (Row row : rows) {
            exists(where + ", row " + row.name(), row.run());
            if (!names.add(row.name())) {
                throw new ConfigurationException(where + ": two rows are called " + row.name());
            }
        }
        pictures.forEach(picture -> exists(where + ", picture", picture.run()));
        curves.forEach(one -> one.runs().forEach(run -> exists(where + ", curves", run)));
        for (Claim claim : claims) {
            for (String side : List.of(claim.larger(), claim.than())) {
                if (!names.contains(side) && !side.matches("-?\\d+(\\.\\d+)?")) {
                    throw new ConfigurationException(where + ", claim '" + claim.says() + "': there is no row '" + side
                            + "'" + DidYouMean.among(side, names));
                }
            }
        }
    }

    private void exists(String where, String run) {
        if (!runs.containsKey(run)) {
            throw new ConfigurationException(
                    where + ": there is no run '" + run + "'" + DidYouMean.among(run, runs.keySet()));
        }
    }

    /** Returns this recipe as a quick reproduction follows it. */
    public Recipe quickly() {
        Map<String, Training> fewer = new LinkedHashMap<>();
        runs.forEach((name, training) -> {
            Map<String, String> set = new LinkedHashMap<>(training.set());
            set.put("epochs", quick.epochs());
            fewer.put(name, new Training(training.preset(), set, quick.seeds()));
        });
        List<Claim> kept = claims.stream().filter(Claim::quick).toList();
        return new Recipe(title, says, fewer, quick, rows, kept, pictures, curves, axes);
    }

    /** Returns the evaluators that a run needs. */
    public Set<String> evaluators(String run) {
        Set<String> names = new TreeSet<>();
        rows.stream()
                .filter(row -> row.run().equals(run) && !row.measure().ofTraining())
                .forEach(row -> names.add(row.measure().evaluator()));
        pictures.stream().filter(picture -> picture.run().equals(run)).forEach(p -> names.add(p.evaluator()));
        return names;
    }
}
