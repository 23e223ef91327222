package org.equipose.core.cli;

import java.util.Arrays;
import java.util.Optional;

/** Tells an exception of somebody's plugin, which its author has to mend, from one of ours. */
final class PluginFault {
    private static final String OURS = "org.equipose.";

    private PluginFault() {}

    /** Returns what to say, if the innermost frame that is neither Java's nor a library's belongs to somebody's plugin. */
    static Optional<String> explain(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .filter(frame -> frame.getModuleName() != null)
                .filter(frame -> isOurs(frame) || !isBelow(frame))
                .findFirst()
                .filter(frame -> !isOurs(frame))
                .map(frame -> "the plugin " + frame.getModuleName() + " failed: " + thrown + " (in "
                        + frame.getClassName() + "." + frame.getMethodName() + ", line " + frame.getLineNumber()
                        + "); its author can help");
    }

    private static boolean isOurs(StackTraceElement frame) {
        return frame.getModuleName().startsWith(OURS);
    }

    /** Returns whether the module is Java's or a library's: plugins are in layers above those. */
    private static boolean isBelow(StackTraceElement frame) {
        return ModuleLayer.boot().findModule(frame.getModuleName()).isPresent();
    }
}
