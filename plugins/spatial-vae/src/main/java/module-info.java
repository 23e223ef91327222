/** Vivé 2017: variational autoencoders with a spatial pose. */
module org.equipose.plugin.spatialvae {
    requires transitive org.equipose.core;

    exports org.equipose.plugin.spatialvae;
}
