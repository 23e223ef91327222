package org.equipose.core.cli;

import java.util.Optional;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/** Tells what this computer has too little of, when that is why something failed: memory, or room for TensorFlow's library. */
final class Shortage {
    private Shortage() {}

    /** Returns what to say, if something was short. */
    static Optional<String> explain(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return Optional.of("out of memory (" + cause.getMessage() + "): give Java more with"
                        + " EQUIPOSE_JAVA_OPTS=-Xmx8g, or use a smaller --batch-size, smaller layers or fewer images");
            } else if (cause instanceof TFResourceExhaustedException) {
                return Optional.of("out of memory (TensorFlow: " + firstLine(cause)
                        + "): use a smaller --batch-size, smaller layers or fewer samples");
            } else if (cause instanceof UnsatisfiedLinkError) {
                return Optional.of(
                        "TensorFlow's native library cannot be loaded: "
                                + innermost(cause).getMessage()
                                + "; it takes 4 GB of address space, and 700 MB in the folder that EQUIPOSE_NATIVE_CACHE names");
            }
        }
        return Optional.empty();
    }

    /** Returns the first line of what an exception says: TensorFlow goes on with hints for programmers. */
    static String firstLine(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost;
    }
}
