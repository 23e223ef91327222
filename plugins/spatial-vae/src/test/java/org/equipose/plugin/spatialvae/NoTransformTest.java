package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.PoseTransformTck;

class NoTransformTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new NoTransform();
    }

    @Override
    protected boolean resizes() {
        return false;
    }
}
