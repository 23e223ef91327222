package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.Prior;
import org.equipose.tck.PriorTck;

class NoPriorTest extends PriorTck {
    @Override
    protected Prior prior() {
        return new NoPrior();
    }

    @Override
    protected boolean proper() {
        return false;
    }
}
