package org.equipose.plugin.mutualinformation;

import java.util.OptionalInt;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.PoseDraw;
import org.equipose.tck.ObjectiveTck;

class DrawnImagesContractTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new MutualInformation(
                new MutualInformation.Settings(OptionalInt.of(3), DecodedImage.SAMPLE, false, PoseDraw.MEAN));
    }

    @Override
    protected boolean isDifferentiable() {
        return false;
    }
}
