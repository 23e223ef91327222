package org.equipose.core.spi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.distribution.Delta;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Rows;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * All that one pass of a model made, for objectives and evaluators to read. Rows are samples·batch, sample-major.
 *
 * @param batch what went in
 * @param samples draws per image
 * @param canvas means of the decoded image before it is posed, {@code [rows, canvas height, canvas width, channels]}
 * @param likelihood p(x | latents), events {@code [height, width, channels]}
 * @param latents by name
 * @param logLikelihood log p(x | latents) in nats, {@code [samples, batch]}
 * @param divergence KL to the prior in nats for each latent, {@code [samples, batch]}
 * @param corrected y, the images with their pose undone, {@code [rows, canvas height, canvas width, channels]}, of a model
 *     that undoes it before it encodes
 * @param diagnostics numbers that tell how well parts of the model work, each {@code [batch]}
 */
public record Pass(
        Batch batch,
        int samples,
        Operand<TFloat32> canvas,
        Distribution likelihood,
        Map<String, Latent> latents,
        Operand<TFloat32> logLikelihood,
        Map<String, Operand<TFloat32>> divergence,
        Optional<Operand<TFloat32>> corrected,
        List<Diagnostic> diagnostics) {

    /** Makes a pass without a correction and without diagnostics. */
    public Pass(
            Batch batch,
            int samples,
            Operand<TFloat32> canvas,
            Distribution likelihood,
            Map<String, Latent> latents,
            Operand<TFloat32> logLikelihood,
            Map<String, Operand<TFloat32>> divergence) {
        this(batch, samples, canvas, likelihood, latents, logLikelihood, divergence, Optional.empty(), List.of());
    }

    /** Scores what was generated from the latents of a batch. */
    public static Pass of(Ops tf, Batch batch, int samples, Generated generated, Map<String, Latent> latents) {
        Operand<TFloat32> logLikelihood =
                Rows.bySample(tf, generated.likelihood().logProb(tf, batch.image()), samples);
        Map<String, Operand<TFloat32>> divergence = new LinkedHashMap<>();
        latents.forEach((name, latent) -> divergence.put(name, latent.divergence(tf, samples)));
        return new Pass(batch, samples, generated.canvas(), generated.likelihood(), latents, logLikelihood, divergence);
    }

    /**
     * Returns this pass with what the correction of its images has to tell.
     *
     * @param image the corrected images, {@code [rows, canvas height, canvas width, channels]}
     * @param perRow numbers for each of them, {@code [rows]}; they are averaged over the draws of an image
     */
    public Pass correctedTo(Ops tf, Operand<TFloat32> image, List<Diagnostic> perRow) {
        List<Diagnostic> perImage = perRow.stream()
                .map(number -> new Diagnostic(
                        number.name(), number.unit(), Rows.mean(tf, Rows.bySample(tf, number.value(), samples))))
                .toList();
        return new Pass(
                batch, samples, canvas, likelihood, latents, logLikelihood, divergence, Optional.of(image), perImage);
    }

    /**
     * Returns what follows the name of a bound or likelihood: nothing, or {@code _given_pose} when a latent is a point, in
     * which case the number is a bound on log p(x | u = f(x)) and must not be compared with an ELBO.
     */
    public String qualifier() {
        return latents.values().stream().anyMatch(latent -> latent.posterior() instanceof Delta) ? "_given_pose" : "";
    }
}
