package org.equipose.core.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.equipose.core.data.Npz;

/**
 * The saved states of a run, one file each: {@code step-<step>-<digest>.npz}. The digest is the beginning of the SHA-256 of the
 * file, so a damaged file is known by its name, and a file with its final name is complete.
 */
public final class Checkpoints {
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})-([0-9a-f]{16})\\.npz");

    private final Path folder;

    /** Makes a view of a folder, which may not exist yet. */
    public Checkpoints(Path folder) {
        this.folder = folder;
    }

    /**
     * A saved state.
     *
     * @param step optimiser steps taken
     * @param file where it is
     * @param arrays the state, by name
     */
    public record Checkpoint(long step, Path file, Map<String, Npz.Array> arrays) {}

    private record Saved(long step, String digest, Path file) {}

    /**
     * Saves a state, then removes older ones. Only one process may write; others may read meanwhile.
     *
     * @param step optimiser steps taken
     * @param keep number of checkpoints to keep, this one included
     * @return the file
     * @throws RunDirectoryException if it cannot be written, or a later step is there; earlier checkpoints then stay
     */
    public Path write(long step, Map<String, Npz.Array> arrays, int keep) throws IOException {
        if (step < 0 || keep < 1) {
            throw new IllegalArgumentException("step " + step + " and keep " + keep + " must be at least 0 and 1");
        }
        List<Saved> before = list();
        if (!before.isEmpty() && before.get(0).step > step) {
            throw new RunDirectoryException("cannot save step " + step + " beside the later " + before.get(0).file
                    + "; delete or move that file to go on from an earlier step");
        }
        AtomicFile.removeUnfinished(folder);
        for (Saved old : before) {
            if (old.step == step) {
                // Whatever the clock says, the one written now is the later one, even if the process ends before the
                // old one is gone.
                old.file.toFile().setLastModified(0);
            }
        }
        MessageDigest digest = sha256();
        Path file;
        try {
            file = AtomicFile.write(
                    folder,
                    out -> {
                        OutputStream digesting = new DigestOutputStream(out, digest);
                        Npz.write(digesting, arrays);
                    },
                    () -> String.format(Locale.ROOT, "step-%08d-%s.npz", step, first16(digest)));
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write the checkpoint of step " + step + " to " + folder, e);
        }
        int kept = 1;
        for (Saved old : before) {
            // Another state of the same step is superseded.
            if (!old.file.equals(file) && (old.step == step || ++kept > keep)) {
                try {
                    Files.deleteIfExists(old.file);
                } catch (IOException e) {
                    throw new RunDirectoryException("cannot delete the old checkpoint " + old.file, e);
                }
            }
        }
        return file;
    }

    /**
     * Returns the step of the newest state; 0 if none was saved. It is read, and not only looked for: a damaged one is
     * refused before anything else happens to a run.
     *
     * @throws RunDirectoryException if the newest is damaged
     */
    public long latestStep() throws IOException {
        return latest().map(Checkpoint::step).orElse(0L);
    }

    /**
     * Reads the newest state.
     *
     * @return empty if none was saved
     * @throws RunDirectoryException if the newest is damaged; no older one is taken in its place
     */
    public Optional<Checkpoint> latest() throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<Saved> saved = list();
            if (saved.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(read(saved));
            } catch (NoSuchFileException e) {
                // A training that is still running has replaced it since.
                if (attempt == 10) {
                    throw new RunDirectoryException("cannot read the checkpoint " + saved.get(0).file, e);
                }
            }
        }
    }

    private Checkpoint read(List<Saved> saved) throws IOException {
        Saved newest = saved.get(0);
        String remedy = saved.size() == 1
                ? "; there is no other: train again"
                : "; to go on from step " + saved.get(1).step + ", delete or move this file";
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(newest.file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new RunDirectoryException("cannot read the checkpoint " + newest.file, e);
        }
        if (!first16(digest).equals(newest.digest)) {
            throw new RunDirectoryException("the checkpoint " + newest.file
                    + " is damaged: its content does not match the digest in its name" + remedy);
        }
        try {
            return new Checkpoint(newest.step, newest.file, Npz.read(newest.file));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new RunDirectoryException("the checkpoint cannot be used: " + e.getMessage() + remedy);
        }
    }

    /** Returns what is there, the newest first. */
    private List<Saved> list() throws IOException {
        List<Saved> saved = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                Matcher parts = NAME.matcher(name);
                if (parts.matches()) {
                    saved.add(new Saved(Long.parseLong(parts.group(1)), parts.group(2), file));
                } else if (name.startsWith("step-") && name.endsWith(".npz")) {
                    // Perhaps the newest, with a name that somebody changed: not to be passed over in silence.
                    throw new RunDirectoryException(
                            file + " is not named as a checkpoint is (step-00000000-0123456789abcdef.npz);"
                                    + " give it its name back, or delete or move it");
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (RunDirectoryException e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw new RunDirectoryException("cannot read the folder " + folder, e.getCause());
        } catch (IOException e) {
            throw new RunDirectoryException("cannot read the folder " + folder, e);
        }
        // Two of one step are left by a process killed between saving and removing: the later one counts.
        saved.sort(Comparator.comparingLong(Saved::step)
                .thenComparingLong(s -> s.file.toFile().lastModified())
                .thenComparing(Saved::digest)
                .reversed());
        return saved;
    }

    private static String first16(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
