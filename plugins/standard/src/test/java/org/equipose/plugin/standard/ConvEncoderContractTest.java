package org.equipose.plugin.standard;

import org.equipose.core.spi.Encoder;
import org.equipose.tck.EncoderTck;

class ConvEncoderContractTest extends EncoderTck {
    @Override
    protected Encoder encoder() {
        return new ConvEncoder();
    }
}
