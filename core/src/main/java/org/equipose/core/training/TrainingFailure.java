package org.equipose.core.training;

/** Training cannot go on, for a reason the user can do something about; the last good checkpoint is kept. */
public final class TrainingFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes a failure with a message that names the thing and the remedy. */
    public TrainingFailure(String message) {
        super(message);
    }

    /** Makes a failure that an exception of a component has caused. */
    TrainingFailure(String message, RuntimeException cause) {
        super(message, cause);
    }
}
