package org.equipose.core.data;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Where fetched and made data are kept unless the user says otherwise. */
public final class CacheFolder {

    private CacheFolder() {}

    /** Returns {@code $XDG_CACHE_HOME/equipose} or else {@code ~/.cache/equipose}; it may not exist yet. */
    public static Path byDefault() {
        return of(System::getenv, Path.of(System.getProperty("java.io.tmpdir")), System.getProperty("user.name"));
    }

    /**
     * Applies the rule.
     *
     * @param environment value of an environment variable, or null
     * @param temporary folder for those who have no home
     * @param user keeps users apart there
     */
    static Path of(UnaryOperator<String> environment, Path temporary, String user) {
        String cache = environment.apply("XDG_CACHE_HOME");
        // The XDG specification has relative paths ignored.
        if (cache != null && Path.of(cache).isAbsolute()) {
            return Path.of(cache, "equipose");
        }
        String home = environment.apply("HOME");
        if (home != null && Path.of(home).isAbsolute()) {
            return Path.of(home, ".cache", "equipose");
        }
        return temporary.resolve("equipose-" + user);
    }
}
