package org.equipose.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads and writes the values of one type; every message says what was expected, as the end of a sentence. */
final class SettingType {

    /** Reads a value; complains with an {@link IllegalArgumentException} whose message is "a whole number" or the like. */
    private interface Reader {
        Object read(String text);
    }

    private final String name;
    private final Reader reader;
    private final boolean list;
    private final Optional<Object> empty;
    private final List<String> choices;

    private SettingType(String name, Reader reader, boolean list, Optional<Object> empty, List<String> choices) {
        this.name = name;
        this.reader = reader;
        this.list = list;
        this.empty = empty;
        this.choices = choices;
    }

    /**
     * Returns the type for a record component.
     *
     * @throws IllegalArgumentException if a setting cannot have that type
     */
    static SettingType of(Type type) {
        if (type instanceof ParameterizedType generic) {
            SettingType inner = of(generic.getActualTypeArguments()[0]);
            if (generic.getRawType() == Optional.class) {
                return optional(inner, text -> Optional.of(inner.reader.read(text)), Optional.empty());
            }
            if (generic.getRawType() == List.class && !inner.list && inner.empty.isEmpty()) {
                return new SettingType("list, each " + inner.name, inner.reader, true, Optional.empty(), inner.choices);
            }
        } else if (type instanceof Class<?> c) {
            if (c == int.class || c == Integer.class) {
                return scalar("a whole number", text -> (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
            } else if (c == long.class || c == Long.class) {
                return scalar("a whole number", text -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE));
            } else if (c == double.class || c == Double.class) {
                return scalar("a number", SettingType::real);
            } else if (c == float.class || c == Float.class) {
                return scalar("a number", SettingType::realFloat);
            } else if (c == boolean.class || c == Boolean.class) {
                return choice("true or false", SettingType::truth, List.of("true", "false"));
            } else if (c == String.class) {
                return scalar("text", text -> text);
            } else if (c == Path.class) {
                return scalar("a path", SettingType::path);
            } else if (c == OptionalInt.class) {
                SettingType inner = of(int.class);
                return optional(inner, text -> OptionalInt.of((Integer) inner.reader.read(text)), OptionalInt.empty());
            } else if (c == OptionalLong.class) {
                SettingType inner = of(long.class);
                return optional(inner, text -> OptionalLong.of((Long) inner.reader.read(text)), OptionalLong.empty());
            } else if (c == OptionalDouble.class) {
                SettingType inner = of(double.class);
                return optional(
                        inner, text -> OptionalDouble.of((Double) inner.reader.read(text)), OptionalDouble.empty());
            } else if (c.isEnum()) {
                return constant(c);
            }
        }
        throw new IllegalArgumentException("a setting cannot have the type " + type.getTypeName());
    }

    private static SettingType scalar(String name, Reader reader) {
        return choice(name, reader, List.of());
    }

    private static SettingType choice(String name, Reader reader, List<String> choices) {
        return new SettingType(name, reader, false, Optional.empty(), choices);
    }

    private static SettingType optional(SettingType inner, Reader reader, Object empty) {
        return new SettingType(inner.name, reader, false, Optional.of(empty), inner.choices);
    }

    private static SettingType constant(Class<?> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(value -> text(value)).toList();
        String expected = "one of " + String.join(", ", names);
        Reader reader = text -> {
            int index = names.indexOf(text.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
            if (index < 0) {
                throw new WrongValue(
                        expected,
                        DidYouMean.nearest(text.strip(), names)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
            }
            return type.getEnumConstants()[index];
        };
        return choice(expected, reader, names);
    }

    /** Returns what a person would call a value of this type. */
    String label() {
        return empty.isPresent() ? name + ", or empty" : name;
    }

    /** Returns the values there are, if they can be counted. */
    List<String> choices() {
        return choices;
    }

    /**
     * Reads a value.
     *
     * @param key full key, for the message
     * @throws IllegalArgumentException if the text has another type or is out of range; the message is a full sentence
     */
    Object read(String key, Setting setting) {
        if (setting.sequence() && !list) {
            throw new IllegalArgumentException(key + " must be " + name + " but was a list" + setting.where());
        }
        if (empty.isPresent() && setting.text().isBlank()) {
            return empty.get();
        }
        String part = setting.text();
        try {
            if (!list) {
                return reader.read(part);
            }
            List<Object> values = new ArrayList<>();
            for (String item : setting.items()) {
                part = item;
                values.add(reader.read(item));
            }
            return List.copyOf(values);
        } catch (WrongValue e) {
            throw new IllegalArgumentException(
                    key + " must be " + (list ? "a list and each value " : "") + e.getMessage() + " but was '" + part
                            + "'" + e.hint + setting.where(),
                    e);
        }
    }

    /** Writes a value so that {@link #read} gives the same value again. */
    static String text(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(SettingType::text).orElse("");
        } else if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? text(optional.getAsInt()) : "";
        } else if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? text(optional.getAsLong()) : "";
        } else if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? text(optional.getAsDouble()) : "";
        } else if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        } else if (value instanceof Collection<?> values) {
            return values.stream().map(SettingType::text).collect(Collectors.joining(","));
        }
        return String.valueOf(value);
    }

    private static long whole(String text, long least, long most) {
        BigDecimal number = number(text, "a whole number");
        if (number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw new WrongValue("a whole number from " + least + " to " + most);
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            throw new WrongValue("a whole number", e);
        }
    }

    private static double real(String text) {
        double value = Double.parseDouble(number(text, "a number").toString());
        if (Double.isInfinite(value)) {
            throw new WrongValue("a number up to " + Double.MAX_VALUE);
        }
        return value;
    }

    private static float realFloat(String text) {
        float value = Float.parseFloat(number(text, "a number").toString());
        if (Float.isInfinite(value)) {
            throw new WrongValue("a number up to " + Float.MAX_VALUE);
        }
        return value;
    }

    /** Double.parseDouble would also take "NaN", "1d" and hexadecimal, but no digits of other scripts. */
    private static BigDecimal number(String text, String expected) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw new WrongValue(expected, e);
        }
    }

    private static boolean truth(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new WrongValue("true or false");
        };
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new WrongValue("a path", e);
        }
    }

    /** Says what was expected. */
    private static final class WrongValue extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
        private final String hint;

        WrongValue(String expected) {
            this(expected, "");
        }

        WrongValue(String expected, String hint) {
            super(expected);
            this.hint = hint;
        }

        WrongValue(String expected, Throwable cause) {
            super(expected, cause);
            this.hint = "";
        }
    }
}
