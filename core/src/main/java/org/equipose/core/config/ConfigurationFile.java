package org.equipose.core.config;

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
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A configuration in YAML. The keys of nested mappings are joined with dots, so that {@code model: {tvae: {latent-dim: 20}}}
 * and {@code model.tvae.latent-dim: 20} are the same. Values are kept as they are written: the type of a setting decides how
 * it is read, not YAML, which would make {@code no} false and {@code 012} ten.
 */
public final class ConfigurationFile {
    private final Path file;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigurationFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @return values by flat key
     * @throws ConfigurationException if the file is missing, malformed or names a key twice
     */
    public static Map<String, Setting> read(Path file) {
        ConfigurationFile content = new ConfigurationFile(file);
        content.parse();
        if (!content.problems.isEmpty()) {
            throw new ConfigurationException(content.problems);
        }
        return content.settings;
    }

    /**
     * Returns the text of a file that reads back as the same values.
     *
     * @param header lines of comment
     */
    public static String format(List<String> header, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        header.forEach(line -> text.append("# ").append(line).append('\n'));
        new TreeMap<>(values)
                .forEach((key, value) ->
                        text.append(key).append(": ").append(quoted(value)).append('\n'));
        return text.toString();
    }

    /** Other readers of YAML shall see the same text, hence quotes around everything that is neither a word nor a number. */
    private static String quoted(String value) {
        if (value.matches("-?[0-9]+|-?[0-9]+\\.[0-9]+(E-?[0-9]+)?|true|false")
                || (value.matches("[a-z][a-z0-9+*.-]*") && !value.matches("y|n|yes|no|on|off|null"))) {
            return value;
        }
        StringBuilder text = new StringBuilder("\"");
        value.chars()
                .forEach(c -> text.append(
                        switch (c) {
                            case '"', '\\' -> "\\" + (char) c;
                            case '\n' -> "\\n";
                            case '\t' -> "\\t";
                            default ->
                                c < 0x20 || (c >= 0x7f && c < 0xa0)
                                        ? String.format("\\x%02x", c)
                                        : Character.toString((char) c);
                        }));
        return text.append('"').toString();
    }

    private void parse() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        try {
            // compose() builds no objects at all, whatever tags a file carries.
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(Files.readString(file)));
            if (root instanceof MappingNode mapping) {
                add("", mapping);
            } else if (root != null && !isNull(root)) {
                problems.add(at(root) + ": expected lines of the form 'key: value'");
            }
        } catch (MarkedYAMLException e) {
            problems.add(at(e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark()) + ": "
                    + (e.getContext() == null ? "" : e.getContext() + ", ") + e.getProblem());
        } catch (YAMLException e) {
            problems.add(file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            problems.add("there is no file " + file);
        } catch (CharacterCodingException e) {
            problems.add(file + " is not a text in UTF-8");
        } catch (IOException e) {
            problems.add(file + " cannot be read: " + e.getMessage());
        }
    }

    private void add(String prefix, MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                problems.add(at(entry.getKeyNode()) + ": a key must be plain text");
                continue;
            }
            String key = prefix + name.getValue();
            Node value = entry.getValueNode();
            if (value instanceof MappingNode nested) {
                if (nested.getValue().isEmpty()) {
                    problems.add(at(value) + ": " + key + " has neither a value nor settings");
                }
                add(key + ".", nested);
            } else if (value instanceof SequenceNode sequence) {
                put(key, sequence(key, sequence), name);
            } else if (value instanceof ScalarNode scalar) {
                put(key, new Setting(text(scalar), false, at(scalar)), name);
            }
        }
    }

    private Setting sequence(String key, SequenceNode sequence) {
        List<String> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar && !text(scalar).contains(",")) {
                items.add(text(scalar));
            } else {
                problems.add(at(item) + ": the values of " + key + " must be plain and without commas");
            }
        }
        return new Setting(String.join(",", items), true, at(sequence));
    }

    private void put(String key, Setting setting, Node name) {
        Setting earlier = settings.putIfAbsent(key, setting);
        if (earlier != null) {
            problems.add(at(name) + ": " + key + " was given before (" + earlier.origin() + ")");
        }
    }

    private static String text(ScalarNode scalar) {
        return isNull(scalar) ? "" : scalar.getValue();
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private String at(Node node) {
        return at(node.getStartMark());
    }

    private String at(Mark mark) {
        return file + ", line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
