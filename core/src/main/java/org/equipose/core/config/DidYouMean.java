package org.equipose.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Finds what somebody may have meant by a name that does not exist. */
public final class DidYouMean {
    private DidYouMean() {}

    /** Returns the end of a message about {@code wrong}: the nearest name, or all there are. */
    public static String among(String wrong, Collection<String> names) {
        return nearest(wrong, names)
                .map(near -> "; did you mean '" + near + "'?")
                .orElseGet(() -> names.isEmpty()
                        ? "; there is none"
                        : "; available: " + String.join(", ", new TreeSet<>(names)));
    }

    /** Returns the name that is nearest to {@code wrong}, if one is near. */
    public static Optional<String> nearest(String wrong, Collection<String> names) {
        String lower = wrong.toLowerCase(Locale.ROOT);
        Optional<String> shortened = names.stream()
                .filter(name -> !lower.isEmpty() && name.endsWith("." + lower))
                .min(Comparator.naturalOrder());
        if (shortened.isPresent()) {
            return shortened;
        }
        int limit = Math.max(1, Math.min(4, wrong.length() / 3));
        return names.stream()
                .filter(name -> distance(lower, name) <= limit)
                .min(Comparator.comparingInt((String name) -> distance(lower, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Returns the number of letters to insert, delete, replace or swap (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + same, Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
