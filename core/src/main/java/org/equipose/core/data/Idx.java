package org.equipose.core.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/**
 * An array of unsigned bytes in the format of MNIST's files: two zero bytes, one for the type, one for the number of axes,
 * then the size of each axis as a big-endian 32-bit number, then the values in row-major order.
 *
 * @param name of the file, for messages
 * @param shape sizes of the axes; only the first may be zero
 * @param values one byte a value
 */
public record Idx(String name, int[] shape, byte[] values) {

    private static final int UNSIGNED_BYTE = 0x08;

    /** The largest array every virtual machine can make. */
    private static final long MOST_VALUES = Integer.MAX_VALUE - 8L;

    /**
     * Reads a file, plain or compressed with gzip.
     *
     * @param axes number of axes it must have: 3 for grey images, 1 for labels
     * @throws IOException if the file cannot be read or is not such an array; the message names the file
     */
    public static Idx read(Path file, int axes) throws IOException {
        try (InputStream raw = Files.newInputStream(file)) {
            return read(file.toString(), raw, axes);
        }
    }

    /**
     * Reads a stream to its end, plain or compressed with gzip.
     *
     * @param name what messages call it
     * @param raw is not closed
     * @param axes number of axes it must have: 3 for grey images, 1 for labels
     * @throws IOException if the stream cannot be read or is not such an array; the message names it
     */
    public static Idx read(String name, InputStream raw, int axes) throws IOException {
        try {
            return parse(name, Gzip.uncompressed(raw), axes);
        } catch (ZipException | EOFException e) {
            throw new IOException(name + " is a damaged gzip file: " + e.getMessage(), e);
        }
    }

    private static Idx parse(String name, InputStream in, int axes) throws IOException {
        byte[] head = in.readNBytes(4 + 4 * axes);
        if (head.length < 4) {
            throw new IOException(name + " is not an IDX file: it ends after " + head.length + " bytes");
        }
        if (head[0] != 0 || head[1] != 0) {
            throw new IOException(String.format(
                    "%s is not an IDX file: it begins with %02x %02x instead of 00 00", name, head[0], head[1]));
        }
        if (head[2] != UNSIGNED_BYTE) {
            throw new IOException(String.format(
                    "%s holds IDX values of type 0x%02x; only unsigned bytes, 0x08, are read", name, head[2]));
        }
        if ((head[3] & 0xff) != axes) {
            throw new IOException(name + " has " + (head[3] & 0xff) + " axes but " + axes + " were expected, "
                    + (axes == 1 ? "as in a file of labels" : "as in a file of images"));
        }
        if (head.length < 4 + 4 * axes) {
            throw new IOException(
                    name + " is truncated: its header ends after " + head.length + " of " + (4 + 4 * axes) + " bytes");
        }
        int[] shape = new int[axes];
        for (int i = 0; i < axes; i++) {
            int at = 4 + 4 * i;
            shape[i] = (head[at] & 0xff) << 24
                    | (head[at + 1] & 0xff) << 16
                    | (head[at + 2] & 0xff) << 8
                    | (head[at + 3] & 0xff);
        }
        int count = count(name, shape);
        // Grows as it reads: a header that claims too much costs no more memory than there are bytes in the file.
        byte[] values = in.readNBytes(count);
        if (values.length < count) {
            throw new IOException(name + " is truncated: it holds " + values.length + " values but its header says "
                    + described(shape) + " = " + count);
        }
        if (in.read() >= 0) {
            throw new IOException(name + " goes on after the " + described(shape) + " = " + count
                    + " values of which its header speaks");
        }
        return new Idx(name, shape, values);
    }

    private static int count(String name, int[] shape) throws IOException {
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            // An empty set of images is one; images of no size are not.
            if (shape[i] < 0 || (shape[i] == 0 && i > 0)) {
                throw new IOException(name + " claims the impossible size " + described(shape));
            }
            count *= shape[i];
            if (count > MOST_VALUES) {
                throw new IOException(name + " claims the size " + described(shape) + ", more than the " + MOST_VALUES
                        + " values that fit in memory");
            }
        }
        return (int) count;
    }

    private static String described(int[] shape) {
        return Arrays.stream(shape).mapToObj(Integer::toUnsignedString).collect(Collectors.joining("×"));
    }

    /**
     * Puts images and their labels together.
     *
     * @param labels as many as this array has images
     * @throws IOException if the numbers differ; the message names both files
     */
    public Split with(Idx labels) throws IOException {
        if (shape[0] != labels.shape[0]) {
            throw new IOException(
                    name + " has " + shape[0] + " images but " + labels.name + " has " + labels.shape[0] + " labels");
        }
        int[] classes = new int[labels.values.length];
        Arrays.setAll(classes, i -> labels.values[i] & 0xff);
        return new Split(spec(), values, Optional.of(classes), Optional.empty());
    }

    /** Returns the images of an array with three axes, without labels. */
    public Split images() {
        return new Split(spec(), values, Optional.empty(), Optional.empty());
    }

    private ImageSpec spec() {
        return new ImageSpec(shape[1], shape[2], 1);
    }
}
