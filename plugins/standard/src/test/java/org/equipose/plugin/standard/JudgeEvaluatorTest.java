package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeEvaluatorTest {
    private static final ImageSpec IMAGE = new ImageSpec(8, 8, 1);

    private final List<String> heard = new ArrayList<>();

    @TempDir
    Path folder;

    @Nested
    class Contract extends EvaluatorTck {

        /** Each has a cache of its own, so that the contract compares two trainings. */
        @Override
        protected Evaluator evaluator() {
            try {
                return new JudgeEvaluator(new JudgeEvaluator.Settings(1), Files.createTempDirectory(folder, "cache"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Three classes that anybody can tell apart: a bright bar on the left, in the middle or on the right, in noise. */
    private static Split bars(int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * IMAGE.size()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(3);
            for (int p = 0; p < IMAGE.size(); p++) {
                boolean bar = p % 8 / 3 == labels[i];
                pixels[i * IMAGE.size() + p] = (byte) ((bar ? 150 : 0) + random.nextInt(100));
            }
        }
        return new Split(IMAGE, pixels, Optional.of(labels), Optional.empty());
    }

    private Report evaluate(int epochs, Split train) throws IOException {
        heard.clear();
        Split test = bars(200, 2);
        return new JudgeEvaluator(new JudgeEvaluator.Settings(epochs), folder.resolve("judge"))
                .evaluate(
                        Disguised.heard(new FreshModel(new ToyModel(), IMAGE), Targets.FIXED, heard),
                        new DataSets(train, test, test),
                        RunDirectory.create(
                                Files.createTempDirectory(folder, "run").resolve("run")));
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("judge"))) {
            return files.toList();
        }
    }

    @Test
    void aTrainedJudgeIsKept() throws IOException {
        Report first = evaluate(1, bars(250, 1));
        assertThat(heard).containsExactly("judge 0 of 3", "judge 1 of 3", "judge 2 of 3", "judge 3 of 3");
        Report second = evaluate(1, bars(250, 1));
        assertThat(heard).containsExactly("judge: from cache, " + folder.resolve("judge") + " 0 of -1");
        assertThat(second.measures()).isEqualTo(first.measures());
        // Other images or epochs are another judge.
        evaluate(1, bars(250, 3));
        assertThat(heard).contains("judge 3 of 3");
        evaluate(2, bars(250, 1));
        assertThat(heard).contains("judge 6 of 6");
        assertThat(kept()).hasSize(3);
    }

    @Test
    void aDamagedFileIsMadeAnew() throws IOException {
        Report first = evaluate(1, bars(100, 1));
        Path file = kept().get(0);
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 4;
        Files.write(file, damaged);
        Report second = evaluate(1, bars(100, 1));
        assertThat(heard)
                .containsExactly(
                        "warning: " + file + " cannot be read and is made anew: its checksum is wrong 0 of -1",
                        "judge 0 of 1",
                        "judge 1 of 1");
        assertThat(second.measures()).isEqualTo(first.measures());
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    /** A toy that has learned nothing shows grey: the judge is right as often as one in three. */
    @Test
    void theJudgeKnowsTheImagesAndSeesNothingInGrey() throws IOException {
        Report report = evaluate(2, bars(1000, 1));
        Map<String, Double> found = new HashMap<>();
        report.measures().forEach(measure -> found.put(measure.name(), measure.value()));
        assertThat(found)
                .containsOnlyKeys(
                        "accuracy_images",
                        "accuracy_own_pose",
                        "sure_of_images",
                        "entropy_of_images",
                        "classes_of_images",
                        "sure_of_samples",
                        "entropy_of_samples",
                        "classes_of_samples");
        assertThat(found.get("accuracy_images")).isGreaterThan(99);
        assertThat(found.get("accuracy_own_pose")).isLessThan(70);
        assertThat(found.get("classes_of_images")).isCloseTo(3, within(0.05));
        assertThat(found.get("entropy_of_samples")).isGreaterThan(found.get("entropy_of_images"));
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new JudgeEvaluator.Settings(0)).hasMessageContaining("epochs must be at least 1");
    }
}
