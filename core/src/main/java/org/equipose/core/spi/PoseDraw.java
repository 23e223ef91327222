package org.equipose.core.spi;

/** Where a pose comes from that is needed and cannot be drawn from its prior, as a setting. */
public enum PoseDraw {
    /** The reference pose u = 0. */
    IDENTITY("reference pose u = 0"),
    /** The pose inferred for some other image. */
    BATCH("poses of training images"),
    /** The mean of the poses inferred for training images. */
    MEAN("mean pose of training images");

    private final String words;

    PoseDraw(String words) {
        this.words = words;
    }

    /** Returns what captions and reports call it. */
    public String words() {
        return words;
    }
}
