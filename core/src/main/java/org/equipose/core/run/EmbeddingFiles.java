package org.equipose.core.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.Npz;

/** Latents of images as files: a table for people and spreadsheets, arrays for NumPy. */
public final class EmbeddingFiles {
    private EmbeddingFiles() {}

    /**
     * Writes {@code <name>.csv} with the columns image, label, and for each latent its numbers as {@code <latent>_0} …, and
     * {@code <name>-<latent>.npy}, {@code [images, size]}, for each latent; labels are also in {@code <name>-label.npy}, and
     * motions, in the last columns of the table, in {@code <name>-motion.npy}, {@code [images, motions]}. Each file is written completely or not at all; earlier ones are replaced.
     *
     * @param images names of the images
     * @param labels class of each image, where known
     * @param latents float arrays, {@code [images, size]}, by name
     * @param motions what poses do to the objects, one number an image, by the name of the column; may be empty
     * @return the files, CSV first
     * @throws RunDirectoryException if one cannot be written
     */
    public static List<Path> write(
            Path folder,
            String name,
            List<String> images,
            Optional<int[]> labels,
            Map<String, Npz.Array> latents,
            Map<String, float[]> motions)
            throws IOException {
        List<Path> files = new ArrayList<>();
        Path csv = folder.resolve(name + ".csv");
        AtomicFile.write(csv, csv(images, labels, latents, motions).getBytes(StandardCharsets.UTF_8));
        files.add(csv);
        for (Map.Entry<String, Npz.Array> latent : latents.entrySet()) {
            files.add(npy(folder.resolve(name + "-" + latent.getKey() + ".npy"), latent.getValue()));
        }
        if (!motions.isEmpty()) {
            files.add(npy(folder.resolve(name + "-motion.npy"), table(motions, images.size())));
        }
        if (labels.isPresent()) {
            int[] classes = labels.get();
            files.add(npy(folder.resolve(name + "-label.npy"), Npz.Array.of(classes, classes.length)));
        }
        return List.copyOf(files);
    }

    private static Path npy(Path file, Npz.Array array) throws IOException {
        AtomicFile.write(file, out -> Npz.writeNpy(out, array));
        return file;
    }

    /** Puts columns side by side. */
    private static Npz.Array table(Map<String, float[]> columns, int rows) {
        float[] values = new float[rows * columns.size()];
        int column = 0;
        for (float[] of : columns.values()) {
            for (int row = 0; row < rows; row++) {
                values[row * columns.size() + column] = of[row];
            }
            column++;
        }
        return Npz.Array.of(values, rows, columns.size());
    }

    private static String csv(
            List<String> images, Optional<int[]> labels, Map<String, Npz.Array> latents, Map<String, float[]> motions) {
        StringBuilder lines = new StringBuilder("image,label");
        latents.forEach((name, array) -> {
            for (int i = 0; i < array.shape()[1]; i++) {
                lines.append(',').append(name).append('_').append(i);
            }
        });
        motions.keySet().forEach(name -> lines.append(',').append(name));
        lines.append('\n');
        Map<String, float[]> values = new LinkedHashMap<>();
        latents.forEach((name, array) -> values.put(name, array.floats()));
        values.putAll(motions);
        for (int image = 0; image < images.size(); image++) {
            lines.append(Csv.cell(images.get(image))).append(',');
            if (labels.isPresent()) {
                lines.append(labels.get()[image]);
            }
            for (float[] all : values.values()) {
                int size = all.length / images.size();
                for (int i = 0; i < size; i++) {
                    lines.append(',').append(all[image * size + i]);
                }
            }
            lines.append('\n');
        }
        return lines.toString();
    }
}
