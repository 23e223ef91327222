package org.equipose.plugin.datasets;

import jakarta.inject.Named;
import java.io.IOException;
import java.util.List;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Route;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * The articles of clothing of Xiao, Rasul and Vollgraf: 60,000 training and 10,000 test images, 28×28×1, labels 0 to 9, in the
 * form of MNIST and as many of each class.
 */
@Named("fashion-mnist")
@About("articles of clothing, 60,000 and 10,000 of 28×28")
public final class FashionMnist implements DataSource {

    private static final IdxSet FILES = new IdxSet(
            List.of(
                    "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                    "9018921c3c673c538a1fc5bad174d6f9",
                    "8181f5470baa50b63fa0f6fddb340f0a",
                    "15d484375f8d13e6eb1aabb0c3f46965"),
            name -> List.of(
                    new Route.Url("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/" + name + ".gz"),
                    new Route.Url("https://storage.googleapis.com/tensorflow/tf-keras-datasets/" + name + ".gz"),
                    new Route.Packaged(
                            Route.Client.APT,
                            "dataset-fashion-mnist",
                            "usr/share/datasets/fashion-mnist/" + name + ".gz")));

    /** Makes the source; nothing is read before it is opened. */
    public FashionMnist() {}

    @Override
    public DataSets open(DataContext context) throws IOException {
        return FILES.open(context);
    }
}
