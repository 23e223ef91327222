package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.equipose.core.data.ImageSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalAxisTest {
    private static final ImageSpec SPEC = new ImageSpec(41, 41, 1);

    @ParameterizedTest(name = "a blob at {0} degrees")
    @ValueSource(ints = {-80, -45, -10, 0, 20, 45, 70, 90})
    void findsTheDirectionOfAnElongatedBlob(int degrees) {
        double found = PrincipalAxis.angle(blob(Math.toRadians(degrees)), SPEC);
        // An axis is known up to half a turn.
        assertThat(Math.sin(found - Math.toRadians(degrees))).isCloseTo(0, within(1e-3));
    }

    @Test
    void aNormalSpreadIsMeasuredAsItsStandardDeviation() {
        Random random = new Random(3);
        List<Double> angles = IntStream.range(0, 20_000)
                .mapToObj(i -> Math.toRadians(85 + 12 * random.nextGaussian()))
                .toList();
        assertThat(PrincipalAxis.standardDeviation(angles)).isCloseTo(12, within(0.2));
    }

    @Test
    void anAxisAndItsReverseAreOneDirection() {
        assertThat(PrincipalAxis.standardDeviation(List.of(0.3, 0.3 + Math.PI, 0.3 - Math.PI)))
                .isCloseTo(0, within(1e-5));
    }

    private static float[] blob(double angle) {
        float[] image = new float[SPEC.size()];
        for (int i = 0; i < image.length; i++) {
            int column = i % 41;
            int row = i / 41;
            double x = column - 20.0;
            double y = row - 20.0;
            double along = x * Math.cos(angle) + y * Math.sin(angle);
            double across = -x * Math.sin(angle) + y * Math.cos(angle);
            image[i] = (float) Math.exp(-along * along / 72 - across * across / 8);
        }
        return image;
    }
}
