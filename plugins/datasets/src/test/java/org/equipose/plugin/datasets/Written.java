package org.equipose.plugin.datasets;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Progress;
import org.equipose.core.spi.DataSource;

/** Small files such as a user may have. */
final class Written {
    private Written() {}

    static byte[] noise(int count, long seed) {
        byte[] values = new byte[count];
        new SplittableRandom(seed).nextBytes(values);
        return values;
    }

    /** Returns 0, 1, 2, 0, 1, 2, … */
    static byte[] threeClasses(int count) {
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 3);
        }
        return labels;
    }

    static byte[] idx(byte[] values, int... shape) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
        buffer.put(new byte[] {0, 0, 8, (byte) shape.length});
        for (int size : shape) {
            buffer.putInt(size);
        }
        return buffer.put(values).array();
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** Writes images and their labels as Larochelle does: numbers from 0 to 1 and a label in a line. */
    static Path amat(Path file, byte[] values, byte[] labels) throws IOException {
        int size = values.length / labels.length;
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < labels.length; i++) {
            for (int k = 0; k < size; k++) {
                lines.append(String.format(Locale.ROOT, "%.10f ", (values[i * size + k] & 0xff) / 255.0));
            }
            lines.append(labels[i]).append(".0000000000e+00\n");
        }
        return Files.writeString(file, lines);
    }

    static Path npz(Path file, Map<String, Npz.Array> arrays) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            Npz.write(out, arrays);
        }
        return file;
    }

    /** Writes a grey picture, and the folders above it. */
    static Path picture(Path file, int height, int width, byte... values) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < values.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, values[i] & 0xff);
        }
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    static DataSets open(DataSource source) throws IOException {
        return source.open(new DataContext(Path.of("not-used"), 7, false, Progress.SILENT));
    }
}
