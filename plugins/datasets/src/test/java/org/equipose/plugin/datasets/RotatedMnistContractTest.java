package org.equipose.plugin.datasets;

import java.nio.file.Path;

class RotatedMnistContractTest extends FetchedDataTck {
    RotatedMnistContractTest() {
        super(new RotatedMnist(new RotatedMnist.Settings(180, 50, 40, 1)), "rot-mnist");
    }

    @Override
    protected Path folderOfFiles(Path cache) {
        return cache.resolveSibling("mnist");
    }
}
