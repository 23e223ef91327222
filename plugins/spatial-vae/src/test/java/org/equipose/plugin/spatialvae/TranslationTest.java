package org.equipose.plugin.spatialvae;

import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseTransform;
import org.equipose.tck.PoseTransformTck;

class TranslationTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new Translation();
    }

    @Override
    protected boolean contains(Motion motion) {
        return motion.turn() == 0 && motion.scale() == 1;
    }
}
