package org.equipose.core.training;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Device;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.wiring.Components;
import org.equipose.plugin.spatialvae.Affine;
import org.equipose.plugin.spatialvae.DiagonalPrior;
import org.equipose.plugin.spatialvae.PosedSettings;
import org.equipose.plugin.spatialvae.ThinPlateSpline;
import org.equipose.plugin.spatialvae.Tvae;
import org.equipose.plugin.spatialvae.Vae;
import org.equipose.plugin.standard.DenseDecoder;
import org.equipose.plugin.standard.DenseEncoder;
import org.equipose.plugin.standard.Elbo;
import org.equipose.plugin.standard.StandardPrior;

/** The works of README.md with all defaults, on made-up images: a fifth of the pixels is not black, as in MNIST. */
public enum Work {
    /** Plain autoencoder. */
    W1,
    /** With affine poses. */
    W2,
    /** With thin-plate splines. */
    W3;

    /** Images per step. */
    static final int BATCH = new RunSettings().batchSize();

    /** Training images. */
    static final int IMAGES = 55_000;

    /** What MNIST is made of. */
    static final ImageSpec SPEC = new ImageSpec(28, 28, 1);

    /** Returns the model with its objective. */
    Components components() {
        Model model =
                switch (this) {
                    case W1 -> new Vae(new Vae.Settings(), new DenseEncoder(), new DenseDecoder(), new StandardPrior());
                    case W2 -> posed(new Affine());
                    case W3 -> posed(new ThinPlateSpline());
                };
        return new Components(
                model, Optional.empty(), Map.of(), List.of(new Components.Weighted(1, "elbo", new Elbo())), Map.of());
    }

    private static Tvae posed(PoseTransform transform) {
        return new Tvae(
                new PosedSettings(),
                new DenseEncoder(),
                new DenseDecoder(),
                transform,
                new StandardPrior(),
                new DiagonalPrior());
    }

    /** Opens the graph of a training step. */
    TrainingGraph graph(int threads) {
        return new TrainingGraph(new RunSettings(), components(), images(), Device.cpu(threads));
    }

    /** Makes up training images. */
    static Split images() {
        Random random = new Random(1);
        byte[] pixels = new byte[IMAGES * SPEC.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (random.nextInt(5) == 0 ? 1 + random.nextInt(255) : 0);
        }
        return new Split(SPEC, pixels, Optional.empty(), Optional.empty());
    }

    /** Returns the numbers of the images of many steps, one row for each. */
    static int[][] batches() {
        int[] all = new Random(2).ints(0, IMAGES).limit(IMAGES).toArray();
        int[][] rows = new int[IMAGES / BATCH][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * BATCH, (i + 1) * BATCH);
        }
        return rows;
    }
}
