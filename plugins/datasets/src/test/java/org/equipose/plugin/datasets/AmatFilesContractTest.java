package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class AmatFilesContractTest extends DataSourceTck {
    @TempDir
    private static Path folder;

    private static AmatFiles.Settings settings;

    @BeforeAll
    static void write() throws IOException {
        Path train = Written.amat(folder.resolve("train.amat"), Written.noise(30 * 9, 1), Written.threeClasses(30));
        Path test = Written.amat(folder.resolve("test.amat"), Written.noise(12 * 9, 2), Written.threeClasses(12));
        settings = new AmatFiles.Settings(Optional.of(train), Optional.of(test), false, 0.1, 1);
    }

    @Override
    protected DataSource source() {
        return new AmatFiles(settings);
    }

    @Override
    protected boolean seeded() {
        return false;
    }
}
