package org.equipose.core.data;

/**
 * Size of an image.
 *
 * @param height rows
 * @param width columns
 * @param channels 1 for grey, 3 for colour
 */
public record ImageSpec(int height, int width, int channels) {

    /** Checks that every size is positive. */
    public ImageSpec {
        if (height < 1 || width < 1 || channels < 1) {
            throw new IllegalArgumentException("an image needs a positive height, width and channels but got " + height
                    + "×" + width + "×" + channels);
        }
    }

    /** Returns the number of values in an image. */
    public int size() {
        return height * width * channels;
    }

    @Override
    public String toString() {
        return height + "×" + width + "×" + channels;
    }
}
