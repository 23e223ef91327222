package org.equipose.core.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of one run.
 *
 * <pre>
 * config.yaml  manifest.json  train.log  metrics.csv  timing.csv  events.out.tfevents.*
 * classes.txt, if they have names
 * checkpoints/  samples/  reconstructions/  evaluation/  embedding/  export/
 * </pre>
 *
 * <p>A run that trains several times also has {@code restart-1/}, {@code restart-2/} …, which are run directories themselves,
 * and {@code restarts.csv}.
 *
 * <p>Folders inside it are made by whoever writes the first file there.
 */
public final class RunDirectory {
    private static final String LOCK = ".lock";
    private static final String CLASSES = "classes.txt";
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT);

    /** What a training writes beside its log. */
    private static final Pattern LEFT =
            Pattern.compile("metrics\\.csv|timing\\.csv|events\\.out\\.tfevents\\..*|epoch-\\d+\\.png|step-.*\\.npz");

    /**
     * Runs locked by this process. On POSIX systems closing any channel of a file drops the process's locks on it, so a second
     * attempt from within must be refused before the file is opened.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes a new run directory, with its parents.
     *
     * @throws RunDirectoryException if it exists or cannot be made
     */
    public static RunDirectory create(Path path) throws IOException {
        createParents(path);
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            throw new RunDirectoryException(
                    path + " exists already; choose another --run-dir, or go on with that run by --resume " + path);
        } catch (IOException e) {
            throw new RunDirectoryException("cannot make the run directory " + path, e);
        }
        return new RunDirectory(path);
    }

    /**
     * Makes the run directory {@code parent/name/yyyy-MM-dd_HH-mm-ss}, or with {@code -2}, {@code -3} … added when that exists.
     * Processes that ask in the same second get different ones.
     *
     * @param name a plain folder name
     * @param clock the time, and the time zone to write it in
     * @throws RunDirectoryException if it cannot be made, or {@code name} is no folder name
     */
    public static RunDirectory create(Path parent, String name, Clock clock) throws IOException {
        Optional<String> problem = wrongName(name);
        if (problem.isPresent()) {
            throw new RunDirectoryException(problem.get());
        }
        String timestamp = TIMESTAMP.format(LocalDateTime.now(clock));
        Path first = parent.resolve(name).resolve(timestamp);
        createParents(first);
        for (int i = 1; ; i++) {
            Path path = i == 1 ? first : first.resolveSibling(timestamp + "-" + i);
            try {
                return new RunDirectory(Files.createDirectory(path));
            } catch (FileAlreadyExistsException e) {
                // Taken; the next one may be free.
            } catch (IOException e) {
                throw new RunDirectoryException("cannot make the run directory " + path, e);
            }
        }
    }

    /** Returns what is wrong with the name of a run, if it is no plain folder name. */
    public static Optional<String> wrongName(String name) {
        return name.isBlank() || name.matches("\\.+") || name.matches(".*[/\\\\:\\p{Cntrl}].*")
                ? Optional.of("the name of a run must be a plain folder name but was '" + name + "'")
                : Optional.empty();
    }

    private static void createParents(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        try {
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw new RunDirectoryException("cannot make the run directory " + path, e);
        }
    }

    /**
     * Opens the directory of an earlier run.
     *
     * @throws RunDirectoryException if there is none, or the folder is no run; the message says what is missing
     */
    public static RunDirectory open(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new RunDirectoryException(
                    Files.exists(path)
                            ? path + " is a file, not a run directory"
                            : "there is no run directory " + path);
        }
        RunDirectory run = new RunDirectory(path);
        for (Path file : new Path[] {run.config(), run.manifest()}) {
            if (!Files.isRegularFile(file)) {
                throw new RunDirectoryException(path + " is not a run directory: " + file.getFileName() + " is missing"
                        + newestWithin(path)
                                .map(p -> "; did you mean " + p + "?")
                                .orElse(""));
            }
        }
        return run;
    }

    /** Takes a new run back in which no step was made; files of somebody else stay, and the folder with them. */
    public void discard() throws IOException {
        for (Path own : List.of(manifest(), config(), log(), path.resolve(LOCK), path.resolve(CLASSES))) {
            Files.deleteIfExists(own);
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            // What is in it is not ours.
        }
    }

    /** Returns the newest run at most two levels down: people give the folder of all runs, or of one name. */
    private static Optional<Path> newestWithin(Path folder) throws IOException {
        try (Stream<Path> below = Files.find(
                folder,
                3,
                (p, a) -> a.isRegularFile() && p.getFileName().toString().equals("manifest.json"))) {
            return below.map(Path::getParent)
                    .filter(run -> !Files.exists(run.resolveSibling("manifest.json"))) // a restart
                    .max(Comparator.comparing((Path p) -> p.getFileName().toString())
                            .thenComparing(Comparator.naturalOrder()));
        } catch (IOException | UncheckedIOException e) {
            // Only a hint.
            return Optional.empty();
        }
    }

    /** Returns the folder. */
    public Path path() {
        return path;
    }

    /** Returns the file with the effective configuration, which can be run again. */
    public Path config() {
        return path.resolve("config.yaml");
    }

    /**
     * Writes or replaces the configuration, completely or not at all.
     *
     * @throws RunDirectoryException if it cannot be written
     */
    public void writeConfig(String yaml) throws IOException {
        AtomicFile.write(config(), yaml.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the names of the classes, a line each; the first is that of label 0.
     *
     * @throws RunDirectoryException if they cannot be written
     */
    public void writeClasses(List<String> names) throws IOException {
        AtomicFile.write(path.resolve(CLASSES), (String.join("\n", names) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the file that says what was run, on what, with what; see {@link Manifest}. */
    public Path manifest() {
        return path.resolve("manifest.json");
    }

    /** Returns the log file; see {@link RunLog}. */
    public Path log() {
        return path.resolve("train.log");
    }

    /** Returns the file of numbers that depend on nothing but configuration, data and seed; see {@link MetricsFile}. */
    public Path metrics() {
        return path.resolve("metrics.csv");
    }

    /** Returns the file of speeds; see {@link MetricsFile}. */
    public Path timing() {
        return path.resolve("timing.csv");
    }

    /** Returns the folder of the parameters; see {@link Checkpoints}. */
    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** Returns the folder of pictures that the model made up. */
    public Path samples() {
        return path.resolve("samples");
    }

    /** Returns the folder of pictures that the model made from others. */
    public Path reconstructions() {
        return path.resolve("reconstructions");
    }

    /** Returns the folder of reports; see {@link ReportFiles}. */
    public Path evaluation() {
        return path.resolve("evaluation");
    }

    /** Returns the folder of latents; see {@link EmbeddingFiles}. */
    public Path embedding() {
        return path.resolve("embedding");
    }

    /** Returns the folder of exported models. */
    public Path export() {
        return path.resolve("export");
    }

    /** Returns the directory of one of several trainings from different seeds, counted from 1; it may not exist yet. */
    public RunDirectory restart(int number) {
        return new RunDirectory(path.resolve("restart-" + number));
    }

    /** Returns the table that compares those trainings. */
    public Path restarts() {
        return path.resolve("restarts.csv");
    }

    /**
     * Writes or replaces that table, completely or not at all.
     *
     * @throws RunDirectoryException if it cannot be written
     */
    public void writeRestarts(String csv) throws IOException {
        AtomicFile.write(restarts(), csv.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Takes over what a training has left in another directory: its tables, events, pictures and checkpoints. What another
     * training has left of those is removed; where this is cut off, it can be done again.
     *
     * @throws RunDirectoryException if a file cannot be read or written
     */
    public void adopt(RunDirectory other) throws IOException {
        // The newest checkpoint comes last but for older ones: whoever finds it finds the rest.
        for (String folder : List.of("reconstructions", "samples", "", "checkpoints")) {
            Path from = other.path.resolve(folder);
            Path to = path.resolve(folder);
            List<String> names = names(from);
            for (String name : names) {
                AtomicFile.write(to.resolve(name), out -> Files.copy(from.resolve(name), out));
            }
            for (String name : names(to)) {
                if (!names.contains(name)) {
                    Files.deleteIfExists(to.resolve(name));
                }
            }
        }
    }

    /** Returns the names of the files of a training in a folder, the last first; none if there is no folder. */
    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> LEFT.matcher(name).matches())
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new RunDirectoryException("cannot read the folder " + folder, e);
        }
    }

    /** Returns {@code epoch-012.png} in a folder of pictures. */
    public static Path picture(Path folder, int epoch) {
        return folder.resolve(String.format(Locale.ROOT, "epoch-%03d.png", epoch));
    }

    /**
     * Locks this directory until the lock is closed or the process ends, however it ends. Whoever trains here holds the lock;
     * readers and evaluators need none. What killed processes have left unfinished is removed.
     *
     * @throws RunDirectoryException if it is locked; the message names the process
     */
    public Lock lock() throws IOException {
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException e) {
            throw new RunDirectoryException("cannot lock " + path, e);
        }
        if (!LOCKED.add(real)) {
            throw inUse(Long.toString(ProcessHandle.current().pid()));
        }
        FileChannel channel = null;
        try {
            Path file = real.resolve(LOCK);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            // Far behind the text: Windows lets nobody read what is locked.
            FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
            if (lock == null) {
                String holder = Files.readString(file).strip();
                throw inUse(holder.matches("\\d+") ? holder : "unknown");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
            for (Path folder :
                    List.of(path, checkpoints(), samples(), reconstructions(), evaluation(), embedding(), export())) {
                AtomicFile.removeUnfinished(folder);
            }
            return new Lock(real, channel);
        } catch (RunDirectoryException | RuntimeException e) {
            release(real, channel);
            throw e;
        } catch (IOException e) {
            release(real, channel);
            throw new RunDirectoryException("cannot lock " + path, e);
        }
    }

    private static void release(Path real, FileChannel channel) throws IOException {
        LOCKED.remove(real);
        if (channel != null) {
            channel.close();
        }
    }

    private RunDirectoryException inUse(String pid) {
        return new RunDirectoryException(
                "another training is writing to " + path + " (process " + pid + "); wait for it to end, or stop it");
    }

    /** Keeps other trainings out of a run directory. */
    public static final class Lock implements AutoCloseable {
        private final Path real;
        private final FileChannel channel;

        private Lock(Path real, FileChannel channel) {
            this.real = real;
            this.channel = channel;
        }

        /** Lets others in. The lock file stays: deleting it would let two processes lock two files of one name. */
        @Override
        public void close() throws IOException {
            if (channel.isOpen()) {
                try (channel) {
                    channel.truncate(0);
                } finally {
                    LOCKED.remove(real);
                }
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
