package org.equipose.core.run;

import java.nio.file.Path;

/** The folder of one run. */
public final class RunDirectory {
    private final Path path;

    RunDirectory(Path path) {
        this.path = path;
    }

    /** Returns the folder. */
    public Path path() {
        return path;
    }
}
