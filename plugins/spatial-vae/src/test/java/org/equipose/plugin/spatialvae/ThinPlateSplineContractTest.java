package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.PoseTransformTck;

class ThinPlateSplineContractTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new ThinPlateSpline();
    }
}
