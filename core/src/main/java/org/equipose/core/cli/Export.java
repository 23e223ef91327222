package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.equipose.core.graph.Device;
import org.equipose.core.inference.InferenceGraph;
import org.equipose.core.inference.SavedModelFolder;
import picocli.CommandLine.Model.CommandSpec;

/** Writes a model for other programs. */
final class Export implements Verb {
    private static final int MOST = 10_000;

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String about() {
        return "write the model of a run as a TensorFlow SavedModel";
    }

    @Override
    public void describe(CommandSpec spec) {
        TrainedRun.addTo(spec);
        spec.addOption(Arguments.option("batch-size", "N", "images that go in and come out at a time (default: 1)"))
                .addOption(Arguments.option("to", "DIR", "new folder (default: export/saved_model in the run)"));
        TrainedRun.addPlugins(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        int rows = arguments.number("batch-size", 1, MOST);
        TrainedRun run = TrainedRun.open(arguments, terminal);
        Path folder = arguments.path("to").orElse(run.directory().export().resolve("saved_model"));
        // Wherever it was trained: a graph for the CPU runs everywhere.
        Device cpu = Device.cpu(run.preparation().settings().threads());
        try (InferenceGraph graph = run.loaded().functions(rows, cpu)) {
            List<String> functions = SavedModelFolder.write(folder, graph);
            terminal.out()
                    .println("functions " + String.join(", ", functions) + " for " + rows
                            + (rows == 1 ? " image" : " images")
                            + " at a time; loaded back, they give the same bits as the model itself");
        }
        terminal.out().println(folder);
        return 0;
    }
}
