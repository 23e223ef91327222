package org.equipose.plugin.standard;

import jakarta.inject.Named;
import java.util.List;
import org.equipose.core.distribution.MeanDiscrepancy;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Term;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Keeps the codes of a batch, taken together, close to the prior: their squared maximum mean discrepancy from as many draws of it.
 * In place of the divergence of each code, {@code elbo+1000*mmd} with {@code --beta 0} is the MMD-VAE of Zhao et al.; beside it,
 * {@code elbo+1000*mmd} is their InfoVAE with α = 0. It is below one where a reconstruction error is a hundred nats, hence the weight.
 */
@Named("mmd")
@About(value = "discrepancy of the codes of a batch from the prior", paper = "Zhao et al. 2019, section 3.2")
public final class Mmd implements Objective {

    /** Makes the objective. */
    public Mmd() {}

    @Override
    public Role role() {
        return Role.REGULARISER;
    }

    @Override
    public List<Term> terms(Net net, Model model, Pass pass) {
        Operand<TFloat32> codes = Code.in(pass.latents()).draw();
        int rows = (int) codes.shape().get(0);
        Operand<TFloat32> drawn = Code.in(
                        model.prior(net.sub("drawn"), rows, pass.batch().spec()))
                .draw();
        return List.of(Term.of(net.ops(), "mmd_dimensionless", MeanDiscrepancy.squared(net.ops(), codes, drawn)));
    }
}
