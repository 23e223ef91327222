package org.equipose.plugin.standard;

import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.PoseDraw;
import org.equipose.tck.EvaluatorTck;

class SamplesEvaluatorTest extends EvaluatorTck {
    @Override
    protected Evaluator evaluator() {
        return new SamplesEvaluator(new SamplesEvaluator.Settings(3, PoseDraw.MEAN, PoseDraw.BATCH));
    }
}
