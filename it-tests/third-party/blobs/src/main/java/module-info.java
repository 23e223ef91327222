/** A plugin of Equipose with a library of its own. */
@SuppressWarnings("requires-automatic") // SnakeYAML 1.33 has no module-info
module com.example.blobs {
    requires transitive org.equipose.core;
    requires org.yaml.snakeyaml;

    exports com.example.blobs;

    provides org.equipose.core.spi.DataSource with
            com.example.blobs.Blobs;
    provides org.equipose.core.spi.Objective with
            com.example.blobs.TotalVariation;
}
