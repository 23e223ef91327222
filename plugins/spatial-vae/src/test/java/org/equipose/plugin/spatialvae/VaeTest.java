package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.Model;
import org.equipose.plugin.standard.DenseDecoder;
import org.equipose.plugin.standard.DenseEncoder;
import org.equipose.plugin.standard.StandardPrior;
import org.equipose.tck.ModelTck;

class VaeTest extends ModelTck {
    @Override
    protected Model model() {
        return new Vae(new Vae.Settings(3, -6), new DenseEncoder(), new DenseDecoder(), new StandardPrior());
    }
}
