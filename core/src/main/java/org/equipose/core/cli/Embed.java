package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Split;
import org.equipose.core.inference.InferenceGraph;
import org.equipose.core.run.EmbeddingFiles;
import org.equipose.core.spi.PoseReading;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.core.spi.Values;
import org.equipose.core.training.TrainedModel;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import picocli.CommandLine.Model.CommandSpec;

/** Writes down the latents of images. */
final class Embed implements Verb {
    private static final List<String> SPLITS = List.of("train", "validation", "test");

    @Override
    public String name() {
        return "embed";
    }

    @Override
    public String about() {
        return "write codes and poses of images, at their posterior means and as motions, as CSV and .npy";
    }

    @Override
    public void describe(CommandSpec spec) {
        TrainedRun.addTo(spec);
        OwnPictures.addTo(spec);
        spec.addOption(Arguments.option(
                        "split",
                        "NAME",
                        "without --image: train, validation or test images of the run (default: test)"))
                .addOption(Arguments.option("dataset", "NAME", "the split of other images (default: the run's)"))
                .addOption(Arguments.options("set", "KEY=VALUE", "a setting such as dataset.folder.path=my-images"))
                .addOption(Arguments.option(
                        "to",
                        "DIR",
                        "where to (default: embedding in the run); what an earlier call wrote is replaced"));
        TrainedRun.addPlaces(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        String name = arguments.get("split").orElse("test");
        if (!SPLITS.contains(name)) {
            throw new ConfigurationException("there is no split '" + name + "'" + DidYouMean.among(name, SPLITS));
        }
        boolean own = !arguments.paths("image").isEmpty();
        boolean other = arguments.get("dataset").isPresent()
                || arguments.set().keySet().stream().anyMatch(key -> key.startsWith("dataset."));
        if (own && (other || arguments.get("split").isPresent())) {
            throw new ConfigurationException(
                    "--image names pictures of your own: leave out --split, --dataset and settings of data sets");
        }
        if (!own && (arguments.has("resize") || arguments.has("invert"))) {
            throw new ConfigurationException("--resize and --invert go with --image; a data set has settings of its own"
                    + " (run.sh describe dataset NAME)");
        }
        TrainedRun run = TrainedRun.open(arguments, terminal);
        Path folder = arguments.path("to").orElse(run.directory().embedding());
        List<Path> written;
        if (own) {
            OwnPictures pictures = OwnPictures.read(arguments, run.loaded().trained(), Integer.MAX_VALUE, terminal);
            List<String> names = pictures.files().stream().map(Path::toString).toList();
            written = write(run, folder, "own", names, pictures.images());
        } else {
            String dataset = run.preparation().settings().dataset();
            Split split = split(other ? run.otherData(terminal) : run.data(terminal), name);
            if (split.count() == 0) {
                throw new ConfigurationException("the " + name + " split of " + dataset + " has no images");
            }
            List<String> numbers = IntStream.range(0, split.count())
                    .mapToObj(Integer::toString)
                    .toList();
            written = write(run, folder, dataset + "-" + name, numbers, split);
        }
        terminal.out().println("latents at their posterior means");
        written.forEach(file -> terminal.out().println("  " + file));
        return 0;
    }

    private static Split split(DataSets data, String name) {
        return switch (name) {
            case "train" -> data.train();
            case "validation" -> data.validation();
            default -> data.test();
        };
    }

    private static List<Path> write(TrainedRun run, Path folder, String name, List<String> images, Split split)
            throws IOException {
        TrainedModel trained = run.loaded().trained();
        List<String> names = new ArrayList<>();
        List<Values> found = trained.map(split, (net, batch) -> {
            Map<String, Operand<TFloat32>> latents = InferenceGraph.latents(trained.model(), net, batch);
            names.clear(); // the section may be built more than once
            names.addAll(latents.keySet());
            List<Operand<TFloat32>> results = new ArrayList<>(latents.values());
            Operand<TFloat32> pose = latents.get(InferenceGraph.POSE);
            if (pose != null) {
                trained.transform()
                        .flatMap(transform -> PoseReading.fit(net.sub("reading"), transform, pose, batch.spec()))
                        .ifPresent(results::add);
            }
            return results;
        });
        Map<String, Npz.Array> latents = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            latents.put(
                    names.get(i), Npz.Array.of(found.get(i).data(), found.get(i).shape()));
        }
        Map<String, float[]> motions = found.size() == names.size()
                ? Map.of()
                : motions(
                        found.get(names.size()),
                        trained.transform().orElseThrow(),
                        found.get(names.indexOf(InferenceGraph.POSE)),
                        trained.image());
        return EmbeddingFiles.write(folder, name, images, split.labels(), latents, motions);
    }

    /** Returns what each pose does to the object, in columns by name. */
    private static Map<String, float[]> motions(Values fits, PoseTransform transform, Values poses, ImageSpec image) {
        List<PoseReading> readings = Arrays.stream(fits.toRows())
                .map(fit -> PoseReading.of(fit, image))
                .toList();
        Map<String, float[]> columns = new LinkedHashMap<>();
        columns.put("angle_degrees", column(readings, PoseReading::turn));
        columns.put("scale_x", column(readings, PoseReading::scaleX));
        columns.put("scale_y", column(readings, PoseReading::scaleY));
        columns.put("shear", column(readings, PoseReading::shear));
        columns.put("right_pixels", column(readings, PoseReading::right));
        columns.put("down_pixels", column(readings, PoseReading::down));
        columns.put("remainder_pixels", column(readings, PoseReading::remainder));
        if (transform instanceof SpatialTransform spatial) {
            spatial.bendingEnergy(poses.toRows())
                    .ifPresent(energies -> columns.put("bending_energy", floats(energies)));
        }
        return columns;
    }

    private static float[] column(List<PoseReading> readings, ToDoubleFunction<PoseReading> part) {
        return floats(readings.stream().mapToDouble(part).toArray());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
