package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderContractTest extends DataSourceTck {
    @TempDir
    private static Path folder;

    private static ImageFolder.Settings settings;

    @BeforeAll
    static void write() throws IOException {
        for (int i = 0; i < 12; i++) {
            String split = i < 9 ? "train" : "test";
            Written.picture(folder.resolve(split + "/class" + i % 3 + "/" + i + ".png"), 2, 3, Written.noise(6, i));
        }
        settings = new ImageFolder.Settings(Optional.of(folder), Optional.empty(), "", 1, false, false, 0.2, 1);
    }

    @Override
    protected DataSource source() {
        return new ImageFolder(settings);
    }

    @Override
    protected boolean seeded() {
        return false;
    }
}
