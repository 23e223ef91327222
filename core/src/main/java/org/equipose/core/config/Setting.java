package org.equipose.core.config;

import java.util.List;

/**
 * A value as somebody wrote it, before it has a type.
 *
 * @param text the value; the values of a sequence are separated by commas
 * @param sequence whether it was written as a sequence
 * @param origin where it was written, for messages; empty for the command line
 */
public record Setting(String text, boolean sequence, String origin) {

    /** Makes a value that was given on the command line. */
    public static Setting of(String text) {
        return new Setting(text, false, "");
    }

    /** Returns whether the value was given on the command line. */
    public boolean onCommandLine() {
        return origin.isEmpty();
    }

    /** Returns the values of a list. */
    List<String> items() {
        return text.isBlank()
                ? List.of()
                : List.of(text.split(",", -1)).stream().map(String::strip).toList();
    }

    /** Returns a hint where a wrong value comes from, to be put behind a message. */
    String where() {
        return onCommandLine() ? "" : " (" + origin + ")";
    }
}
