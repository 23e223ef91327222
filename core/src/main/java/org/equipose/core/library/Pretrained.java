package org.equipose.core.library;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.ConfigurationFile;
import org.equipose.core.data.ImageFile;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Device;
import org.equipose.core.inference.InferenceGraph;
import org.equipose.core.inference.LoadedRun;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Selection;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/**
 * A trained model for use in a program of one's own: encodes images, decodes latents, draws samples and moves images. The data
 * set it was trained on is not needed. One thread at a time; close it when done, since its memory lies outside the heap.
 *
 * <pre>{@code
 * try (Pretrained model = Pretrained.load(Path.of("runs/mnist-tvae-tps/2026-11-21_10-00-00"))) {
 *     Map<String, Values> latents = model.encode(images); // z: [images, 20], u: [images, 18]
 *     Values again = model.decode(latents);
 *     Values others = model.sample(16, 1);
 * }
 * }</pre>
 */
public final class Pretrained implements AutoCloseable {
    /** Images that go through the graph at a time. */
    private static final int ROWS = 100;

    private final LoadedRun run;
    private final InferenceGraph graph;

    private Pretrained(LoadedRun run) {
        this.run = run;
        graph = run.functions(ROWS, run.device());
    }

    /**
     * Loads the model of a run; its components are looked for among the modules of the running program, so the jars of the
     * plugins belong on the module path.
     *
     * @param run directory of the run
     * @throws IOException if it is no run, or a file in it is damaged
     * @throws IllegalArgumentException if its model cannot be built here; the message says what is missing
     */
    public static Pretrained load(Path run) throws IOException {
        return load(run, Catalog.installed());
    }

    /**
     * Loads the model of a run whose components are in a folder of plugins, such as {@code plugins} of the distribution.
     *
     * @param run directory of the run
     * @param plugins folder of jars
     * @throws IOException if it is no run, or a file in it is damaged
     * @throws IllegalArgumentException if its model cannot be built here; the message says what is missing
     */
    public static Pretrained load(Path run, Path plugins) throws IOException {
        return load(run, Catalog.scan(plugins));
    }

    private static Pretrained load(Path folder, Catalog catalog) throws IOException {
        RunDirectory directory = RunDirectory.open(folder);
        try {
            Configuration configuration = Configuration.of(ConfigurationFile.read(directory.config()));
            Selection selection = Selection.of(configuration, Map.of(), catalog, List.of());
            Device device = Device.find("auto", selection.settings().threads()).orElseThrow();
            return new Pretrained(LoadedRun.of(directory, selection, device));
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(String.join("\n", e.problems()), e);
        }
    }

    /** Returns the size of the images that go in and come out. */
    public ImageSpec image() {
        return run.trained().image();
    }

    /**
     * Reads pictures as images for this model; those of another size are scaled and centred on black.
     *
     * @param pictures PNG or JPEG
     * @return {@code [pictures, height, width, channels]} in [0, 1]
     * @throws IOException if a file cannot be read; the message names it
     */
    public Values read(Path... pictures) throws IOException {
        ImageSpec spec = image();
        byte[] pixels = new byte[Math.multiplyExact(pictures.length, spec.size())];
        for (int i = 0; i < pictures.length; i++) {
            byte[] picture = ImageFile.read(pictures[i], spec, true, false);
            System.arraycopy(picture, 0, pixels, i * spec.size(), spec.size());
        }
        return Values.of(new Split(spec, pixels, Optional.empty(), Optional.empty()));
    }

    /** Returns the model itself, to run graphs of one's own around it. */
    public Trained trained() {
        return run.trained();
    }

    /**
     * Infers the latents of images, at the means of their posteriors.
     *
     * @param images {@code [images, height, width, channels]} in [0, 1]
     * @return {@code [images, size]} by name: {@code z} is the code, {@code u} the pose
     * @throws IllegalArgumentException if the images are of another size, or not in [0, 1]
     */
    public Map<String, Values> encode(Values images) {
        requireImages(images);
        return call(InferenceGraph.ENCODE, Map.of(InferenceGraph.IMAGE, images));
    }

