package org.equipose.core.cli;

import java.io.IOException;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.RunLog;
import picocli.CommandLine.Model.CommandSpec;

/** Evaluates a model that was trained. */
final class Evaluate implements Verb {

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String about() {
        return "evaluate the model of a run";
    }

    @Override
    public void describe(CommandSpec spec) {
        TrainedRun.addTo(spec);
        spec.addOption(Arguments.option("eval", "NAMES", "evaluators, separated by commas (default: those of the run)"))
                .addOption(Arguments.options("set", "KEY=VALUE", "a setting such as evaluator.samples.side=10"));
        TrainedRun.addPlaces(spec);
    }

    @Override
    @SuppressWarnings("try") // the log is open for as long as the block runs; nobody need call it
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        TrainedRun run = TrainedRun.open(arguments, terminal);
        DataSets data = run.data(terminal);
        try (RunLog log = RunLog.open(run.directory().log())) {
            Evaluations.run(
                    run.loaded().components(),
                    run.preparation().selection(),
                    run.loaded().trained(),
                    data,
                    run.directory(),
                    terminal);
            return 0;
        }
    }
}
