/** Data sets. */
module org.equipose.plugin.datasets {
    requires transitive org.equipose.core;

    exports org.equipose.plugin.datasets;

    provides org.equipose.core.spi.DataSource with
            org.equipose.plugin.datasets.AmatFiles,
            org.equipose.plugin.datasets.Cifar10,
            org.equipose.plugin.datasets.FashionMnist,
            org.equipose.plugin.datasets.IdxFiles,
            org.equipose.plugin.datasets.ImageFolder,
            org.equipose.plugin.datasets.Mnist,
            org.equipose.plugin.datasets.NpzFile,
            org.equipose.plugin.datasets.RotatedMnist,
            org.equipose.plugin.datasets.Strokes;
}
