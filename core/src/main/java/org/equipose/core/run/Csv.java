package org.equipose.core.run;

/** Tables as text. */
final class Csv {
    private Csv() {}

    /** Returns a cell as RFC 4180 has it. */
    static String cell(String text) {
        return text.matches("(?s).*[,\"\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
