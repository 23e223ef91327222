package org.equipose.plugin.standard;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;

/**
 * Results that depend on no model, kept for the next one: a small text file for each, named by the SHA-256 of all that it
 * depends on.
 *
 * @param folder is made when something is kept
 */
record SvmCache(Path folder) {

    /**
     * Returns what was kept under a key; nothing if that cannot be read.
     *
     * @param key all that the result depends on
     */
    Optional<SvmResult> find(String key) {
        Properties text = new Properties();
        try (BufferedReader file = Files.newBufferedReader(file(key))) {
            text.load(file);
            return Optional.of(SvmResult.of(text));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // missing or damaged: it is measured and written again
        }
    }

    /** Keeps a result; two processes may do so at a time. */
    void keep(String key, SvmResult result) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "fresh", ".tmp");
        try {
            Files.writeString(
                    fresh, key.lines().map(line -> "# " + line + "\n").reduce("", String::concat) + result.text());
            Files.move(fresh, file(key), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private Path file(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String name = HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
            return folder.resolve(name + ".properties");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
