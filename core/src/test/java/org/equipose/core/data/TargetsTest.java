package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetsTest {

    private static final long SEED = 5;

    private final Split everyValue = new Split(new ImageSpec(16, 16, 1), values(), Optional.empty(), Optional.empty());

    private static byte[] values() {
        byte[] values = new byte[256];
        for (int i = 0; i < 256; i++) {
            values[i] = (byte) i;
        }
        return values;
    }

    @Test
    void greyChangesNothing() {
        assertThat(Targets.GREY.prepared(everyValue, SEED)).isSameAs(everyValue);
    }

    @Test
    void thresholdIsExact() {
        byte[] pixels = Targets.THRESHOLD.prepared(everyValue, SEED).pixels();
        for (int i = 0; i < 256; i++) {
            assertThat(pixels[i] & 0xff).as("value %d", i).isEqualTo(i / 255.0 > 0.5 ? 255 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FIXED", "DYNAMIC"})
    void drawsHaveTheGreyValueAsTheirMean(Targets targets) {
        int draws = 20_000;
        for (int value : new int[] {0, 1, 64, 127, 128, 254, 255}) {
            byte[] pixels = new byte[draws];
            Arrays.fill(pixels, (byte) value);
            Split split = new Split(new ImageSpec(1, 1, 1), pixels, Optional.empty(), Optional.empty());
            int white = 0;
            for (byte drawn : targets.prepared(split, SEED).pixels()) {
                assertThat(drawn).isIn((byte) 0, (byte) 255);
                white += drawn == 0 ? 0 : 1;
            }
            double mean = value / 255.0;
            // Five standard deviations, and none at all where the outcome is certain.
            double most = 5 * Math.sqrt(mean * (1 - mean) / draws);
            assertThat(white / (double) draws)
                    .as("value %d, seed %d", value, SEED)
                    .isCloseTo(mean, within(most));
        }
    }

    @Test
    void drawsAreFixedByTheSeed() {
        byte[] once = Targets.FIXED.prepared(everyValue, SEED).pixels();
        assertThat(Targets.FIXED.prepared(everyValue, SEED).pixels()).isEqualTo(once);
        assertThat(Targets.FIXED.prepared(everyValue, SEED + 1).pixels()).isNotEqualTo(once);
    }

    @Test
    void keepsWhatIsKnownOfTheImages() {
        int[] labels = {3};
        float[][] poses = {{1, 2}};
        Split split = new Split(everyValue.spec(), everyValue.pixels(), Optional.of(labels), Optional.of(poses));
        Split prepared = Targets.FIXED.prepared(split, SEED);
        assertThat(prepared.labels()).contains(labels);
        assertThat(prepared.poses()).contains(poses);
    }
}
