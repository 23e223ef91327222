package org.equipose.core.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Where the program speaks.
 *
 * @param out results
 * @param err progress, warnings and errors
 * @param interactive whether a person is watching, so that a line may be written again
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive) {

    /** Returns whether what goes to the standard error is shown to a person. */
    @SuppressWarnings("SystemConsoleNull") // Since Java 22 there is always a console; the link below tells then.
    static boolean isWatched() {
        if (System.console() == null) {
            return false;
        }
        try {
            String device = Path.of("/proc/self/fd", System.getProperty("equipose.stderr", "2"))
                    .toRealPath()
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException e) {
            // Not Linux, or nothing there: whoever wanted a plain log would have redirected everything.
            return Runtime.version().feature() < 22;
        }
    }

    /** Says something that does not stop the work. */
    void warn(String text) {
        err.println("warning: " + text);
    }

    /** Returns a display of progress. */
    ConsoleProgress progress() {
        return new ConsoleProgress(err, interactive, System::nanoTime);
    }
}
