/** Networks, objectives, priors and evaluators that every paper shares. */
module org.equipose.plugin.standard {
    requires transitive org.equipose.core;
    requires liblinear;

    exports org.equipose.plugin.standard;

    provides org.equipose.core.spi.Decoder with
            org.equipose.plugin.standard.ConvDecoder,
            org.equipose.plugin.standard.DenseDecoder;
    provides org.equipose.core.spi.Encoder with
            org.equipose.plugin.standard.ConvEncoder,
            org.equipose.plugin.standard.DenseEncoder;
    provides org.equipose.core.spi.Evaluator with
            org.equipose.plugin.standard.CalibrationEvaluator,
            org.equipose.plugin.standard.CollapseEvaluator,
            org.equipose.plugin.standard.DenoisingEvaluator,
            org.equipose.plugin.standard.JudgeEvaluator,
            org.equipose.plugin.standard.LatentScatterEvaluator,
            org.equipose.plugin.standard.LikelihoodEvaluator,
            org.equipose.plugin.standard.LinearSvmEvaluator,
            org.equipose.plugin.standard.PoseRecoveryEvaluator,
            org.equipose.plugin.standard.ReconstructionEvaluator,
            org.equipose.plugin.standard.SamplesEvaluator,
            org.equipose.plugin.standard.TraversalEvaluator;
    provides org.equipose.core.spi.Objective with
            org.equipose.plugin.standard.Elbo,
            org.equipose.plugin.standard.Iwae,
            org.equipose.plugin.standard.Mmd;
    provides org.equipose.core.spi.Prior with
            org.equipose.plugin.standard.StandardPrior;
}
