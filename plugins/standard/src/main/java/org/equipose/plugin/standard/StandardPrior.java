package org.equipose.plugin.standard;

import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Prior;

/** N(0, I). */
@Named("standard")
@About("standard normal")
public final class StandardPrior implements Prior {

    @Override
    public Optional<Distribution> over(Net net, int latentSize) {
        return Optional.of(Normal.standard(net.ops(), latentSize));
    }
}
