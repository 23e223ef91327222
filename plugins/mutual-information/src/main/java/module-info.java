/** Ducau and Trénous 2017: mutual information between a part of the code and the image. */
module org.equipose.plugin.mutualinformation {
    requires transitive org.equipose.core;

    exports org.equipose.plugin.mutualinformation;

    provides org.equipose.core.spi.Evaluator with
            org.equipose.plugin.mutualinformation.MutualInformationEvaluator;
    provides org.equipose.core.spi.Objective with
            org.equipose.plugin.mutualinformation.MutualInformation;
}
