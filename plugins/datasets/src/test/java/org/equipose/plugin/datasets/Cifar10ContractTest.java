package org.equipose.plugin.datasets;

class Cifar10ContractTest extends FetchedDataTck {
    Cifar10ContractTest() {
        super(new Cifar10(), "cifar10");
    }
}
