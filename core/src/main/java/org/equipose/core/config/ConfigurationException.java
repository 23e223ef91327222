package org.equipose.core.config;

import java.util.List;

/** Input that cannot be used: every problem found, each with its remedy. The program says so and exits with code 2. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes an exception for one problem. */
    public ConfigurationException(String problem) {
        this(List.of(problem));
    }

    /** Makes an exception for several problems, one line each. */
    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
