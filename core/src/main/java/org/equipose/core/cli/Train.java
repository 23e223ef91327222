package org.equipose.core.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.equipose.core.data.DataSets;
import org.equipose.core.wiring.Components;
import org.equipose.core.wiring.Selection;
import org.equipose.core.wiring.Wiring;
import picocli.CommandLine.Model.CommandSpec;

/** Trains a model. */
final class Train implements Verb {

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String about() {
        return "train a model; this is also what happens without a verb";
    }

    @Override
    public void describe(CommandSpec spec) {
        RunOptions.addTo(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        Preparation preparation = Preparation.of(arguments);
        preparation.warnings().forEach(terminal::warn);
        print(preparation.selection(), terminal.out());
        Wiring wiring = new Wiring(preparation.selection());
        DataSets data = wiring.dataSource().open(preparation.dataContext(true, terminal.progress()));
        Components components = wiring.components();
        // TRAINING STARTS HERE with preparation, data and components.
        terminal.out()
                .println(data.train().count() + " training images of " + data.spec() + ", "
                        + components.objectives().size() + " objectives");
        return 0;
    }

    private static void print(Selection selection, PrintStream out) {
        selection
                .parts()
                .forEach(part -> out.printf(
                        "%-12s %s%n", part.role().name(), part.component().name()));
    }
}
