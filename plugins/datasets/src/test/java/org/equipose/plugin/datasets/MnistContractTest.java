package org.equipose.plugin.datasets;

class MnistContractTest extends FetchedDataTck {
    MnistContractTest() {
        super(new Mnist(), "mnist");
    }
}
