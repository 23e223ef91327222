package org.equipose.core.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Named arrays in one file, as NumPy's {@code savez} and {@code savez_compressed} write them: a ZIP archive of {@code .npy}
 * files (format 1.0, little-endian, C order).
 */
public final class Npz {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private static final Pattern HEADER = Pattern.compile("\\{ *'descr': *'([^']*)', *'fortran_order': *(True|False), *"
            + "'shape': *\\(((?:\\d+, *)*(?:\\d+)?)\\),? *\\} *\n?");

    /** Deflate never makes data smaller than this factor. */
    private static final long SMALLEST = 1032;

    /** Enough for 60 axes; the pattern goes one call deeper for each. */
    private static final int LONGEST_HEADER = 1000;

    private static final int LARGEST = Integer.MAX_VALUE - 16;

    private Npz() {}

    /** Type of the values of an array. */
    public enum Type {
        /** {@code float}. */
        FLOAT32("<f4", 4),
        /** {@code double}. */
        FLOAT64("<f8", 8),
        /** {@code int}. */
        INT32("<i4", 4),
        /** {@code long}. */
        INT64("<i8", 8),
        /** Bytes from 0 to 255. */
        UINT8("|u1", 1);

        private final String code;
        private final int size;

        Type(String code, int size) {
            this.code = code;
            this.size = size;
        }
    }

    /** An array of any rank, which never changes. */
    public static final class Array {
        private final Type type;
        private final long[] shape;
        private final ByteBuffer data;

        private Array(Type type, long[] shape, ByteBuffer data) {
            this.type = type;
            this.shape = shape.clone();
            this.data = data;
            long values = 1;
            for (long size : shape) {
                values = Math.multiplyExact(values, size);
            }
            if (values * type.size != data.remaining() || Arrays.stream(shape).anyMatch(s -> s < 0)) {
                throw new IllegalArgumentException(data.remaining() / type.size
                        + " values do not fill an array of shape " + Arrays.toString(shape));
            }
        }

        private static ByteBuffer allocate(Type type, int values) {
            return ByteBuffer.allocate(Math.multiplyExact(values, type.size)).order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Makes an array from values in C order (last index fastest); no shape for a single value. */
        public static Array of(float[] values, long... shape) {
            ByteBuffer data = allocate(Type.FLOAT32, values.length);
            data.asFloatBuffer().put(values);
            return new Array(Type.FLOAT32, shape, data);
        }

        /** Makes an array from values in C order. */
        public static Array of(double[] values, long... shape) {
            ByteBuffer data = allocate(Type.FLOAT64, values.length);
            data.asDoubleBuffer().put(values);
            return new Array(Type.FLOAT64, shape, data);
        }

        /** Makes an array from values in C order. */
        public static Array of(int[] values, long... shape) {
            ByteBuffer data = allocate(Type.INT32, values.length);
            data.asIntBuffer().put(values);
            return new Array(Type.INT32, shape, data);
        }

        /** Makes an array from values in C order. */
        public static Array of(long[] values, long... shape) {
            ByteBuffer data = allocate(Type.INT64, values.length);
            data.asLongBuffer().put(values);
            return new Array(Type.INT64, shape, data);
        }

        /** Makes an array of unsigned bytes in C order. */
        public static Array of(byte[] values, long... shape) {
            return new Array(Type.UINT8, shape, ByteBuffer.wrap(values.clone()));
        }

        /** Returns the type of the values. */
        public Type type() {
            return type;
        }

        /** Returns the size of each dimension; empty for a single value. */
        public long[] shape() {
            return shape.clone();
        }

        /** Returns the number of values. */
        public int count() {
            return data.remaining() / type.size;
        }

        /**
         * Returns a copy of the values.
         *
         * @throws IllegalStateException if they are of another type
         */
        public float[] floats() {
            float[] values = new float[count()];
            little(Type.FLOAT32).asFloatBuffer().get(values);
            return values;
        }

        /**
         * Returns a copy of the values.
         *
         * @throws IllegalStateException if they are of another type
         */
        public double[] doubles() {
            double[] values = new double[count()];
            little(Type.FLOAT64).asDoubleBuffer().get(values);
            return values;
        }

        /**
         * Returns a copy of the values.
         *
         * @throws IllegalStateException if they are of another type
         */
        public int[] ints() {
            int[] values = new int[count()];
            little(Type.INT32).asIntBuffer().get(values);
            return values;
        }

        /**
         * Returns a copy of the values.
         *
         * @throws IllegalStateException if they are of another type
         */
        public long[] longs() {
            long[] values = new long[count()];
            little(Type.INT64).asLongBuffer().get(values);
            return values;
        }

        /**
         * Returns a copy of the values.
         *
         * @throws IllegalStateException if they are of another type
         */
        public byte[] bytes() {
            byte[] values = new byte[count()];
            little(Type.UINT8).get(values);
            return values;
        }

        private ByteBuffer little(Type wanted) {
            if (type != wanted) {
                throw new IllegalStateException("the array is of type " + type + ", not " + wanted);
            }
            return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Returns whether type, shape and every bit of the values are the same. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Array a && type == a.type && Arrays.equals(shape, a.shape) && data.equals(a.data);
        }

        @Override
        public int hashCode() {
            return Objects.hash(type, Arrays.hashCode(shape), data);
        }

        @Override
        public String toString() {
            return type + Arrays.toString(shape);
        }
    }

