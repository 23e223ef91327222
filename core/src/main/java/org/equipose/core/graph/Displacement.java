package org.equipose.core.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * How far from each output point a warp looks into its source image: source = point + displacement, in the coordinates
 * of {@link Grid}. Displacements rather than coordinates, because zero is exact and a coordinate such as 1/3 is not: so
 * the identity pose returns its input bit for bit.
 *
 * @param x horizontal, {@code [rows, points]}
 * @param y vertical, {@code [rows, points]}
 */
public record Displacement(Operand<TFloat32> x, Operand<TFloat32> y) {}
