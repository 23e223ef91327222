package org.equipose.core.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** Something the program can be told to do. */
interface Verb {

    /** Returns the word that chooses it. */
    String name();

    /** Returns what it does, in one line. */
    String about();

    /** Adds its options and parameters; picocli checks none of their values. */
    void describe(CommandSpec spec);

    /**
     * Does it.
     *
     * @return exit code
     * @throws org.equipose.core.config.ConfigurationException if the user must change something
     * @throws IOException if a file cannot be read or written
     */
    int run(Arguments arguments, Terminal terminal) throws IOException;
}