    /**
     * Writes arrays, uncompressed. The same arrays in the same order give the same bytes.
     *
     * @param out is flushed, not closed
     * @param arrays by name; a name may contain slashes
     */
    public static void write(OutputStream out, Map<String, Array> arrays) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Array> named : arrays.entrySet()) {
            Array array = named.getValue();
            byte[] header = header(array);
            CRC32 crc = new CRC32();
            crc.update(header);
            crc.update(array.data.duplicate());
            ZipEntry entry = new ZipEntry(named.getKey() + ".npy");
            // A month after the first one a ZIP file can name, which Java would store along with the time zone.
            entry.setTimeLocal(LocalDateTime.of(1980, 2, 1, 0, 0));
            entry.setMethod(ZipEntry.STORED);
            entry.setSize((long) header.length + array.data.remaining());
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(header);
            Channels.newChannel(zip).write(array.data.duplicate());
            zip.closeEntry();
        }
        zip.finish();
        zip.flush();
    }

    /**
     * Writes one array as a {@code .npy} file.
     *
     * @param out is flushed, not closed
     */
    public static void writeNpy(OutputStream out, Array array) throws IOException {
        out.write(header(array));
        Channels.newChannel(out).write(array.data.duplicate());
        out.flush();
    }

    private static byte[] header(Array array) {
        String shape = Arrays.stream(array.shape).mapToObj(Long::toString).collect(Collectors.joining(", "))
                + (array.shape.length == 1 ? "," : "");
        String text = "{'descr': '" + array.type.code + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        // The values start at a multiple of 64 bytes, after a line break.
        int length = (MAGIC.length + 4 + text.length() + 1 + 63) / 64 * 64;
        int textLength = length - MAGIC.length - 4;
        ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) textLength);
        header.put((text + " ".repeat(textLength - text.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        return header.array();
    }

    /**
     * Reads all arrays of a file, in the order of the file.
     *
     * @throws IOException if it cannot be read or contains anything but arrays of the known types; names file, entry and reason
     */
    public static Map<String, Array> read(Path file) throws IOException {
        try (ZipFile zip = open(file)) {
            Map<String, Array> arrays = new LinkedHashMap<>();
            for (ZipEntry entry : List.copyOf(Collections.list(zip.entries()))) {
                if (!entry.getName().endsWith(".npy")) {
                    throw malformed(file, entry.getName(), "is not an array");
                }
                String name = entry.getName().substring(0, entry.getName().length() - 4);
                if (arrays.put(name, read(file, zip, entry)) != null) {
                    throw malformed(file, name, "is there twice");
                }
            }
            return Collections.unmodifiableMap(arrays);
        } catch (IllegalArgumentException e) {
            // A name that is not UTF-8.
            throw new IOException(file + " is not a readable .npz file: " + e.getMessage(), e);
        }
    }

    /**
     * Reads one array of a file; the others may be of any type.
     *
     * @throws IOException if there is none of that name, or it cannot be read; names file, entry and reason
     */
    public static Array read(Path file, String name) throws IOException {
        try (ZipFile zip = open(file)) {
            ZipEntry entry = zip.getEntry(name + ".npy");
            if (entry == null) {
                throw malformed(file, name, "is missing");
            }
            return read(file, zip, entry);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a readable .npz file: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the names of the arrays of a file, in the order of the file.
     *
     * @throws IOException if it cannot be read
     */
    public static List<String> names(Path file) throws IOException {
        try (ZipFile zip = open(file)) {
            return Collections.list(zip.entries()).stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".npy"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is not a readable .npz file: " + e.getMessage(), e);
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (EOFException e) {
            throw new IOException(file + " is not a readable .npz file: it is cut off", e);
        } catch (ZipException e) {
            throw new IOException(file + " is not a readable .npz file: " + e.getMessage(), e);
        }
    }

    private static Array read(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        String name = entry.getName();
        long stored = entry.getCompressedSize();
        long size = entry.getSize();
        if (stored > Files.size(file) || size > (stored + 1) * SMALLEST || size < 0) {
            throw malformed(file, name, "cannot have " + size + " bytes in a file of " + Files.size(file));
        }
        CRC32 crc = new CRC32();
        try (InputStream checked = new CheckedInputStream(zip.getInputStream(entry), crc);
                DataInputStream in = new DataInputStream(new BufferedInputStream(checked))) {
            byte[] magic = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw malformed(file, name, "is not an array");
            }
            int major = in.readUnsignedByte();
            int minor = in.readUnsignedByte();
            if (major != 1) {
                throw malformed(file, name, "has format " + major + "." + minor + "; only 1.0 is understood");
            }
            int length = in.readUnsignedByte() | in.readUnsignedByte() << 8;
            byte[] text = in.readNBytes(length);
            Matcher header = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
            if (text.length < length || length > LONGEST_HEADER || !header.matches()) {
                throw malformed(file, name, "has a damaged header");
            }
            Type type = Arrays.stream(Type.values())
                    .filter(t -> t.code.equals(header.group(1)))
                    .findFirst()
                    .orElseThrow(() -> malformed(
                            file,
                            name,
                            "has values of type " + header.group(1) + "; understood are "
                                    + Arrays.stream(Type.values())
                                            .map(t -> t.code)
                                            .collect(Collectors.joining(", "))));
            if (header.group(2).equals("True")) {
                throw malformed(file, name, "is in Fortran order; save np.ascontiguousarray of it");
            }
            long[] shape;
            long bytes = type.size;
            try {
                shape = Pattern.compile(", *")
                        .splitAsStream(header.group(3))
                        .filter(s -> !s.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray();
                for (long n : shape) {
                    bytes = Math.multiplyExact(bytes, n);
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw malformed(file, name, "has an impossible shape (" + header.group(3) + ")");
            }
            long found = size - MAGIC.length - 4 - length;
            if (bytes != found) {
                throw malformed(file, name, "has " + found + " bytes of values instead of " + bytes);
            }
            if (bytes > LARGEST) {
                throw malformed(
                        file, name, "has " + bytes + " bytes of values; at most " + LARGEST + " are understood");
            }
            byte[] values = new byte[(int) bytes];
            in.readFully(values);
            if (in.read() >= 0) {
                throw malformed(file, name, "is longer than it says");
            }
            if (crc.getValue() != entry.getCrc()) {
                throw malformed(file, name, "has a wrong checksum");
            }
            return new Array(type, shape, ByteBuffer.wrap(values));
        } catch (EOFException e) {
            throw malformed(file, name, "is cut off");
        } catch (ZipException e) {
            throw malformed(file, name, "is damaged: " + e.getMessage());
        }
    }

    private static IOException malformed(Path file, String entry, String reason) {
        return new IOException(file + ": " + entry + " " + reason);
    }
}
