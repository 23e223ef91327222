package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.Prior;
import org.equipose.tck.PriorTck;

class DiagonalPriorTest extends PriorTck {
    @Override
    protected Prior prior() {
        return new DiagonalPrior();
    }
}
