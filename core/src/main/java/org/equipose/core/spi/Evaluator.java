package org.equipose.core.spi;

import java.util.Set;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;

/** Measures or shows something of a trained model. */
public interface Evaluator {

    /** Returns what this evaluator cannot do without. */
    default Set<Need> needs() {
        return Set.of();
    }

    /**
     * Evaluates. The same model, data and settings give the same report.
     *
     * @param run where the model was trained; reports are written there by the caller
     */
    Report evaluate(Trained model, DataSets data, RunDirectory run);
}
