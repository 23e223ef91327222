package org.equipose.plugin.standard;

import java.util.Map;

/** The latent that says what an image shows. */
final class Code {
    private Code() {}

    /**
     * Returns what belongs to the code z.
     *
     * @param byLatent one for each latent of a model
     * @throws IllegalStateException if the model has no such latent
     */
    static <T> T in(Map<String, T> byLatent) {
        T code = byLatent.get("z");
        if (code == null) {
            throw new IllegalStateException("the model has no code z");
        }
        return code;
    }
}
