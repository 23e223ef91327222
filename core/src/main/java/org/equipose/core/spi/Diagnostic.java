package org.equipose.core.spi;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A number that tells whether something works as it should. It is logged and reported, and nothing is trained by it.
 *
 * @param name in metrics, lower case with underscores
 * @param unit for example {@code share of images}
 * @param value one number for each row, {@code [rows]}
 */
public record Diagnostic(String name, String unit, Operand<TFloat32> value) {

    /** Returns its name among metrics, which are in nats per image unless their name says otherwise. */
    public String metric() {
        return name + "_" + unit.replaceAll("[^a-z0-9]+", "_");
    }
}
