package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.DidYouMean;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Split;
import org.equipose.core.run.EmbeddingFiles;
import org.equipose.core.spi.Values;
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
        spec.addOption(Arguments.option("split", "NAME", "train, validation or test (default: test)"))
                .addOption(Arguments.option("dataset", "NAME", "other images of the same size (default: the run's)"))
                .addOption(Arguments.options("set", "KEY=VALUE", "a setting such as dataset.folder.path=my-images"))
                .addOption(Arguments.option("to", "DIR", "where to (default: embedding in the run)"));
        TrainedRun.addPlaces(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        String name = arguments.get("split").orElse("test");
        if (!SPLITS.contains(name)) {
            throw new ConfigurationException("there is no split '" + name + "'" + DidYouMean.among(name, SPLITS));
        }
        TrainedRun run = TrainedRun.open(arguments, terminal);
        DataSets data = run.data(terminal);
        Split split =
                switch (name) {
                    case "train" -> data.train();
                    case "validation" -> data.validation();
                    default -> data.test();
                };
        String dataset = run.preparation().settings().dataset();
        if (split.count() == 0) {
            throw new ConfigurationException("the " + name + " split of " + dataset + " has no images");
        }
        Path folder = arguments.path("to").orElse(run.directory().path().resolve("embedding"));
        List<Path> files = EmbeddingFiles.write(folder, dataset + "-" + name, split.labels(), latents(run, split));
        terminal.out()
                .println(split.count() + " " + name + " images of " + dataset + ", latents at their posterior means");
        files.forEach(file -> terminal.out().println("  " + file));
        return 0;
    }

    private static Map<String, Npz.Array> latents(TrainedRun run, Split split) {
        List<String> names = new ArrayList<>();
        List<Values> found = run.loaded().trained().map(split, (net, batch) -> {
            var latents = run.loaded()
                    .trained()
                    .model()
                    .pass(net.noiseless(), batch, 1)
                    .latents();
            names.addAll(latents.keySet());
            return latents.values().stream().map(latent -> latent.parameters()).toList();
        });
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            Values values = found.get(i);
            arrays.put(names.get(i), Npz.Array.of(values.data(), values.shape()));
        }
        return arrays;
    }
}
