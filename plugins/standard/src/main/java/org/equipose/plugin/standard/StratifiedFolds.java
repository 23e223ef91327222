package org.equipose.plugin.standard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Parts of a set of images that hold every class in equal shares: the first images of each class are in the first part, and so
 * on, as scikit-learn's StratifiedKFold makes them unless it is told to shuffle. MNIST has harder and easier writers one after
 * the other, so that accuracies on these parts differ by more than chance; the deviations that papers report are of such parts.
 *
 * @param count number of parts
 * @param part of each image
 */
record StratifiedFolds(int count, int[] part) {

    /** Divides images. */
    static StratifiedFolds of(int[] labels, int count) {
        Map<Integer, List<Integer>> members = new LinkedHashMap<>(); // classes in the order in which they appear
        for (int i = 0; i < labels.length; i++) {
            members.computeIfAbsent(labels[i], label -> new ArrayList<>()).add(i);
        }
        int[] part = new int[labels.length];
        int dealt = 0;
        for (List<Integer> images : members.values()) {
            // Dealt out in turn, from class to class, so that no two parts differ in size by more than one.
            int[] sizes = new int[count];
            for (int i = 0; i < images.size(); i++) {
                sizes[dealt++ % count]++;
            }
            int next = 0;
            for (int p = 0; p < count; p++) {
                for (int i = 0; i < sizes[p]; i++) {
                    part[images.get(next++)] = p;
                }
            }
        }
        return new StratifiedFolds(count, part);
    }

    /** Returns the images of one part. */
    int[] inside(int fold) {
        return IntStream.range(0, part.length).filter(i -> part[i] == fold).toArray();
    }

    /** Returns the images of all other parts. */
    int[] outside(int fold) {
        return IntStream.range(0, part.length).filter(i -> part[i] != fold).toArray();
    }
}
