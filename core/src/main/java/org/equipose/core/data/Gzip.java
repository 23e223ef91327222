package org.equipose.core.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Reads what may or may not be compressed. */
final class Gzip {

    private static final int BUFFER = 1 << 16;

    private Gzip() {}

    /** Returns the uncompressed content; whether it was compressed shows in its first two bytes. */
    static InputStream uncompressed(InputStream raw) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
        buffered.mark(2);
        boolean compressed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return compressed ? new GZIPInputStream(buffered, BUFFER) : buffered;
    }
}
