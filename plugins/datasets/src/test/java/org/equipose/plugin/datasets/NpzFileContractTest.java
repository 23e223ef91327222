package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.Npz;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class NpzFileContractTest extends DataSourceTck {
    @TempDir
    private static Path folder;

    private static NpzFile.Settings settings;

    @BeforeAll
    static void write() throws IOException {
        Path file = Written.npz(
                folder.resolve("some.npz"),
                Map.of(
                        "x_train", Npz.Array.of(Written.noise(30 * 6, 1), 30, 2, 3),
                        "y_train", Npz.Array.of(Written.threeClasses(30), 30)));
        settings = new NpzFile.Settings(Optional.of(file), "", "", "", "", 0.2, 1, false);
    }

    @Override
    protected DataSource source() {
        return new NpzFile(settings);
    }

    @Override
    protected boolean seeded() {
        return false;
    }
}
