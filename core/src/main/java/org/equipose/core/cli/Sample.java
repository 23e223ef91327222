package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.equipose.core.config.ConfigurationException;
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
        spec.addOption(Arguments.option("run", "DIR", "run directory of the model"))
                .addOption(Arguments.option("side", "N", "draw N times N images (default: 8)"))
                .addOption(Arguments.option("draw", "N", "another number draws other images (default: 1)"))
                .addOption(Arguments.option("file", "PNG", "where to (default: samples/draw-N.png in the run)"));
        TrainedRun.addPlaces(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        int side = number(arguments, "side", 8, MOST);
        int draw = number(arguments, "draw", 1, Integer.MAX_VALUE);
        TrainedRun run = TrainedRun.open(arguments, terminal);
        Path file = arguments.path("file").orElse(run.directory().samples().resolve("draw-" + draw + ".png"));
        Pictures.samples(run.trained().withSeed(draw), run.data().train(), side).write(file);
        terminal.out().println(file);
        return 0;
    }

    private static int number(Arguments arguments, String option, int otherwise, int most) {
        String text = arguments.get(option).orElse(Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ConfigurationException(
                option + " must be a whole number from 1 to " + most + " but was '" + text + "'");
    }
}
