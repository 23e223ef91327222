package org.equipose.core.spi;

import org.equipose.core.distribution.Distribution;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What a model makes of given latents.
 *
 * @param canvas means before posing, {@code [rows, canvas height, canvas width, channels]}
 * @param image means, {@code [rows, height, width, channels]}
 * @param likelihood p(x | latents)
 */
public record Generated(Operand<TFloat32> canvas, Operand<TFloat32> image, Distribution likelihood) {}
