package org.equipose.plugin.standard;

import org.equipose.core.spi.Decoder;
import org.equipose.tck.DecoderTck;

class ConvDecoderContractTest extends DecoderTck {
    @Override
    protected Decoder decoder() {
        return new ConvDecoder();
    }
}
