package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SvmStudyTest {

    /** Class 1 lies above zero; one pair of images in so many has its labels exchanged. */
    private static Examples line(int count, int wrong) {
        float[][] codes = new float[count][1];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            codes[i][0] = i % 2 == 0 ? -1 : 1;
            labels[i] = i / 2 % wrong == 0 ? 1 - i % 2 : i % 2;
        }
        return Examples.ofCodes(codes, labels);
    }

    @Test
    void countsWhatIsPredicted() {
        SvmResult result = new SvmStudy(OptionalDouble.of(1), 5, 100).of(line(400, 4), line(200, 5), fitted -> {});
        assertThat(result.c()).isEqualTo(1);
        assertThat(result.crossValidated()).isCloseTo(0.75, within(1e-12));
        assertThat(result.test().successes()).isEqualTo(160);
        assertThat(result.test().trials()).isEqualTo(200);
    }

    @Test
    void allCsAreEqualHereAndTheSmallestIsTaken() {
        assertThat(new SvmStudy(OptionalDouble.empty(), 5, 100)
                        .of(line(400, 4), line(200, 5), fitted -> {})
                        .c())
                .isEqualTo(0.01);
    }

    /** With a small C the bias wins: the rarer class, close to zero, is never predicted. */
    @Test
    void choosesACThatFitsWhereTheSmallestDoesNot() {
        float[][] codes = new float[90][1];
        int[] labels = new int[90];
        for (int i = 0; i < 90; i++) {
            labels[i] = i % 9 == 0 ? 1 : 0;
            codes[i][0] = labels[i] == 1 ? 0.3f : -0.3f;
        }
        Examples rare = Examples.ofCodes(codes, labels);
        assertThat(CrossValidation.of(rare, 9, 0.01, fitted -> {}).mean()).isLessThan(0.9);
        SvmResult result = new SvmStudy(OptionalDouble.empty(), 9, 90).of(rare, rare, fitted -> {});
        assertThat(result.c()).isGreaterThan(0.01);
        assertThat(result.crossValidated()).isEqualTo(1);
        assertThat(result.deviation()).isZero();
    }

    @Test
    void saysBeforehandHowMuchThereIsToDo() {
        for (OptionalDouble c : List.of(OptionalDouble.empty(), OptionalDouble.of(1))) {
            List<Long> fits = new ArrayList<>();
            SvmStudy study = new SvmStudy(c, 3, 20);
            study.of(line(40, 4), line(20, 5), fits::add);
            assertThat(fits).hasSize(c.isPresent() ? 4 : 16);
            assertThat(fits.stream().mapToLong(Long::longValue).sum()).isEqualTo(study.work(40));
        }
    }

    @Test
    void deviationIsThatOfTheFoldsThemselves() {
        CrossValidation folds = new CrossValidation(new double[] {0.5, 0.7, 0.9});
        assertThat(folds.mean()).isCloseTo(0.7, within(1e-15));
        assertThat(folds.standardDeviation()).isCloseTo(Math.sqrt(0.08 / 3), within(1e-15));
    }

    @Test
    void samplesDifferentImagesInOrder() {
        int[] sample = SvmStudy.sample(1000, 300);
        assertThat(sample).hasSize(300).isSorted().doesNotHaveDuplicates();
        assertThat(sample[299]).isBetween(900, 999);
        assertThat(SvmStudy.sample(1000, 300)).isEqualTo(sample);
    }
}
