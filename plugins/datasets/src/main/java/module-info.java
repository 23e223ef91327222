/** Data sets. */
module org.equipose.plugin.datasets {
    requires transitive org.equipose.core;

    exports org.equipose.plugin.datasets;
}
