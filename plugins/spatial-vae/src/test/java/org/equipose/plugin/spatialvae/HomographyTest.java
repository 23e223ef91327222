package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.PoseTransformTck;

class HomographyTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new Homography();
    }
}
