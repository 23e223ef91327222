package org.equipose.plugin.datasets;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.FileCache;
import org.equipose.core.data.Idx;
import org.equipose.core.data.RemoteFile;
import org.equipose.core.data.Route;

/**
 * A data set in the form of MNIST: four files, with 60,000 images to train on and 10,000 to test on, 28×28×1, and their labels.
 * They are kept uncompressed, under the names of their makers, in its folder of the cache.
 */
final class IdxSet {

    private static final List<String> NAMES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    private static final List<Integer> SIZES = List.of(47_040_016, 60_008, 7_840_016, 10_008);

    private final List<RemoteFile> files = new ArrayList<>();

    /**
     * Makes a set.
     *
     * @param md5 of the four files, in the order training images, training labels, test images, test labels
     * @param routes to a file by its name
     */
    IdxSet(List<String> md5, Function<String, List<Route>> routes) {
        for (int i = 0; i < NAMES.size(); i++) {
            files.add(new RemoteFile(NAMES.get(i), SIZES.get(i), md5.get(i), routes.apply(NAMES.get(i))));
        }
    }

    DataSets open(DataContext context) throws IOException {
        List<byte[]> contents;
        try (FileCache cache = new FileCache(context.cache(), context.fetch(), context.progress())) {
            contents = cache.read(files);
        }
        return new DataSets(
                idx(contents, 0, 3).with(idx(contents, 1, 1)),
                idx(contents, 2, 3).with(idx(contents, 3, 1)));
    }

    private static Idx idx(List<byte[]> contents, int file, int axes) throws IOException {
        return Idx.read(NAMES.get(file), new ByteArrayInputStream(contents.get(file)), axes);
    }
}
