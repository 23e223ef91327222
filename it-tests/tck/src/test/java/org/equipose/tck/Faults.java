package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Runs a test of the kit on something with a planted fault. */
final class Faults {
    private Faults() {}

    /** Asserts that the test fails, and for the right reason. */
    static void caught(String reason, Executable test) {
        AssertionError failure = assertThrows(AssertionError.class, test);
        assertTrue(
                String.valueOf(failure.getMessage()).contains(reason),
                () -> "the kit should have complained that not: " + reason + "\nbut it says: " + failure.getMessage());
    }
}
