package org.equipose.core.spi;

/** Family of a posterior. */
public enum Family {
    /** Diagonal normal. */
    NORMAL,
    /** Independent Laplace. */
    LAPLACE,
    /** A point: the latent is a deterministic function of the image. */
    DELTA
}
