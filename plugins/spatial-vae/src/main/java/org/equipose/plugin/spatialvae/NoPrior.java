package org.equipose.plugin.spatialvae;

import jakarta.inject.Named;
import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Prior;

/** No preference at all: the pose is the encoder's output, a point, and costs nothing. */
@Named("none")
@About(value = "improper uniform prior with a deterministic pose", paper = "Vivé 2017, section IV")
public final class NoPrior implements Prior {

    @Override
    public Family posterior() {
        return Family.DELTA;
    }

    @Override
    public Optional<Distribution> over(Net net, int latentSize) {
        return Optional.empty();
    }
}
