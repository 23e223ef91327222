package org.equipose.plugin.standard;

import org.equipose.core.spi.Prior;
import org.equipose.tck.PriorTck;

class StandardPriorTest extends PriorTck {
    @Override
    protected Prior prior() {
        return new StandardPrior();
    }
}
