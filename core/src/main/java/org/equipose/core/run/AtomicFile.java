package org.equipose.core.run;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that are there completely or not at all, whatever happens to the process or the machine. */
final class AtomicFile {
    /** How the names of files under way end; whoever reads a folder leaves these out. */
    static final String UNFINISHED = ".tmp";

    private static final Pattern UNFINISHED_NAME = Pattern.compile("\\.(\\d{1,18})-\\d+" + Pattern.quote(UNFINISHED));

    private static final AtomicLong COUNTER = new AtomicLong();

    private AtomicFile() {}

    /** What goes into a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes or replaces a file; the folder is made when it is missing. */
    static void write(Path file, byte[] content) throws IOException {
        write(file, out -> out.write(content));
    }

    /** Writes or replaces a file; the folder is made when it is missing. */
    static void write(Path file, Content content) throws IOException {
        try {
            write(
                    file.toAbsolutePath().getParent(),
                    content,
                    () -> file.getFileName().toString());
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
    }

    /**
     * Writes a file whose name is known when its content is.
     *
     * @param name asked for after the content is written
     * @return the file
     */
    static Path write(Path folder, Content content, Supplier<String> name) throws IOException {
        Files.createDirectories(folder);
        Path unfinished =
                folder.resolve("." + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + UNFINISHED);
        try {
            // Not a channel: an interrupted thread would find it closed.
            try (FileOutputStream file = new FileOutputStream(unfinished.toFile());
                    BufferedOutputStream out = new BufferedOutputStream(file, 1 << 16)) {
                content.writeTo(out);
                out.flush();
                file.getFD().sync();
            }
            Path target = folder.resolve(name.get());
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            return target;
        } catch (IOException | RuntimeException | Error e) {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /**
     * Removes what processes that ended too early have left unfinished in a folder; a folder that is not there is none.
     *
     * @throws RunDirectoryException if that fails
     */
    static void removeUnfinished(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = UNFINISHED_NAME.matcher(file.getFileName().toString());
                if (name.matches() && !isSomebodyElse(Long.parseLong(name.group(1)))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw new RunDirectoryException("cannot tidy the folder " + folder, e.getCause());
        } catch (IOException e) {
            throw new RunDirectoryException("cannot tidy the folder " + folder, e);
        }
    }

    /** In a container every process may have the number of this one: ours are finished when this is asked. */
    private static boolean isSomebodyElse(long pid) {
        return pid != ProcessHandle.current().pid()
                && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Makes a rename in a folder survive a power cut, where the system can. */
    private static void sync(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders; the rename itself has succeeded.
        }
    }
}
