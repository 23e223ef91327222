package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Term;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Importance-weighted bound: log 1/k Σ p(x, latents) / q(latents | x) over k draws, at least as tight as the ELBO. */
@Named("iwae")
@About(value = "importance-weighted bound of k draws", paper = "Burda et al. 2016, eq. 8")
public final class Iwae implements Objective {

    /** Settings. */
    public record Settings(
            @About("draws of the latents per image and step, k")
            int samples) {
        /** The defaults. */
        public Settings() {
            this(5);
        }

        /** Checks ranges. */
        public Settings {
            if (samples < 1) {
                throw new IllegalArgumentException("samples must be at least 1 but was " + samples);
            }
        }
    }

    private final Settings settings;

    /** Makes the objective with its defaults. */
    public Iwae() {
        this(new Settings());
    }

    /** Makes the objective. */
    @Inject
    public Iwae(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Role role() {
        return Role.BOUND;
    }

    @Override
    public int samples() {
        return settings.samples();
    }

    @Override
    public Optional<String> refuses(Model model, Map<String, Prior> priors) {
        return priors.entrySet().stream()
                .filter(prior -> prior.getValue().posterior() == Family.DELTA)
                .findFirst()
                .map(prior -> "a posterior that is a point has no density to weigh draws by; choose another --"
                        + prior.getKey() + ", or elbo");
    }

    @Override
    public List<Term> terms(Net net, Model model, Pass pass) {
        Ops tf = net.ops();
        Operand<TFloat32> log = pass.logLikelihood();
        for (Latent latent : pass.latents().values()) {
            Operand<TFloat32> prior = latent.prior().orElseThrow().logProb(tf, latent.draw());
            log = tf.math.add(log, Rows.bySample(tf, tf.math.sub(prior, latent.logQ()), pass.samples()));
        }
        List<Term> terms = new ArrayList<>();
        terms.add(new Term("iwae_k" + pass.samples(), logMean(tf, log), tf.constant(-1f)));
        terms.add(Term.observed("reconstruction", tf.math.neg(Rows.mean(tf, pass.logLikelihood()))));
        pass.divergence().forEach((latent, kl) -> terms.add(Term.observed("kl_" + latent, Rows.mean(tf, kl))));
        return terms;
    }

    /** log 1/k Σ exp(log w) over the first axis; the largest weight is taken out, so that none overflows. */
    private static Operand<TFloat32> logMean(Ops tf, Operand<TFloat32> logs) {
        Operand<TFloat32> largest = tf.stopGradient(tf.max(logs, tf.constant(0)));
        Operand<TFloat32> weights = tf.math.exp(tf.math.sub(logs, largest));
        return tf.math.add(tf.math.log(Rows.mean(tf, weights)), largest);
    }
}
