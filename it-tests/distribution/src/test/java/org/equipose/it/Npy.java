package org.equipose.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Floats in NumPy's format, read without the code that wrote them. */
record Npy(int[] shape, float[] values) {
    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((.*)\\), \\} *\n");

    /** Reads a file. */
    static Npy read(Path file) throws IOException {
        return parse(Files.readAllBytes(file));
    }

    /** Reads the float arrays of the newest checkpoint of a run. */
    static Map<String, Npy> checkpoint(Run run) throws IOException {
        String newest = run.checkpoints().get(run.checkpoints().size() - 1);
        Map<String, Npy> arrays = new TreeMap<>();
        try (ZipFile zip =
                new ZipFile(run.folder().resolve("checkpoints").resolve(newest).toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                if (new String(bytes, 0, 64, StandardCharsets.ISO_8859_1).contains("'<f4'")) {
                    arrays.put(entry.getName().replace(".npy", ""), parse(bytes));
                }
            }
        }
        return arrays;
    }

    private static Npy parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getShort(8);
        Matcher header = HEADER.matcher(new String(bytes, 10, length, StandardCharsets.ISO_8859_1));
        if (!header.matches()) {
            throw new AssertionError("no floats in NumPy's format");
        }
        int[] shape = Arrays.stream(header.group(1).split(", *"))
                .mapToInt(Integer::parseInt)
                .toArray();
        float[] values = new float[(bytes.length - 10 - length) / 4];
        buffer.position(10 + length).limit(bytes.length);
        buffer.asFloatBuffer().get(values);
        return new Npy(shape, values);
    }

    /** Returns x·W + b, where this is W. */
    double[] times(double[] x, Npy bias) {
        double[] sums = new double[shape[1]];
        for (int j = 0; j < sums.length; j++) {
            sums[j] = bias.values[j];
            for (int i = 0; i < x.length; i++) {
                sums[j] += x[i] * values[i * sums.length + j];
            }
        }
        return sums;
    }
}
