package org.equipose.plugin.mutualinformation;

/** What the encoder is shown of a decoded code. */
public enum DecodedImage {
    /** The means of the pixels. */
    MEAN("means of the pixels"),
    /** An image drawn from p(x | code); the gradient passes straight through the draw. */
    SAMPLE("drawn images");

    private final String words;

    DecodedImage(String words) {
        this.words = words;
    }

    /** Returns what reports call it. */
    String words() {
        return words;
    }
}
