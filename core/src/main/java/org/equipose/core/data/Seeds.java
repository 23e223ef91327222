package org.equipose.core.data;

import java.nio.charset.StandardCharsets;

/** Makes many independent seeds of one: each purpose has its own, so that no two streams of random numbers overlap. */
public final class Seeds {
    private Seeds() {}

    /** Returns the seed for a purpose; the same on every machine and in every version. */
    public static long derive(long seed, String purpose) {
        return hash(seed + ":" + purpose);
    }

    /** FNV-1a with a final mix: stable, unlike {@link String#hashCode}, and 64 bits wide. */
    public static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }
}
