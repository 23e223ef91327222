package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportanceWeightsTest {
    @Test
    void theLogarithmOfTheMeanIsExactWhereverTheWeightsLie() {
        for (double level : new double[] {-2000, 0, 1500}) {
            ImportanceWeights weights = new ImportanceWeights(new double[] {level, level + Math.log(3)});
            assertThat(weights.logMean()).isCloseTo(level + Math.log(2), within(1e-9));
            assertThat(weights.bound()).isCloseTo(level + Math.log(3) / 2, within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 100, 1024})
    void theCurveGoesUpFromTheMeanLogarithmToTheLogarithmOfTheMean(int draws) {
        for (int seed = 0; seed < 50; seed++) {
            double[] logs = logs(new Random(seed), draws, 8);
            double[] curve = new ImportanceWeights(logs.clone()).curve();
            ImportanceWeights used = new ImportanceWeights(Arrays.copyOf(logs, Integer.highestOneBit(draws)));
            assertThat(used.logs()).hasSize(1 << (curve.length - 1));
            assertThat(curve[0]).isCloseTo(used.bound(), within(1e-9));
            assertThat(curve[curve.length - 1]).isCloseTo(used.logMean(), within(1e-9));
            for (int i = 1; i < curve.length; i++) {
                assertThat(curve[i]).isGreaterThanOrEqualTo(curve[i - 1]);
            }
        }
    }

    @Test
    void theCurveAveragesOverDisjointBlocks() {
        double[] logs = {0, 1, 2, 3};
        double pairs = (Math.log((1 + Math.E) / 2) + Math.log((Math.exp(2) + Math.exp(3)) / 2)) / 2;
        assertThat(new ImportanceWeights(logs).curve()[1]).isCloseTo(pairs, within(1e-12));
        assertThat(logs).containsExactly(0, 1, 2, 3);
    }

    @ParameterizedTest(name = "deviation {0} of log w")
    @ValueSource(doubles = {0.3, 2})
    void theVarianceIsThatOfManyEstimates(double deviation) {
        Random random = new Random(1);
        int repetitions = 5000;
        double[] estimates = new double[repetitions];
        double claimed = 0;
        for (int i = 0; i < repetitions; i++) {
            ImportanceWeights weights = new ImportanceWeights(logs(random, 200, deviation));
            estimates[i] = weights.logMean();
            claimed += weights.variance() / repetitions;
        }
        double mean = Arrays.stream(estimates).average().orElseThrow();
        double variance =
                Arrays.stream(estimates).map(e -> (e - mean) * (e - mean)).sum() / repetitions;
        assertThat(claimed / variance).isBetween(0.7, 1.1);
    }

    private static double[] logs(Random random, int draws, double deviation) {
        return random.doubles(draws)
                .map(any -> -90 + deviation * random.nextGaussian())
                .toArray();
    }
}
