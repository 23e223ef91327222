package org.equipose.core.spi;

/**
 * Thrown by a component that cannot do what its settings ask for, and only sees it once it meets the model or the images. What can be
 * told before is told by {@code refuses} instead. The message is for the user: what is wrong, and after a semicolon what to do.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes a refusal. */
    public Refusal(String message) {
        super(message);
    }
}
