package org.equipose.core.reproduction;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;

/** The fields of a mapping in a YAML file, read one by one; a field that nobody asks for is a mistake. */
final class Fields {
    private final String where;
    private final Map<String, Object> values;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(String where, Map<String, Object> values) {
        this.where = where;
        this.values = values;
    }

    /**
     * Opens a mapping.
     *
     * @param where its place, for messages
     * @throws ConfigurationException if it is none
     */
    static Fields of(String where, Object yaml) {
        if (!(yaml instanceof Map<?, ?> mapping)) {
            throw new ConfigurationException(where + ": expected lines of the form 'key: value'");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.forEach((key, value) -> values.put(String.valueOf(key), value));
        return new Fields(where, values);
    }

    /** Returns a text. */
    Optional<String> text(String name) {
        return value(name).map(String::valueOf).map(text -> text.strip().replaceAll("\\s+", " "));
    }

    /** Returns a text that must be there. */
    String needed(String name) {
        return text(name).orElseThrow(() -> new ConfigurationException(where + ": it needs '" + name + "'"));
    }

    /** Returns a number. */
    OptionalDouble number(String name) {
        Optional<String> text = text(name);
        try {
            return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text.get()));
        } catch (NumberFormatException e) {
            throw new ConfigurationException(where + ": " + name + " must be a number but was '" + text.get() + "'");
        }
    }

    /** Returns true or false; false where nothing is said. */
    boolean truth(String name) {
        String text = text(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw new ConfigurationException(where + ": " + name + " must be true or false but was '" + text + "'");
        }
        return text.equals("true");
    }

    /** Returns plain texts in order. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        list(name).forEach(item -> texts.add(String.valueOf(item)));
        return texts;
    }

    /** Returns texts by name. */
    Map<String, String> map(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        value(name)
                .ifPresent(yaml -> of(where + ", " + name, yaml)
                        .values
                        .forEach((key, value) -> texts.put(key, setting(where + ", " + name + ", " + key, value))));
        return texts;
    }

    private static String setting(String where, Object value) {
        if (value instanceof Map<?, ?>) {
            throw new ConfigurationException(where + ": write the whole key with dots, such as model.tvae.latent-dim");
        }
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : Objects.toString(value, "");
    }

    /** Returns the items of a list. */
    List<Object> list(String name) {
        Optional<Object> value = value(name);
        if (value.isPresent() && !(value.get() instanceof List<?>)) {
            throw new ConfigurationException(where + ": " + name + " must be a list");
        }
        return value.isEmpty() ? List.of() : new ArrayList<>((List<?>) value.get());
    }

    /** Returns what is there, whatever it is. */
    Optional<Object> value(String name) {
        known.add(name);
        return Optional.ofNullable(values.get(name));
    }

    /**
     * Says that all has been read.
     *
     * @throws ConfigurationException if something is left
     */
    void end() {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new ConfigurationException(
                        where + ": unknown key '" + name + "'" + DidYouMean.among(name, known));
            }
        }
    }
}
