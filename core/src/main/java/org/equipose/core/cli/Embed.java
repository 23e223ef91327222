package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Split;
import org.equipose.core.inference.InferenceGraph;
import org.equipose.core.run.EmbeddingFiles;
import org.equipose.core.spi.Values;
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
        return "write codes and poses of images, at their posterior means, as CSV and .npy";
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
            written = EmbeddingFiles.write(folder, "own", names, Optional.empty(), latents(run, pictures.images()));
        } else {
            String dataset = run.preparation().settings().dataset();
            Split split = split(other ? run.otherData(terminal) : run.data(terminal), name);
            if (split.count() == 0) {
                throw new ConfigurationException("the " + name + " split of " + dataset + " has no images");
            }
            List<String> numbers = IntStream.range(0, split.count())
                    .mapToObj(Integer::toString)
                    .toList();
            written = EmbeddingFiles.write(folder, dataset + "-" + name, numbers, split.labels(), latents(run, split));
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

    private static Map<String, Npz.Array> latents(TrainedRun run, Split split) {
        List<String> names = new ArrayList<>();
        List<Values> found = run.loaded().trained().map(split, (net, batch) -> {
            Map<String, Operand<TFloat32>> latents =
                    InferenceGraph.latents(run.loaded().trained().model(), net, batch);
            names.addAll(latents.keySet());
            return List.copyOf(latents.values());
        });
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Values values = found.get(i);
            arrays.put(names.get(i), Npz.Array.of(values.data(), values.shape()));
        }
        return arrays;
    }
}
