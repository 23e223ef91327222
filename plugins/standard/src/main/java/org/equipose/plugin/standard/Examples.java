package org.equipose.plugin.standard;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import java.util.Arrays;
import org.equipose.core.data.Split;

/**
 * What a linear classifier learns from: rows of features with their classes. The last feature of every row is the constant 1,
 * whose weight is the bias.
 *
 * @param rows features that are not zero, by number, which begins with 1
 * @param labels class of each row
 * @param features number of features, the constant included
 */
record Examples(Feature[][] rows, int[] labels, int features) {
    private static final int GREYS = 256;

    /** Takes the pixels of images, in [0, 1]. */
    static Examples ofPixels(Split images) {
        int size = images.spec().size();
        // There are few different features, so that rows share them: an object each would be 250 MB for MNIST.
        Feature[] known = new Feature[size * GREYS];
        for (int i = 0; i < known.length; i++) {
            known[i] = new FeatureNode(i / GREYS + 1, i % GREYS / 255.0);
        }
        Feature bias = new FeatureNode(size + 1, 1);
        Feature[][] rows = new Feature[images.count()][];
        Feature[] row = new Feature[size + 1];
        for (int image = 0; image < rows.length; image++) {
            int filled = 0;
            for (int i = 0; i < size; i++) {
                int grey = images.pixels()[image * size + i] & 0xff;
                if (grey > 0) {
                    row[filled++] = known[i * GREYS + grey];
                }
            }
            row[filled++] = bias;
            rows[image] = Arrays.copyOf(row, filled);
        }
        return new Examples(rows, images.labels().orElseThrow(), size + 1);
    }

    /** Takes a code for each image, {@code [images][size]}. */
    static Examples ofCodes(float[][] codes, int[] labels) {
        int size = codes[0].length;
        Feature bias = new FeatureNode(size + 1, 1);
        Feature[][] rows = new Feature[codes.length][size + 1];
        for (int image = 0; image < rows.length; image++) {
            for (int i = 0; i < size; i++) {
                rows[image][i] = new FeatureNode(i + 1, codes[image][i]);
            }
            rows[image][size] = bias;
        }
        return new Examples(rows, labels, size + 1);
    }

    /** Returns the rows with the given indices, in that order. */
    Examples select(int[] indices) {
        Feature[][] chosen = new Feature[indices.length][];
        int[] chosenLabels = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            chosen[i] = rows[indices[i]];
            chosenLabels[i] = labels[indices[i]];
        }
        return new Examples(chosen, chosenLabels, features);
    }

    /** Returns the number of rows. */
    int count() {
        return rows.length;
    }
}
