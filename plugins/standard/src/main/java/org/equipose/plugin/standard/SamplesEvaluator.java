package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Set;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.Trained;

/** Shows images drawn from the prior, in reference pose and in drawn pose. */
@Named("samples")
@About(value = "picture of images drawn from the prior", paper = "Vivé 2017, figures 6 to 11")
public final class SamplesEvaluator implements Evaluator {

    /** Settings. */
    public record Settings(
            @About("rows, and columns of each half of the picture")
            int side) {
        /** The defaults. */
        public Settings() {
            this(10);
        }

        /** Checks ranges. */
        public Settings {
            if (side < 1 || side > 50) {
                throw new IllegalArgumentException("side must be from 1 to 50 but was " + side);
            }
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public SamplesEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public SamplesEvaluator(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.DECODER);
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        return new Report(
                List.of(),
                List.of(new Report.Picture(
                        "",
                        Pictures.samples(model, data.train(), settings.side()).image())));
    }
}
