package org.equipose.core.config;

import java.util.List;

/** Input that cannot be used: every problem found, each with its remedy. The program says so and exits with code 2. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String[] problems;

    /** Makes an exception for one problem. */
    public ConfigurationException(String problem) {
        this(List.of(problem));
    }

    /** Makes an exception for one problem that another exception has caused. */
    public ConfigurationException(String problem, Throwable cause) {
        this(List.of(problem));
        initCause(cause);
    }

    /** Makes an exception for several problems. */
    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = problems.toArray(new String[0]);
    }

    /** Returns the problems one by one. */
    public List<String> problems() {
        return List.of(problems);
    }
}
