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
    private static final int FOR_POSES = 1000;

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
        return samples(trained, training, side, PoseDraw.IDENTITY, PoseDraw.MEAN);
    }

    /**
     * Shows images drawn from the prior: with a pose, the same codes on the left in a pose of the caller's choice and on the
     * right in a pose drawn from its prior. The title says which.
     *
     * @param training images to infer poses from
     * @param side rows, and columns of each half
     * @param left pose of the left half
     * @param improper pose of the right half where the prior of the pose cannot be drawn from
     */
    public static ImageGrid samples(Trained trained, Split training, int side, PoseDraw left, PoseDraw improper) {
        int count = side * side;
        boolean[] drawn = new boolean[1];
        List<Values> found = trained.run(net -> {
            Map<String, Operand<TFloat32>> values =
                    parameters(trained.model().prior(net.sub("prior"), count, trained.image()));
            drawn[0] = values.containsKey("u");
            boolean needed = !drawn[0] || left != PoseDraw.IDENTITY;
            float[][] poses = needed ? poses(trained, training) : new float[0][];
            if (needed && poses.length == 0) {
                return List.of(image(net, trained, values)); // the model has no pose
            }
            Map<String, Operand<TFloat32>> fixed = new HashMap<>(values);
            set(fixed, left, poses, count, net);
            if (!drawn[0]) {
                set(values, improper, poses, count, net);
            }
            return List.of(image(net, trained, fixed), image(net, trained, values));
        });
        if (found.size() == 1) {
            return new ImageGrid(trained.image(), found.get(0).toRows(), side).title("drawn from the prior");
        }
        String right = drawn[0] ? "pose drawn from its prior" : improper.words();
        return halves(trained.image(), found, side, "left: " + left.words() + "   right: " + right);
    }

    private static Map<String, Operand<TFloat32>> parameters(Map<String, Latent> latents) {
        Map<String, Operand<TFloat32>> values = new HashMap<>();
        latents.forEach((name, latent) -> values.put(name, latent.parameters()));
        return values;
    }

    private static Operand<TFloat32> image(Net net, Trained trained, Map<String, Operand<TFloat32>> values) {
        return trained.model().generate(net, values, trained.image()).image();
    }

    /** Returns the poses inferred for some images; none for a model without a pose. */
    private static float[][] poses(Trained trained, Split images) {
        Split some = images.select(first(Math.min(FOR_POSES, images.count())));
        List<Values> found = trained.map(some, (net, batch) -> {
            Latent pose =
                    trained.model().pass(net.noiseless(), batch, 1).latents().get("u");
            return pose == null ? List.of() : List.of(pose.parameters());
        });
        return found.isEmpty() ? new float[0][] : found.get(0).toRows();
    }

    /** Puts the pose where a choice says, without one for the reference pose. */
    private static void set(
            Map<String, Operand<TFloat32>> values, PoseDraw choice, float[][] inferred, int count, Net net) {
        values.remove("u");
        if (choice != PoseDraw.IDENTITY) {
            float[] mean = choice == PoseDraw.MEAN ? mean(inferred) : new float[0];
            float[][] poses = new float[count][];
            Arrays.setAll(poses, i -> choice == PoseDraw.MEAN ? mean : inferred[i % inferred.length]);
            values.put("u", net.ops().constant(poses));
        }
    }

    private static float[] mean(float[][] rows) {
        float[] mean = new float[rows[0].length];
        for (float[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / rows.length;
            }
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

    /** Returns the indices 0 to {@code count − 1}, to select the first images of a split. */
    public static int[] first(int count) {
        int[] indices = new int[count];
        Arrays.setAll(indices, i -> i);
        return indices;
    }
}
