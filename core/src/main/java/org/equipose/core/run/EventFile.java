package org.equipose.core.run;

import com.google.protobuf.ByteString;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * Numbers and pictures for TensorBoard, in its own file format. Only the message classes of TensorFlow are used, not its native
 * library.
 */
public final class EventFile implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10})\\..*");

    private final Path file;
    private final Clock clock;
    private final OutputStream out;

    private EventFile(Path file, Clock clock) throws IOException {
        this.file = file;
        this.clock = clock;
        this.out = new BufferedOutputStream(new FileOutputStream(file.toFile()), 1 << 16);
    }

    /**
     * Begins the events of a new run.
     *
     * @param folder the run directory
     * @param clock gives the time of every event
     * @throws RunDirectoryException if the file cannot be made
     */
    public static EventFile create(Path folder, Clock clock) throws IOException {
        Path file = free(folder, clock.instant());
        EventFile events;
        try {
            events = new EventFile(file, clock);
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
        events.write(events.event(0).setFileVersion("brain.Event:2"));
        return events;
    }

    /**
     * Begins another file for a run that goes on; TensorBoard then forgets what earlier files say of later steps.
     *
     * @param step optimiser steps taken when the run goes on
     */
    public static EventFile resume(Path folder, Clock clock, long step) throws IOException {
        EventFile events = create(folder, clock);
        // Everything from this step on is forgotten; the step itself stands.
        events.write(events.event(step + 1)
                .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
        return events;
    }

    /**
     * Makes an empty file of a new name. TensorBoard reads the files of a run in the order of their names, so the new one comes
     * after those that are there, whatever the clock says.
     */
    private static Path free(Path folder, Instant now) throws IOException {
        for (long second = Math.max(now.getEpochSecond(), latest(folder) + 1); ; second++) {
            Path file = folder.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.%s", second, host()));
            try {
                Files.createDirectories(folder);
                return Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isRegularFile(file)) {
                    throw new RunDirectoryException("cannot write " + file, e);
                }
            } catch (IOException e) {
                throw new RunDirectoryException("cannot write " + file, e);
            }
        }
    }

    /** Returns the latest second in the names of event files; -1 without any. */
    private static long latest(Path folder) throws IOException {
        long latest = -1;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    latest = Math.max(latest, Long.parseLong(name.group(1)));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Said when the file is made, if it is not mended by making the folder.
        } catch (UncheckedIOException e) {
            throw new RunDirectoryException("cannot read the folder " + folder, e.getCause());
        } catch (IOException e) {
            throw new RunDirectoryException("cannot read the folder " + folder, e);
        }
        return latest;
    }

    /** Returns the name of this computer as the environment has it: asking the network could take seconds. */
    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name == null || name.isBlank()) {
            name = System.getenv("COMPUTERNAME");
        }
        return name == null || name.isBlank() ? "localhost" : name.replaceAll("[^A-Za-z0-9.-]", "-");
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /**
     * Adds a number.
     *
     * @param tag its name; TensorBoard groups by what stands before the slash
     * @param step optimiser steps taken
     */
    public void scalar(String tag, long step, double value) throws IOException {
        write(event(step)
                .setSummary(Summary.newBuilder()
                        .addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value))));
    }

    /** Adds a picture, which is stored as PNG. */
    public void image(String tag, long step, BufferedImage image) throws IOException {
        write(event(step)
                .setSummary(Summary.newBuilder()
                        .addValue(Summary.Value.newBuilder()
                                .setTag(tag)
                                .setImage(Summary.Image.newBuilder()
                                        .setHeight(image.getHeight())
                                        .setWidth(image.getWidth())
                                        .setColorspace(image.getColorModel().getNumComponents())
                                        .setEncodedImageString(ByteString.copyFrom(Png.bytes(image)))))));
    }

    /** Makes everything so far readable, for example after each epoch. */
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
    }

    private Event.Builder event(long step) {
        Instant now = clock.instant();
        return Event.newBuilder()
                .setWallTime(now.getEpochSecond() + now.getNano() / 1e9)
                .setStep(step);
    }

    /** Appends a record: length, checksum of the length, the message, checksum of the message. */
    private void write(Event.Builder event) throws IOException {
        byte[] message = event.build().toByteArray();
        ByteBuffer record = ByteBuffer.allocate(16 + message.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(message.length);
        record.putInt(maskedChecksum(record.array(), 0, 8));
        record.put(message);
        record.putInt(maskedChecksum(record.array(), 12, message.length));
        try {
            out.write(record.array());
        } catch (IOException e) {
            throw new RunDirectoryException("cannot write " + file, e);
        }
    }

    /** Returns the CRC32C, turned and shifted so that the checksum of a checksum is no special value. */
    static int maskedChecksum(byte[] bytes, int from, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }
}
