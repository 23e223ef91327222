package org.equipose.core.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.spi.About;

/**
 * Fills one type of settings record. The record's constructor without parameters holds the defaults and its compact
 * constructor the checks.
 *
 * @param <R> the record
 */
public final class SettingsBinder<R extends Record> {

    /**
     * A setting of a record.
     *
     * @param name in kebab case
     * @param type as a person would call it
     * @param defaultText the default as it would be written
     * @param about what it is for; may be empty
     * @param choices the values it can have, if they can be counted
     */
    public record Key(String name, String type, String defaultText, String about, List<String> choices) {}

    private final Class<R> record;
    private final RecordComponent[] components;
    private final SettingType[] types;
    private final Constructor<R> constructor;
    private final Object[] defaults;

    /**
     * Prepares to fill a type of record.
     *
     * @throws IllegalArgumentException if it is not a settings record; the message says what is missing
     */
    public SettingsBinder(Class<R> record) {
        this.record = record;
        this.components = record.getRecordComponents();
        this.types = new SettingType[components.length];
        Class<?>[] parameters = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = SettingType.of(components[i].getGenericType());
            parameters[i] = components[i].getType();
        }
        try {
            constructor = record.getConstructor(parameters);
            defaults = read(record.getConstructor().newInstance());
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    record.getName() + " needs a public constructor without parameters, for the defaults", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    record.getName() + " refuses its own defaults: " + said(e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    record.getName() + " must be public and its package exported: " + e.getMessage(), e);
        }
        for (int i = 0; i < defaults.length; i++) {
            if (defaults[i] == null) {
                throw new IllegalArgumentException(record.getName() + " has no default for " + name(i));
            }
        }
    }

    private static String said(Throwable thrown) {
        return thrown instanceof IllegalArgumentException && thrown.getMessage() != null
                ? thrown.getMessage()
                : thrown.toString();
    }

    /** Returns the settings of the record. */
    public List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            String about = Optional.ofNullable(components[i].getAnnotation(About.class))
                    .map(About::value)
                    .orElse("");
            keys.add(new Key(name(i), types[i].label(), SettingType.text(defaults[i]), about, types[i].choices()));
        }
        return keys;
    }

    /**
     * Makes a record from the keys below a section; what is not configured has its default.
     *
     * @param section for example {@code transform.tps}; empty for the settings of the run
     * @param problems receives everything that is wrong
     * @return a record, with defaults in place of whatever is wrong
     */
    public R bind(String section, Configuration configuration, List<String> problems) {
        Object[] values = defaults.clone();
        Set<Integer> set = new LinkedHashSet<>();
        for (int i = 0; i < components.length; i++) {
            String key = key(section, name(i));
            Optional<Setting> setting = configuration.get(key);
            if (setting.isPresent()) {
                try {
                    values[i] = types[i].read(key, setting.get());
                    set.add(i);
                } catch (IllegalArgumentException e) {
                    problems.add(e.getMessage());
                }
            }
        }
        Optional<String> refusal = refusal(values);
        if (refusal.isEmpty()) {
            return make(values);
        }
        // The constructor stops at the first problem: ask it about each value alone, to hear them all.
        Set<String> refusals = new LinkedHashSet<>();
        for (int i : set) {
            Object[] one = defaults.clone();
            one[i] = values[i];
            refusal(one).ifPresent(message -> {
                refusals.add(message);
                values[i] = defaults[i];
            });
        }
        if (refusals.isEmpty()) {
            refusals.add(refusal.get());
        }
        refusals.forEach(message -> problems.add(sentence(section, message)));
        return make(refusal(values).isEmpty() ? values : defaults);
    }

    /** Returns the settings of a record by full key, as they would be written. */
    public Map<String, String> texts(String section, R settings) {
        Object[] values = read(settings);
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            texts.put(key(section, name(i)), SettingType.text(values[i]));
        }
        return texts;
    }

    private String sentence(String section, String message) {
        boolean aboutKey = keys().stream().anyMatch(key -> message.startsWith(key.name() + " "));
        return section.isEmpty() ? message : section + (aboutKey ? "." : ": ") + message;
    }

    private Optional<String> refusal(Object[] values) {
        try {
            constructor.newInstance(values);
            return Optional.empty();
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            return Optional.of(
                    cause instanceof IllegalArgumentException && cause.getMessage() != null
                            ? cause.getMessage()
                            : "the settings are refused with " + cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record.getName() + " was made before", e);
        }
    }

    private R make(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record.getName() + " was made before", e);
        }
    }

    private Object[] read(R settings) {
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = components[i].getAccessor().invoke(settings);
            }
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(record.getName() + " cannot be read: " + said(e.getCause()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    record.getName() + " must be public and its package exported: " + e.getMessage(), e);
        }
        return values;
    }

    private String name(int component) {
        return kebab(components[component].getName());
    }

    private static String key(String section, String name) {
        return section.isEmpty() ? name : section + "." + name;
    }

    /** Returns the key of a Java name: {@code batch-size} for {@code batchSize}. */
    static String kebab(String name) {
        return name.replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
