package org.equipose.core.cli;

import java.io.IOException;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Seeds;
import org.equipose.core.data.Targets;
import org.equipose.core.wiring.Wiring;

/** The images of a run. */
final class RunData {
    private static final int MOST_HELD_OUT = 5000;

    /** Not the seed of the run: models of several seeds are scored on the same images. */
    static final long TEST_TARGETS = 20171128;

    private RunData() {}

    /**
     * Opens the data set, keeps the validation images apart and makes the targets.
     *
     * @throws ConfigurationException if there are too few training images
     * @throws IOException if a file is missing or damaged
     */
    static DataSets open(Preparation preparation, Wiring wiring, Terminal terminal) throws IOException {
        RunSettings settings = preparation.settings();
        DataSets all;
        try (ConsoleProgress progress = terminal.progress()) {
            all = wiring.dataSource().open(preparation.dataContext(true, progress));
        } catch (ConfigurationException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ConfigurationException("data set " + settings.dataset() + " cannot be opened: " + e, e);
        }
        int held =
                settings.validation().orElse(Math.min(MOST_HELD_OUT, all.train().count() / 10));
        try {
            DataSets data = all.holdOut(held, Seeds.derive(settings.seedOfData(), "validation"));
            // Dynamic targets are drawn from the grey values in every training step.
            Targets training = settings.targets() == Targets.DYNAMIC ? Targets.GREY : settings.targets();
            return new DataSets(
                    training.prepared(data.train(), Seeds.derive(settings.seedOfData(), "training targets")),
                    settings.targets()
                            .prepared(data.validation(), Seeds.derive(settings.seedOfData(), "validation targets")),
                    settings.targets().prepared(data.test(), TEST_TARGETS),
                    data.classes(),
                    data.heldOut());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage() + "; lower --validation", e);
        }
    }
}
