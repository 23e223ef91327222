package org.equipose.plugin.standard;

import org.equipose.core.spi.Objective;
import org.equipose.tck.ObjectiveTck;

class MmdContractTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new Mmd();
    }

    /** The width of its kernel is taken as a constant. */
    @Override
    protected boolean isDifferentiable() {
        return false;
    }
}
