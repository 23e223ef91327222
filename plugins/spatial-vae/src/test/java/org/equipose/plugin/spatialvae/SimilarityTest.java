package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.PoseTransformTck;

class SimilarityTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new Similarity();
    }
}
