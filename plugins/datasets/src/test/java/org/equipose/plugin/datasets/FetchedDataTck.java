package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.Path;
import org.equipose.core.data.DataContext;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The contract of a data set that is fetched, which no seed changes. */
@Tag("real-data")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FetchedDataTck extends DataSourceTck {
    private final DataSource source;
    private final String name;

    FetchedDataTck(DataSource source, String name) {
        this.source = source;
        this.name = name;
    }

    @BeforeAll
    void fetch() throws IOException {
        RealData.open(source, name);
    }

    @Override
    protected DataSource source() {
        return source;
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
        return RealData.context(name);
    }
}
