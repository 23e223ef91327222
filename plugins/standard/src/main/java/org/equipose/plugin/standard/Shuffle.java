package org.equipose.plugin.standard;

import java.util.Random;
import org.equipose.core.spi.Pictures;

/** Random orders that are the same every time. */
final class Shuffle {
    private Shuffle() {}

    /** Returns the numbers 0 to {@code count − 1}, each once, every order being equally likely. */
    static int[] order(int count, Random random) {
        int[] order = Pictures.first(count);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        return order;
    }
}
