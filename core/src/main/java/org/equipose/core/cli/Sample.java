package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.equipose.core.spi.Pictures;
import picocli.CommandLine.Model.CommandSpec;

/** Draws images from a model that was trained. */
final class Sample implements Verb {
    private static final int MOST = 50;

    @Override
    public String name() {
        return "sample";
    }

    @Override
    public String about() {
        return "draw images from the model of a run";
    }

    @Override
    public void describe(CommandSpec spec) {
        TrainedRun.addTo(spec);
        spec.addOption(Arguments.option("side", "N", "draw N times N images (default: 8)"))
                .addOption(Arguments.option("draw", "N", "another number draws other images (default: 1)"))
                .addOption(Arguments.option("file", "PNG", "where to (default: samples/draw-N.png in the run)"));
        TrainedRun.addPlaces(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        int side = arguments.number("side", 8, MOST);
        int draw = arguments.number("draw", 1, Integer.MAX_VALUE);
        TrainedRun run = TrainedRun.open(arguments, terminal);
        Path file = arguments.path("file").orElse(run.directory().samples().resolve("draw-" + draw + ".png"));
        Pictures.samples(
                        run.loaded().trained().withSeed(draw),
                        run.data(terminal).train(),
                        side)
                .write(file);
        terminal.out().println(file);
        return 0;
    }
}
