package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesContractTest extends DataSourceTck {
    @TempDir
    private static Path folder;

    private static IdxFiles.Settings settings;

    @BeforeAll
    static void write() throws IOException {
        Path images = Files.write(folder.resolve("images"), Written.idx(Written.noise(30 * 6, 1), 30, 2, 3));
        Path labels = Files.write(folder.resolve("labels"), Written.idx(Written.threeClasses(30), 30));
        settings = new IdxFiles.Settings(
                Optional.of(images), Optional.of(labels), Optional.empty(), Optional.empty(), 0.2, 1);
    }

    @Override
    protected DataSource source() {
        return new IdxFiles(settings);
    }

    @Override
    protected boolean seeded() {
        return false;
    }
}