    /**
     * Makes images of latents.
     *
     * @param latents {@code [images, size]} by name, as {@link #encode} returns them; a missing pose is the identity
     * @return means, {@code [images, height, width, channels]} in [0, 1]
     * @throws IllegalArgumentException if a latent is missing or of the wrong size
     */
    public Values decode(Map<String, Values> latents) {
        Map<String, Values> all = new LinkedHashMap<>(latents);
        Values code = latents.get("z");
        Shape pose = graph.inputs(InferenceGraph.DECODE).get(InferenceGraph.POSE);
        if (pose != null && code != null && !latents.containsKey(InferenceGraph.POSE)) {
            int size = (int) pose.get(1);
            all.put(InferenceGraph.POSE, new Values(new long[] {code.rows(), size}, new float[code.rows() * size]));
        }
        return call(InferenceGraph.DECODE, all).get(InferenceGraph.IMAGE);
    }

    /**
     * Draws images from the prior. A pose whose prior cannot be drawn from stays at the identity.
     *
     * @param draw another number draws other images
     * @return means, {@code [count, height, width, channels]} in [0, 1]
     */
    public Values sample(int count, long draw) {
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1 but was " + count);
        }
        List<Values> parts = new ArrayList<>();
        for (int start = 0; start < count; start += ROWS) {
            // Draws of different numbers are independent; so are the batches of one number.
            parts.add(graph.sample(draw * (1L << 20) + start / ROWS).get(InferenceGraph.IMAGE));
        }
        return joined(parts, count);
    }

    /**
     * Moves images by their poses; what comes in from outside is black.
     *
     * @param images {@code [images, height, width, channels]}
     * @param poses {@code [images, size]}; zero is the identity
     * @throws IllegalStateException if the model has no pose
     */
    public Values warp(Values images, Values poses) {
        if (!graph.has(InferenceGraph.WARP)) {
            throw new IllegalStateException("the model of " + run.directory() + " has no pose");
        }
        requireImages(images);
        return call(InferenceGraph.WARP, Map.of(InferenceGraph.IMAGE, images, InferenceGraph.POSE, poses))
                .get(InferenceGraph.IMAGE);
    }

    private void requireImages(Values images) {
        for (float value : images.data()) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("images must have values in [0, 1] but there is " + value);
            }
        }
    }

    private Map<String, Values> call(String function, Map<String, Values> inputs) {
        Map<String, Shape> shapes = graph.inputs(function);
        if (!inputs.keySet().equals(shapes.keySet())) {
            throw new IllegalArgumentException(function + " needs " + shapes.keySet() + " but got " + inputs.keySet());
        }
        int count = inputs.values().iterator().next().rows();
        if (count == 0) {
            throw new IllegalArgumentException("there is nothing to " + function);
        }
        inputs.forEach((name, values) -> {
            Shape row = shapes.get(name).tail();
            if (values.rows() != count || !Shape.of(values.shape()).tail().equals(row)) {
                throw new IllegalArgumentException(name + " must have shape "
                        + Shape.of(count).append(row) + " but has " + Shape.of(values.shape()));
            }
        });
        Map<String, List<Values>> parts = new LinkedHashMap<>();
        for (int start = 0; start < count; start += ROWS) {
            batch(function, inputs, shapes, start)
                    .forEach((name, values) -> parts.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(values));
        }
        Map<String, Values> outputs = new LinkedHashMap<>();
        parts.forEach((name, values) -> outputs.put(name, joined(values, count)));
        return outputs;
    }

    /** Rows that are missing in the last batch are zero. */
    private Map<String, Values> batch(
            String function, Map<String, Values> inputs, Map<String, Shape> shapes, int start) {
        Map<String, TFloat32> tensors = new LinkedHashMap<>();
        try {
            inputs.forEach((name, values) -> {
                int size = values.rowSize();
                float[] rows = new float[ROWS * size];
                int here = Math.min(ROWS, values.rows() - start);
                System.arraycopy(values.data(), start * size, rows, 0, here * size);
                tensors.put(name, TFloat32.tensorOf(shapes.get(name), DataBuffers.of(rows)));
            });
            return graph.call(function, tensors);
        } finally {
            tensors.values().forEach(TFloat32::close);
        }
    }

    private static Values joined(List<Values> parts, int count) {
        long[] shape = parts.get(0).shape().clone();
        shape[0] = count;
        int size = parts.get(0).rowSize();
        float[] data = new float[count * size];
        for (int i = 0; i < parts.size(); i++) {
            int start = i * ROWS * size;
            System.arraycopy(parts.get(i).data(), 0, data, start, Math.min(ROWS * size, data.length - start));
        }
        return new Values(shape, data);
    }

    @Override
    public void close() {
        graph.close();
    }
}
