package org.equipose.plugin.standard;

import org.equipose.core.spi.Objective;
import org.equipose.tck.ObjectiveTck;

class ElboContractTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new Elbo();
    }
}
