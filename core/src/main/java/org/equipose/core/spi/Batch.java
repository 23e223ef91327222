package org.equipose.core.spi;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Images that go through a model together.
 *
 * @param image {@code [batch, height, width, channels]} in [0, 1]
 * @param label class of each image, {@code [batch]}, where known
 * @param views other views of the same images, for models that compare views; empty in training, where such a model draws
 *     its own
 */
public record Batch(Operand<TFloat32> image, Optional<Operand<TInt32>> label, List<Operand<TFloat32>> views) {

    /** Makes a batch of images alone. */
    public Batch(Operand<TFloat32> image) {
        this(image, Optional.empty(), List.of());
    }

    /** Returns the number of images. */
    public int size() {
        return (int) image.shape().get(0);
    }

    /** Returns the size of each image. */
    public ImageSpec spec() {
        return new ImageSpec((int) image.shape().get(1), (int) image.shape().get(2), (int)
                image.shape().get(3));
    }
}
