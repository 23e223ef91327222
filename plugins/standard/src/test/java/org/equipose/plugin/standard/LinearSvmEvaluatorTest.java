package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Trained;
import org.equipose.tck.EvaluatorTck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearSvmEvaluatorTest extends EvaluatorTck {
    private static final LinearSvmEvaluator.Settings DEFAULTS = new LinearSvmEvaluator.Settings();

    @TempDir
    Path folder;

    /** Each has a cache of its own, so that the contract compares two computations. */
    @Override
    protected Evaluator evaluator() {
        try {
            return new LinearSvmEvaluator(DEFAULTS, Files.createTempDirectory(folder, "cache"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report evaluate(LinearSvmEvaluator.Settings settings, Trained model, DataSets data) throws IOException {
        RunDirectory run =
                RunDirectory.create(Files.createTempDirectory(folder, "run").resolve("run"));
        return new LinearSvmEvaluator(settings, folder.resolve("cache")).evaluate(model, data, run);
    }

    private static List<String> names(Report report) {
        return report.measures().stream().map(Report.Measure::name).toList();
    }

    private static Report.Measure measure(Report report, String name) {
        return report.measures().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void threeRowsOnAllTrainingImages() throws IOException {
        Report report = evaluate(DEFAULTS, model(), data());
        assertThat(names(report))
                .containsExactly(
                        "test_accuracy_z",
                        "cv_accuracy_z",
                        "cv_accuracy_sd_z",
                        "c_z",
                        "test_accuracy_raw",
                        "cv_accuracy_raw",
                        "cv_accuracy_sd_raw",
                        "c_raw",
                        "test_accuracy_pca",
                        "cv_accuracy_pca",
                        "cv_accuracy_sd_pca",
                        "c_pca");
        assertThat(measure(report, "test_accuracy_z").protocol())
                .startsWith("4 posterior means of z, 52 training images, fixed targets, C = ");
        assertThat(measure(report, "test_accuracy_pca").protocol()).startsWith("4 principal components, 52 ");
        assertThat(measure(report, "cv_accuracy_raw").split()).isEqualTo("train and validation");
        assertThat(measure(report, "cv_accuracy_raw").protocol()).startsWith("9-fold cross-validation, raw pixels, ");
        assertThat(measure(report, "c_raw").protocol())
                .isEqualTo("best of [0.01, 0.1, 1.0, 10.0] in 9-fold cross-validation on 52 of 52 training images");
        Report.Measure raw = measure(report, "test_accuracy_raw");
        assertThat(raw.value() * 20 / 100).isEqualTo(Math.rint(raw.value() * 20 / 100)); // of 20 images
        assertThat(raw.interval().orElseThrow().low()).isLessThan(raw.value());
    }

    /** Two classes of images that no pixel mistakes: black ones and white ones. */
    @Test
    void pixelsThatTellTheClassAreReadWithoutAFault() throws IOException {
        Split source = data().train();
        byte[] pixels = new byte[source.pixels().length];
        int[] labels = new int[source.count()];
        for (int i = 0; i < pixels.length; i++) {
            labels[i / 144] = i / 144 % 2;
            pixels[i] = (byte) (i / 144 % 2 == 0 ? 0 : 255);
        }
        Split split = new Split(source.spec(), pixels, Optional.of(labels), Optional.empty());
        Report report = evaluate(DEFAULTS, model(), new DataSets(split, split));
        assertThat(measure(report, "test_accuracy_raw").value()).isEqualTo(100);
        assertThat(measure(report, "cv_accuracy_raw").value()).isEqualTo(100);
        assertThat(measure(report, "cv_accuracy_raw").split()).isEqualTo("train");
    }

    @Test
    void settingsAreFollowed() throws IOException {
        LinearSvmEvaluator.Settings settings = new LinearSvmEvaluator.Settings(
                OptionalDouble.of(3), OptionalDouble.empty(), 4, 10_000, false, OptionalInt.of(30));
        Report report = evaluate(settings, model(), data());
        assertThat(names(report)).containsExactly("test_accuracy_z", "cv_accuracy_z", "cv_accuracy_sd_z", "c_z");
        assertThat(measure(report, "c_z").value()).isEqualTo(3);
        assertThat(measure(report, "c_z").protocol()).isEqualTo("given");
        assertThat(measure(report, "cv_accuracy_z").protocol())
                .isEqualTo("4-fold cross-validation, 4 posterior means of z, 30 training images, fixed targets, C = 3");
        assertThat(folder.resolve("cache")).doesNotExist();
    }

    /** Folds are not shuffled: they would be others if images kept apart came last. */
    @Test
    void nothingDependsOnWhichImagesWereKeptApart() throws IOException {
        DataSets all = new DataSets(data().train(), data().test());
        Report whole = evaluate(DEFAULTS, model(), all);
        for (int seed = 1; seed <= 3; seed++) {
            Report parts = evaluate(DEFAULTS, model(), all.holdOut(12, seed));
            for (Report.Measure measure : whole.measures()) {
                assertThat(measure(parts, measure.name()).value())
                        .as(measure.name())
                        .isEqualTo(measure.value());
            }
        }
        try (Stream<Path> cached = Files.list(folder.resolve("cache"))) {
            assertThat(cached).hasSize(2);
        }
    }

    /** What is measured at another C beside the first is what it would be alone. */
    @Test
    void anotherWeightIsMeasuredBeside() throws IOException {
        OptionalInt all = OptionalInt.empty();
        OptionalDouble none = OptionalDouble.empty();
        Report both = evaluate(
                new LinearSvmEvaluator.Settings(OptionalDouble.of(0.02), OptionalDouble.of(0.5), 4, 40, true, all),
                model(),
                data());
        Report alone = evaluate(
                new LinearSvmEvaluator.Settings(OptionalDouble.of(0.5), none, 4, 40, true, all), model(), data());
        assertThat(names(both))
                .hasSize(24)
                .contains("test_accuracy_z", "test_accuracy_z_c0_5", "cv_accuracy_sd_pca_c0_5");
        assertThat(measure(both, "c_raw").value()).isEqualTo(0.02);
        for (Report.Measure expected : alone.measures()) {
            Report.Measure found = measure(both, expected.name() + "_c0_5");
            assertThat(found.value()).isEqualTo(expected.value());
            assertThat(found.protocol()).isEqualTo(expected.protocol());
        }
        assertThat(measure(both, "cv_accuracy_raw").value())
                .isNotEqualTo(measure(both, "cv_accuracy_raw_c0_5").value());
    }

    @Test
    void whatDependsOnNoModelComesFromTheCache() throws IOException {
        List<String> heard = new ArrayList<>();
        Trained watched = Disguised.heard(model(), Targets.FIXED, heard);
        Report first = evaluate(DEFAULTS, watched, data());
        assertThat(heard).contains("linear-svm raw 0 of 2132", "linear-svm raw 2132 of 2132");
        heard.clear();
        Report second = evaluate(DEFAULTS, watched, data());
        assertThat(second.measures()).isEqualTo(first.measures());
        String place = ": from cache, " + folder.resolve("cache") + " 0 of -1";
        assertThat(heard)
                .contains("linear-svm raw" + place, "linear-svm pca-4" + place, "linear-svm z 2132 of 2132")
                .noneMatch(line -> line.startsWith("linear-svm raw 0") || line.startsWith("linear-svm pca-4 0"));
        // Other images, folds or C are another result.
        LinearSvmEvaluator.Settings five = new LinearSvmEvaluator.Settings(
                OptionalDouble.empty(), OptionalDouble.empty(), 5, 10_000, true, OptionalInt.empty());
        LinearSvmEvaluator.Settings two = new LinearSvmEvaluator.Settings(
                OptionalDouble.of(2), OptionalDouble.empty(), 9, 10_000, true, OptionalInt.empty());
        for (LinearSvmEvaluator.Settings other : List.of(five, two)) {
            heard.clear();
            evaluate(other, watched, data());
            assertThat(heard).noneMatch(line -> line.contains("from cache"));
        }
        heard.clear();
        evaluate(DEFAULTS, watched, new DataSets(data().train(), data().validation(), data().train()));
        assertThat(heard).noneMatch(line -> line.contains("from cache"));
    }

    @Test
    void aCacheThatCannotBeWrittenIsNoReasonToFail() throws IOException {
        Report kept = evaluate(DEFAULTS, model(), data());
        Path cache = folder.resolve("cache");
        try (Stream<Path> files = Files.list(cache)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(cache);
        Files.createFile(cache);
        List<String> heard = new ArrayList<>();
        Report report = evaluate(DEFAULTS, Disguised.heard(model(), Targets.FIXED, heard), data());
        assertThat(report.measures()).isEqualTo(kept.measures());
        assertThat(heard)
                .anyMatch(
                        line -> line.startsWith("warning: linear-svm raw is made again next time, it cannot be kept"));
    }

    /** Training images of dynamic targets are drawn here, once, as the others were. */
    @Test
    void dynamicTargetsAreDrawn() throws IOException {
        DataSets grey = data();
        DataSets drawn = new DataSets(
                Targets.DYNAMIC.prepared(grey.train(), LinearSvmEvaluator.SEED), grey.validation(), grey.test());
        assertThat(drawn.train().hash()).isNotEqualTo(grey.train().hash());
        Report dynamic = evaluate(DEFAULTS, new Disguised(model(), Targets.DYNAMIC, Progress.SILENT), grey);
        Report fixed = evaluate(DEFAULTS, new Disguised(model(), Targets.FIXED, Progress.SILENT), drawn);
        assertThat(dynamic.measures())
                .extracting(Report.Measure::value)
                .isEqualTo(fixed.measures().stream().map(Report.Measure::value).toList());
    }

    @Test
    void needsLabels() {
        assertThat(evaluator().needs()).containsExactly(Need.LABELS);
    }

    @Test
    void refusesWhatMakesNoSense() {
        OptionalDouble any = OptionalDouble.empty();
        OptionalInt all = OptionalInt.empty();
        for (double c : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new LinearSvmEvaluator.Settings(OptionalDouble.of(c), any, 9, 100, true, all))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("c must be above 0 and finite but was " + c);
        }
        assertThatThrownBy(() -> new LinearSvmEvaluator.Settings(any, any, 1, 100, true, all))
                .hasMessage("folds must be from 2 to 100 but was 1");
        assertThatThrownBy(() -> new LinearSvmEvaluator.Settings(any, any, 9, 8, true, all))
                .hasMessage("choose-on must be at least folds = 9 but was 8");
        assertThatThrownBy(() -> new LinearSvmEvaluator.Settings(any, any, 9, 100, true, OptionalInt.of(8)))
                .hasMessage("train must be at least folds = 9 but was 8");
    }

    @Test
    void tooFewImagesAreSaid() {
        DataSets few = new DataSets(data().train().select(new int[] {0, 1, 2}), data().test());
        assertThatThrownBy(() -> evaluate(DEFAULTS, model(), few))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("9 folds need as many training images, but there are 3; lower evaluator.linear-svm.folds");
    }
}
