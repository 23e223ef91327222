package org.equipose.plugin.standard;

import org.equipose.core.spi.Evaluator;
import org.equipose.tck.EvaluatorTck;

class ReconstructionEvaluatorTest extends EvaluatorTck {
    @Override
    protected Evaluator evaluator() {
        return new ReconstructionEvaluator();
    }
}
