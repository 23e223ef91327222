package org.equipose.plugin.standard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Latents of all images of a split, to be put together again in a graph. A batch knows but its own images, and may be filled up
 * with copies of them: so that an image can have the latent of any other, batches are of {@link #numbered} images, whose label says
 * where they are.
 *
 * @param latents parameters at posterior means by latent, {@code [images, size]}
 */
record PosteriorMeans(Map<String, Values> latents) {

    /** Infers them. */
    static PosteriorMeans of(Trained model, Split images) {
        List<String> names = new ArrayList<>();
        List<Values> found = model.map(images, (net, batch) -> {
            Map<String, Latent> inferred =
                    model.model().pass(net.noiseless(), batch, 1).latents();
            names.clear(); // the section may be built more than once
            names.addAll(inferred.keySet());
            return inferred.values().stream()
                    .<Operand<TFloat32>>map(Latent::parameters)
                    .toList();
        });
        Map<String, Values> latents = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            latents.put(names.get(i), found.get(i));
        }
        return new PosteriorMeans(latents);
    }

    /** Returns the same images, each with its place among them as its label. */
    static Split numbered(Split images) {
        return new Split(images.spec(), images.pixels(), Optional.of(Pictures.first(images.count())), Optional.empty());
    }

    /** Returns the latents of the images of a numbered batch, {@code [batch, size]} each. */
    Map<String, Operand<TFloat32>> of(Net net, Batch numbered) {
        Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
        latents.forEach((name, means) -> values.put(name, lookedUp(net.ops(), means.toRows(), numbered)));
        return values;
    }

    /** Returns the same, but one latent is that of the image before in the split; the first image gets that of the last. */
    Map<String, Operand<TFloat32>> ofOthers(Net net, Batch numbered, String name) {
        float[][] means = latents.get(name).toRows();
        float[][] before = new float[means.length][];
        Arrays.setAll(before, i -> means[(i + means.length - 1) % means.length]);
        Map<String, Operand<TFloat32>> values = of(net, numbered);
        values.put(name, lookedUp(net.ops(), before, numbered));
        return values;
    }

    private static Operand<TFloat32> lookedUp(Ops tf, float[][] rows, Batch numbered) {
        return tf.gather(tf.constant(rows), numbered.label().orElseThrow(), tf.constant(0));
    }
}
