package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Term;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Evidence lower bound: L(x) = 1/L Σ log p(x | z, u) − KL(q(z, u | x) ‖ p(z, u)), negated to be minimised. */
@Named("elbo")
@About(value = "evidence lower bound", paper = "Vivé 2017, eq. 9")
public final class Elbo implements Objective {

    /** Settings. */
    public record Settings(
            @About("draws of the latents per image and step")
            int samples,

            @About("weight of the divergences") double beta,

            @About("steps over which that weight grows from 0; 0 for none")
            int warmup) {
        /** The defaults. */
        public Settings() {
            this(1, 1, 0);
        }

        /** Checks ranges. */
        public Settings {
            if (samples < 1) {
                throw new IllegalArgumentException("samples must be at least 1 but was " + samples);
            }
            if (!(beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("beta must be at least 0 but was " + beta);
            }
            if (warmup < 0) {
                throw new IllegalArgumentException("warmup must be at least 0 steps but was " + warmup);
            }
        }
    }

    private final Settings settings;

    /** Makes the objective with its defaults. */
    public Elbo() {
        this(new Settings());
    }

    /** Makes the objective. */
    @Inject
    public Elbo(Settings settings) {
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
    public List<Term> terms(Net net, Model model, Pass pass) {
        Ops tf = net.ops();
        List<Term> terms = new ArrayList<>();
        Operand<TFloat32> error = tf.math.neg(Rows.mean(tf, pass.logLikelihood()));
        terms.add(Term.of(tf, "reconstruction", error));
        Operand<TFloat32> weight = weight(net);
        pass.divergence().forEach((latent, kl) -> terms.add(new Term("kl_" + latent, Rows.mean(tf, kl), weight)));
        return terms;
    }

    /** β min(1, step / warm-up). */
    private Operand<TFloat32> weight(Net net) {
        Ops tf = net.ops();
        Operand<TFloat32> beta = tf.constant((float) settings.beta());
        if (settings.warmup() == 0) {
            return beta;
        }
        Operand<TFloat32> step = tf.dtypes.cast(net.step(), TFloat32.class);
        Operand<TFloat32> share = tf.math.div(step, tf.constant((float) settings.warmup()));
        return tf.math.mul(beta, tf.math.minimum(tf.constant(1f), share));
    }
}
