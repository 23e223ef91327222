package org.equipose.core.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Net;
import org.equipose.core.run.ImageGrid;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.types.TFloat32;

/** The pictures that training and evaluators both draw. */
public final class Pictures {
    private static final int FOR_MEAN_POSE = 1000;

    private Pictures() {}

    /**
     * Shows images above their corrections, canvases and reconstructions, as far as the model has them, all at the posterior
     * means.
     *
     * @param split the first images are shown
     * @param columns number of images
     */
    public static ImageGrid reconstructions(Trained trained, Split split, int columns) {
        int count = Math.min(columns, split.count());
        Split shown = split.select(first(count));
        List<String> captions = new ArrayList<>();
        List<Values> rows = trained.map(shown, (net, batch) -> {
            Ops tf = net.ops();
            Pass pass = trained.model().pass(net.noiseless(), batch, 1);
            Map<String, Operand<TFloat32>> pictures = new LinkedHashMap<>();
            pictures.put("input x", batch.image());
            pass.corrected().ifPresent(y -> pictures.put("corrected y", atImageSize(tf, y, batch.spec())));
            if (pass.latents().containsKey("u")) {
                pictures.put("canvas y'", atImageSize(tf, pass.canvas(), batch.spec()));
            }
            pictures.put("output x'", pass.likelihood().mean(tf));
            captions.clear(); // the section may be built more than once
            captions.addAll(pictures.keySet());
            return List.copyOf(pictures.values());
        });
        float[][] images = new float[rows.size() * count][];
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < count; i++) {
                images[r * count + i] = rows.get(r).row(i);
            }
        }
        return new ImageGrid(trained.image(), images, count).rowCaptions(captions.toArray(new String[0]));
    }

    /** A canvas of another definition than the image is shown at the image's size. */
    private static Operand<TFloat32> atImageSize(Ops tf, Operand<TFloat32> canvas, ImageSpec image) {
        boolean same = canvas.shape().get(1) == image.height() && canvas.shape().get(2) == image.width();
        return same
                ? canvas
                : tf.image.resizeBilinear(
                        canvas,
                        tf.constant(new int[] {image.height(), image.width()}),
                        ResizeBilinear.alignCorners(true));
    }

    /**
     * Shows images drawn from the prior: with a pose, on the left in reference pose (u = 0) and on the right the same codes in
     * a pose drawn from its prior or, where that is improper, in the mean pose of training images.
     *
     * @param training images to infer the mean pose from
     * @param side rows, and columns of each half
     */
    public static ImageGrid samples(Trained trained, Split training, int side) {
        int count = side * side;
        boolean[] drawn = new boolean[1];
        List<Values> found = trained.run(net -> {
            Map<String, Latent> latents = trained.model().prior(net.sub("prior"), count, trained.image());
            drawn[0] = latents.containsKey("u");
            Map<String, Operand<TFloat32>> values = parameters(latents);
            List<Operand<TFloat32>> images = new ArrayList<>();
            if (drawn[0]) {
                images.add(image(net, trained, values));
            }
            values.remove("u");
            images.add(0, image(net, trained, values));
            return images;
        });
        if (drawn[0]) {
            return halves(
                    trained.image(), found, side, "left: reference pose u = 0   right: pose drawn from its prior");
        }
        float[] mean = meanPose(trained, training);
        if (mean.length == 0) {
            return new ImageGrid(trained.image(), found.get(0).toRows(), side).title("drawn from the prior");
        }
        List<Values> both = trained.run(net -> {
            Map<String, Operand<TFloat32>> values =
                    parameters(trained.model().prior(net.sub("prior"), count, trained.image()));
            Operand<TFloat32> atIdentity = image(net, trained, values);
            float[][] poses = new float[count][];
            Arrays.fill(poses, mean);
            values.put("u", net.ops().constant(poses));
            return List.of(atIdentity, image(net, trained, values));
        });
        return halves(trained.image(), both, side, "left: reference pose u = 0   right: mean pose of training images");
    }

    private static Map<String, Operand<TFloat32>> parameters(Map<String, Latent> latents) {
        Map<String, Operand<TFloat32>> values = new HashMap<>();
        latents.forEach((name, latent) -> values.put(name, latent.parameters()));
        return values;
    }

    private static Operand<TFloat32> image(Net net, Trained trained, Map<String, Operand<TFloat32>> values) {
        return trained.model().generate(net, values, trained.image()).image();
    }

    /** Returns the mean inferred pose; empty for a model without a pose. */
    private static float[] meanPose(Trained trained, Split training) {
        Split some = training.select(first(Math.min(FOR_MEAN_POSE, training.count())));
        List<Values> found = trained.map(some, (net, batch) -> {
            Latent pose =
                    trained.model().pass(net.noiseless(), batch, 1).latents().get("u");
            return pose == null ? List.of() : List.of(pose.parameters());
        });
        if (found.isEmpty()) {
            return new float[0];
        }
        Values poses = found.get(0);
        float[] mean = new float[poses.rowSize()];
        for (int i = 0; i < poses.data().length; i++) {
            mean[i % mean.length] += poses.data()[i] / poses.rows();
        }
        return mean;
    }

    private static ImageGrid halves(ImageSpec spec, List<Values> halves, int side, String title) {
        int columns = 2 * side + 1; // an empty column between the halves
        float[][] images = new float[side * columns][];
        for (int i = 0; i < side * side; i++) {
            int row = i / side;
            int column = i % side;
            images[row * columns + column] = halves.get(0).row(i);
            images[row * columns + side + 1 + column] = halves.get(1).row(i);
        }
        return new ImageGrid(spec, images, columns).title(title);
    }

    private static int[] first(int count) {
        int[] indices = new int[count];
        Arrays.setAll(indices, i -> i);
        return indices;
    }
}
