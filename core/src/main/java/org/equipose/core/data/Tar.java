package org.equipose.core.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** Reads archives of files, plain or compressed with gzip. */
final class Tar {

    private static final int BLOCK = 512;

    private Tar() {}

    /**
     * Returns the content of a file in an archive.
     *
     * @param member path of the file there
     * @param size bytes it must have
     * @throws IOException if there is no such file, or the archive is damaged
     */
    static byte[] member(Path archive, String member, int size) throws IOException {
        try (InputStream raw = Files.newInputStream(archive);
                InputStream in = Gzip.uncompressed(raw)) {
            for (byte[] head = in.readNBytes(BLOCK); ; head = in.readNBytes(BLOCK)) {
                if (head.length < BLOCK || head[0] == 0) {
                    throw new IOException("there is no " + member + " in the archive");
                }
                long length = octal(head, 124, 12);
                if (text(head, 0, 100).equals(member)) {
                    if (length != size) {
                        throw new IOException(member + " has " + length + " instead of " + size + " bytes");
                    }
                    byte[] content = in.readNBytes(size);
                    if (content.length < size) {
                        throw new EOFException("it ends in " + member);
                    }
                    return content;
                }
                in.skipNBytes((length + BLOCK - 1) / BLOCK * BLOCK);
            }
        } catch (ZipException | EOFException e) {
            throw new IOException("damaged archive, " + e.getMessage(), e);
        }
    }

    private static String text(byte[] head, int from, int most) {
        int end = from;
        while (end < from + most && head[end] != 0) {
            end++;
        }
        return new String(head, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static long octal(byte[] head, int from, int most) throws IOException {
        String digits = text(head, from, most).strip();
        if (!digits.matches("[0-7]{1,11}")) {
            throw new IOException("damaged archive, a file has " + digits + " bytes");
        }
        return Long.parseLong(digits, 8);
    }
}
