package org.equipose.plugin.datasets;

class FashionMnistContractTest extends FetchedDataTck {
    FashionMnistContractTest() {
        super(new FashionMnist(), "fashion-mnist");
    }
}
