package org.equipose.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of a few kilobytes, at {@code disk} in the working folder, that exists for one process and those it starts. What was
 * on it is copied to another folder at the end.
 */
final class SmallDisk {
    private static final String[] OWN_MOUNTS = {"unshare", "-rm"};

    private SmallDisk() {}

    /** Skips the test where this user may not mount. */
    static void assumePossible() throws InterruptedException {
        Assumptions.assumeTrue(mounts(), "no small disk can be mounted here (unshare -rm mount -t tmpfs)");
    }

    private static boolean mounts() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no unshare
        }
    }

    /**
     * Returns a program that sees the disk.
     *
     * @param kilobytes room on it
     * @param before copied onto it; empty for nothing
     * @param after where its content goes
     */
    static Equipose of(Equipose equipose, Path folder, int kilobytes, String before, String after) throws IOException {
        Files.createDirectories(folder.resolve("disk"));
        String fill = before.isEmpty() ? "" : " && cp -a " + before + "/. disk/";
        return equipose.under(
                "mount -t tmpfs -o size=" + kilobytes + "k none disk" + fill + " && { \"$@\"; code=$?; cp -a disk "
                        + after + "; exit $code; }",
                OWN_MOUNTS);
    }

    /** Returns a program that sees an empty disk which cannot be written. */
    static Equipose readOnly(Equipose equipose, Path folder) throws IOException {
        Files.createDirectories(folder.resolve("disk"));
        return equipose.under("mount -t tmpfs -o ro none disk && exec \"$@\"", OWN_MOUNTS);
    }
}
