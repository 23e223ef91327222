/** Vivé 2017: variational autoencoders with a spatial pose. */
module org.equipose.plugin.spatialvae {
    requires transitive org.equipose.core;

    exports org.equipose.plugin.spatialvae;

    provides org.equipose.core.spi.Model with
            org.equipose.plugin.spatialvae.Dtvae,
            org.equipose.plugin.spatialvae.Tvae,
            org.equipose.plugin.spatialvae.Vae;
    provides org.equipose.core.spi.PoseTransform with
            org.equipose.plugin.spatialvae.Affine,
            org.equipose.plugin.spatialvae.Affine5,
            org.equipose.plugin.spatialvae.Homography,
            org.equipose.plugin.spatialvae.NoTransform,
            org.equipose.plugin.spatialvae.Similarity,
            org.equipose.plugin.spatialvae.ThinPlateSpline,
            org.equipose.plugin.spatialvae.Translation;
    provides org.equipose.core.spi.Prior with
            org.equipose.plugin.spatialvae.DiagonalPrior,
            org.equipose.plugin.spatialvae.FullPrior,
            org.equipose.plugin.spatialvae.IdentityPrior,
            org.equipose.plugin.spatialvae.MlpPrior,
            org.equipose.plugin.spatialvae.NoPrior;
}
