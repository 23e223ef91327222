package org.equipose.plugin.mutualinformation;

import org.equipose.core.spi.Objective;
import org.equipose.tck.ObjectiveTck;

class MutualInformationContractTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new MutualInformation();
    }
}
