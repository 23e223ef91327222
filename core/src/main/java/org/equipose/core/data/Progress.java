package org.equipose.core.data;

import java.util.function.Supplier;

/** Hears how far a long piece of work has come. */
@FunctionalInterface
public interface Progress {

    /** Says nothing to anyone. */
    Progress SILENT = (what, done, total) -> {};

    /**
     * Reports the state.
     *
     * @param what the work, as a person would call it
     * @param done units done so far
     * @param total units in all, or −1 if unknown
     */
    void at(String what, long done, long total);

    /** Says something that stays to be read. */
    default void note(String text) {
        at(text, 0, -1);
    }

    /** Reports the state with a remark that changes, such as the terms of the loss; it is only made when it is shown. */
    default void at(String what, long done, long total, Supplier<String> remark) {
        at(what, done, total);
    }
}
