package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.Path;
import org.equipose.core.data.DataContext;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("real-data")
class MnistContractTest extends DataSourceTck {
    @BeforeAll
    static void fetch() throws IOException {
        RealData.open(new Mnist(), "mnist");
    }

    @Override
    protected DataSource source() {
        return new Mnist();
    }

    @Override
    protected boolean seeded() {
        return false;
    }

    @Override
    protected boolean needsNetwork() {
        return true;
    }

    @Override
    protected DataContext context(Path folder, long seed) {
        return RealData.context("mnist");
    }
}
