package org.equipose.plugin.datasets;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;

/** What the readers of a user's own files have in common. */
final class UserFile {

    private UserFile() {}

    /**
     * Checks that there is something at a path.
     *
     * @param key setting that named it, for the message
     */
    static Path existing(String key, Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new IOException(
                    "there is no " + path + " in " + Path.of("").toAbsolutePath() + "; look for a mistake in " + key);
        }
        return path;
    }

    /** Says what is wrong with a file; the messages of a file system's exceptions are often the path alone. */
    static String reason(Path file, IOException e) {
        return e instanceof FileSystemException
                        || e.getMessage() == null
                        || !e.getMessage().contains(file.toString())
                ? file + " cannot be read (" + e + ")"
                : e.getMessage();
    }

    /** Moves a share of the images, drawn with a seed, to the test split; each part keeps its order. */
    static DataSets divided(Split all, double share, long seed, Object where) throws IOException {
        if (all.count() < 2) {
            throw new IOException(where + " holds a single image; training and test need one each");
        }
        int tested = (int) Math.max(1, Math.min(all.count() - 1, Math.round(all.count() * share)));
        DataSets parts = new DataSets(all, all.select(new int[0])).holdOut(tested, seed);
        return new DataSets(parts.train(), parts.validation());
    }

    /** Checks the setting of a share. */
    static void checkShare(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("test-share must be above 0 and below 1 but was " + share);
        }
    }
}
