package org.equipose.plugin.standard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Floats as they lie in memory, little-endian, and behind them the SHA-256 of their bytes.
 *
 * @param count of the floats in a file
 */
record FloatFormat(int count) implements ResultCache.Format<float[]> {
    private static final int CHECKSUM = 32;

    @Override
    public String ending() {
        return ".floats";
    }

    @Override
    public byte[] write(String key, float[] result) {
        byte[] floats = new byte[Float.BYTES * count];
        ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(result);
        return ByteBuffer.allocate(floats.length + CHECKSUM)
                .put(floats)
                .put(ResultCache.sha256(floats))
                .array();
    }

    @Override
    public float[] read(byte[] content) {
        int bytes = Float.BYTES * count;
        if (content.length != bytes + CHECKSUM) {
            throw new IllegalArgumentException("it has " + content.length + " bytes in place of " + (bytes + CHECKSUM));
        }
        byte[] floats = Arrays.copyOf(content, bytes);
        if (!Arrays.equals(ResultCache.sha256(floats), Arrays.copyOfRange(content, bytes, content.length))) {
            throw new IllegalArgumentException("its checksum is wrong");
        }
        float[] result = new float[count];
        ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(result);
        return result;
    }
}
