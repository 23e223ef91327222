package org.equipose.core.spi;

/** Something a model or an evaluator cannot do without. */
public enum Need {
    /** Class labels. */
    LABELS,
    /** A second data set to transfer to. */
    SECOND_DATA_SET,
    /** A code prior that can be drawn from. */
    PROPER_CODE_PRIOR,
    /** A pose prior that can be drawn from. */
    PROPER_POSE_PRIOR,
    /** A pose transform other than {@code none}. */
    POSE_TRANSFORM,
    /** A pose transform that can be undone. */
    INVERTIBLE_TRANSFORM,
    /** Several views of each image. */
    VIEWS
}
