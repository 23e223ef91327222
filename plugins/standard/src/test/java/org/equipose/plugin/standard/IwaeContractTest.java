package org.equipose.plugin.standard;

import org.equipose.core.spi.Objective;
import org.equipose.tck.ObjectiveTck;

class IwaeContractTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new Iwae();
    }

    @Override
    protected boolean takesPoints() {
        return false;
    }
}
