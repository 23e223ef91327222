package org.equipose.core.spi;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A model whose parameters have a fixed place, so that an objective can run it again from a net of its own. */
record PlacedModel(Model model, String path) implements Model {
    @Override
    public Set<Need> needs() {
        return model.needs();
    }

    @Override
    public String defaultBound() {
        return model.defaultBound();
    }

    @Override
    public Optional<String> refuses(ImageSpec image) {
        return model.refuses(image);
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        return model.pass(net.at(path), batch, samples);
    }

    @Override
    public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        return model.prior(net.at(path), rows, image);
    }

    @Override
    public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        return model.generate(net.at(path), values, image);
    }
}
