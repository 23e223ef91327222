package org.equipose.plugin.standard;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Results of an SVM as text: the key in comments, then what {@link SvmResult#text} says. */
record SvmFormat() implements ResultCache.Format<SvmResult> {

    @Override
    public String ending() {
        return ".properties";
    }

    @Override
    public byte[] write(String key, SvmResult result) {
        String comments = key.lines().map(line -> "# " + line + "\n").reduce("", String::concat);
        return (comments + result.text()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public SvmResult read(byte[] content) {
        Properties text = new Properties();
        try {
            text.load(new StringReader(new String(content, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("a string can be read", e);
        }
        return SvmResult.of(text);
    }
}
