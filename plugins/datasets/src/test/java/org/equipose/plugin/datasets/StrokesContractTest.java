package org.equipose.plugin.datasets;

import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;

class StrokesContractTest extends DataSourceTck {
    @Override
    protected DataSource source() {
        return new Strokes();
    }

    /** It has a seed of its own, so that runs with several seeds train on the same images. */
    @Override
    protected boolean seeded() {
        return false;
    }
}
