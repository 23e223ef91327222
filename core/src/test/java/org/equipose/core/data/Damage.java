package org.equipose.core.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What a bad disk does to a file. */
public final class Damage {
    private Damage() {}

    /** Returns a copy with one bit flipped or its end cut off. */
    public static byte[] of(byte[] good, SplittableRandom random) {
        if (random.nextBoolean()) {
            return Arrays.copyOf(good, random.nextInt(good.length));
        }
        byte[] bad = good.clone();
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
        return bad;
    }
}
