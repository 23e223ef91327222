package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.Trained;
import org.equipose.plugin.standard.PoseRecoveryEvaluator.Settings;
import org.equipose.tck.EvaluatorTck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoseRecoveryEvaluatorTest extends EvaluatorTck {
    private static final ImageSpec IMAGE = new ImageSpec(25, 25, 1);
    private static final Settings SMALL = new Settings(20, 5, 60, List.of(0, 1, 8), 1);

    @Override
    protected Evaluator evaluator() {
        return new PoseRecoveryEvaluator(SMALL);
    }

    /** Soft spots 8 pixels from the centre, each in its own direction; classes 0 to 4 in turn. */
    private static DataSets spots(double largestTurn) {
        int count = 20;
        byte[] pixels = new byte[count * IMAGE.size()];
        int[] labels = new int[count];
        float[][] poses = new float[count][];
        SplittableRandom random = new SplittableRandom(2);
        byte[] spot = new byte[IMAGE.size()];
        for (int p = 0; p < spot.length; p++) {
            int row = p / 25;
            double distance = Math.hypot(p % 25 - 20, row - 12);
            spot[p] = (byte) Math.round(250 * Math.exp(-distance * distance / 4));
        }
        for (int i = 0; i < count; i++) {
            double turn = largestTurn * (2 * random.nextDouble() - 1);
            System.arraycopy(new Motion(0, 0, turn, 1).move(spot, IMAGE), 0, pixels, i * IMAGE.size(), IMAGE.size());
            labels[i] = i % 5;
            poses[i] = new float[] {0, 0, (float) turn, 1};
        }
        Split split = new Split(IMAGE, pixels, Optional.of(labels), Optional.of(poses));
        return new DataSets(split, split);
    }

    private static DataSets withoutPoses(DataSets data) {
        Split bare = new Split(IMAGE, data.test().pixels(), data.test().labels(), Optional.empty());
        return new DataSets(bare, bare);
    }

    private static Map<String, Double> measures(Trained model, DataSets data, Path folder) throws Exception {
        return new PoseRecoveryEvaluator(SMALL)
                        .evaluate(model, data, RunDirectory.create(folder.resolve("run-" + System.nanoTime())))
                        .measures()
                        .stream()
                        .collect(Collectors.toMap(Report.Measure::name, Report.Measure::value));
    }

    @Test
    void whatSeesTheTurnRecoversIt(@TempDir Path folder) throws Exception {
        for (DataSets data : List.of(spots(90), withoutPoses(spots(90)))) {
            Map<String, Double> found = measures(new Compass(IMAGE, 1, 1), data, folder);
            assertThat(found.get("median_residual")).isLessThan(0.5);
            assertThat(found).containsEntry("slope_near_one", 100.0);
            for (int label = 0; label < 5; label++) {
                assertThat(found).containsEntry("failures_class_" + label, 0.0);
            }
            assertThat(found).doesNotContainKey("failures_class_5");
        }
    }

    @Test
    void aPoseThatTurnsHalfAsFarFails(@TempDir Path folder) throws Exception {
        Map<String, Double> found = measures(new Compass(IMAGE, 1, 0.5f), spots(0), folder);
        assertThat(found).containsEntry("slope_near_one", 0.0).containsEntry("failures_class_3", 100.0);
        // Half of 60, 30, 0, 30 and 60 degrees.
        assertThat(found.get("median_residual")).isCloseTo(15, within(0.5));
    }

    /** Images whose pose is known are seen at the same angles, so that one linear map of the centre is all it takes. */
    @Test
    void theRegressionFindsWhatIsInTheCode(@TempDir Path folder) throws Exception {
        Map<String, Double> knowing = measures(new Compass(IMAGE, 1, 1), spots(90), folder);
        assertThat(knowing.get("median_residual_from_code")).isLessThan(1);
        assertThat(knowing).containsEntry("slope_near_one_from_code", 100.0);
        Map<String, Double> blind = measures(new Compass(IMAGE, 0, 1), spots(90), folder);
        // A constant is off by 60, 30, 0, 30 and 60 degrees.
        assertThat(blind.get("median_residual_from_code")).isCloseTo(30, within(0.5));
        assertThat(blind).containsEntry("slope_near_one_from_code", 0.0);
    }

    @Test
    void aModelWithoutAPoseHasTheRegressionAlone(@TempDir Path folder) throws Exception {
        Report report = evaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve("run")));
        assertThat(report.measures())
                .extracting(Report.Measure::name)
                .containsExactly("median_residual_from_code", "slope_near_one_from_code");
        assertThat(report.pictures()).isEmpty();
    }

    @Test
    void picturesAreDrawnOfAPose(@TempDir Path folder) throws Exception {
        Report report =
                evaluator().evaluate(new Compass(IMAGE, 1, 1), spots(90), RunDirectory.create(folder.resolve("run")));
        assertThat(report.pictures()).extracting(Report.Picture::name).containsExactly("", "turned");
        // Images of classes 2, 3 and 4, three rows each.
        assertThat(report.pictures().get(1).image().getHeight()).isGreaterThan(9 * 50);
    }

    private static Report all(List<Integer> symmetric, DataSets data, Path folder) throws Exception {
        return new PoseRecoveryEvaluator(new Settings(20, 5, 60, symmetric, 1))
                .evaluate(new Compass(IMAGE, 1, 1), data, RunDirectory.create(folder.resolve("run")));
    }

    /** Where all images look alike when turned, there is no share to give, and no class to show. */
    @Test
    void whereNoClassTellsItsTurnTheRestIsReported(@TempDir Path folder) throws Exception {
        Report report = all(List.of(0, 1, 2, 3, 4), spots(90), folder);
        assertThat(report.measures())
                .extracting(Report.Measure::name)
                .containsExactly(
                        "median_residual",
                        "failures_class_0",
                        "failures_class_1",
                        "failures_class_2",
                        "failures_class_3",
                        "failures_class_4",
                        "median_residual_from_code");
        assertThat(report.pictures()).extracting(Report.Picture::name).containsExactly("");
    }

    /** Only the user knows which classes look alike when turned; without a word all are counted. */
    @Test
    void noClassIsLeftOutUnlessItIsNamed(@TempDir Path folder) throws Exception {
        assertThat(new Settings().symmetric()).isEmpty();
        Report report = all(List.of(), spots(90), folder);
        assertThat(report.measures().get(1).name()).isEqualTo("slope_near_one");
        assertThat(report.measures())
                .allSatisfy(measure -> assertThat(measure.protocol()).doesNotContain("classes"));
    }

    @Test
    void theProtocolTellsWhenImagesWereTurnedTwice(@TempDir Path folder) throws Exception {
        String twice = "interpolated twice";
        assertThat(all(List.of(), spots(90), folder.resolve("known"))
                        .measures()
                        .get(0)
                        .protocol())
                .contains(twice);
        assertThat(all(List.of(), spots(0), folder.resolve("upright"))
                        .measures()
                        .get(0)
                        .protocol())
                .doesNotContain(twice);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new Settings(1, 13, 60, List.of(), 1))
                .hasMessage("images must be at least 2 but was 1");
        assertThatThrownBy(() -> new Settings(10, 1, 60, List.of(), 1))
                .hasMessage("angles must be from 2 to 361 but was 1");
        assertThatThrownBy(() -> new Settings(10, 13, 200, List.of(), 1))
                .hasMessage("range must be above 0 and at most 180 degrees but was 200.0");
    }
}
