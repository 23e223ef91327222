package org.equipose.plugin.datasets;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;

/**
 * A set that was made of another one with a seed, as arrays that NumPy and {@link NpzFile} read too: {@code x_train}, {@code y_train},
 * {@code pose_train}, {@code x_test}, {@code y_test} and {@code pose_test}.
 *
 * @param file its name tells all that it depends on
 * @param progress hears that a file is damaged or cannot be kept
 */
record DerivedFile(Path file, Progress progress) {

    /** Makes the set. */
    @FunctionalInterface
    interface Recipe {
        DataSets make() throws IOException;
    }

    /** Reads the set; makes and keeps it if it is not there. */
    DataSets open(Recipe recipe) throws IOException {
        if (Files.exists(file)) {
            try {
                return read();
            } catch (IOException | RuntimeException e) {
                progress.note("warning: " + file + " is damaged and is made again: " + e.getMessage());
            }
        }
        DataSets made = recipe.make();
        try {
            keep(made);
        } catch (IOException e) {
            progress.note("warning: " + file + " cannot be kept, so that it is made again next time: " + e);
        }
        return made;
    }

    private DataSets read() throws IOException {
        Map<String, Npz.Array> arrays = Npz.read(file);
        return new DataSets(split(arrays, "train"), split(arrays, "test"));
    }

    private static Split split(Map<String, Npz.Array> arrays, String which) throws IOException {
        Npz.Array images = array(arrays, "x_" + which);
        long[] shape = images.shape();
        ImageSpec spec = new ImageSpec((int) shape[1], (int) shape[2], (int) shape[3]);
        Npz.Array poses = array(arrays, "pose_" + which);
        int size = (int) poses.shape()[1];
        float[] values = poses.floats();
        float[][] rows = new float[values.length / size][size];
        for (int i = 0; i < values.length; i++) {
            rows[i / size][i % size] = values[i];
        }
        return new Split(
                spec, images.bytes(), Optional.of(array(arrays, "y_" + which).ints()), Optional.of(rows));
    }

    private static Npz.Array array(Map<String, Npz.Array> arrays, String name) throws IOException {
        return Optional.ofNullable(arrays.get(name)).orElseThrow(() -> new IOException("it has no array " + name));
    }

    private void keep(DataSets sets) throws IOException {
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        add(arrays, sets.train(), "train");
        add(arrays, sets.test(), "test");
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            try (OutputStream out = Files.newOutputStream(fresh)) {
                Npz.write(out, arrays);
            }
            // Whoever makes the same set at the same time makes the same file.
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void add(Map<String, Npz.Array> arrays, Split split, String which) {
        ImageSpec spec = split.spec();
        int count = split.count();
        float[][] poses = split.poses().orElseThrow();
        float[] values = new float[count * poses[0].length];
        for (int i = 0; i < values.length; i++) {
            values[i] = poses[i / poses[0].length][i % poses[0].length];
        }
        arrays.put("x_" + which, Npz.Array.of(split.pixels(), count, spec.height(), spec.width(), spec.channels()));
        arrays.put("y_" + which, Npz.Array.of(split.labels().orElseThrow(), count));
        arrays.put("pose_" + which, Npz.Array.of(values, count, poses[0].length));
    }
}
