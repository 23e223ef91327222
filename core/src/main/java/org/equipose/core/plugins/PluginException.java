package org.equipose.core.plugins;

/** A reason why a plugin cannot be used. */
final class PluginException extends Exception {
    private static final long serialVersionUID = 1;

    PluginException(String reason) {
        super(reason);
    }

    PluginException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
