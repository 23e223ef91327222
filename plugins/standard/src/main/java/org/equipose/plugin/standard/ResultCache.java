package org.equipose.plugin.standard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.equipose.core.data.Progress;

/**
 * Results that depend on no model and take long, kept for the next evaluation: a file each, named by the SHA-256 of all that it
 * depends on.
 *
 * @param folder is made when something is kept
 * @param format of its files
 */
record ResultCache<T>(Path folder, Format<T> format) {

    /** How a result becomes a file. */
    interface Format<T> {

        /** Returns what the names of files end with. */
        String ending();

        /**
         * Returns the content of a file.
         *
         * @param key all that the result depends on, for whoever looks into the file
         */
        byte[] write(String key, T result);

        /**
         * Returns the result to the last bit.
         *
         * @throws IllegalArgumentException if the content is damaged
         */
        T read(byte[] content);
    }

    /**
     * Returns what was kept under a key; where there is nothing that can be read, it is made and kept.
     *
     * @param what a person would call it
     * @param key all that the result depends on
     * @param progress hears where the result comes from, and what went wrong
     */
    T get(String what, String key, Supplier<T> made, Progress progress) {
        Optional<T> known = find(key, progress);
        if (known.isPresent()) {
            progress.note(what + ": from cache, " + folder);
            return known.get();
        }
        T result = made.get();
        try {
            keep(key, result);
        } catch (IOException e) {
            progress.note("warning: " + what + " is made again next time, it cannot be kept in " + folder + ": " + e);
        }
        return result;
    }

    private Optional<T> find(String key, Progress progress) {
        Path file = file(key);
        try {
            return Optional.of(format.read(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            progress.note("warning: " + file + " cannot be read and is made anew: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Two processes may do so at a time. */
    private void keep(String key, T result) throws IOException {
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(folder, "fresh", ".tmp");
        try {
            Files.write(fresh, format.write(key, result));
            Files.move(fresh, file(key), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private Path file(String key) {
        String name = HexFormat.of().formatHex(sha256(key.getBytes(StandardCharsets.UTF_8)));
        return folder.resolve(name + format.ending());
    }

    /** Returns the digest, 32 bytes. */
    static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
