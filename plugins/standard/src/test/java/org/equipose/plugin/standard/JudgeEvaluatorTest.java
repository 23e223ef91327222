package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
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

    @Nested
    class Contract extends EvaluatorTck {
        @Override
        protected Evaluator evaluator() {
            return new JudgeEvaluator(new JudgeEvaluator.Settings(1));
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

    /** A toy that has learned nothing shows grey: the judge is right as often as one in three. */
    @Test
    void theJudgeKnowsTheImagesAndSeesNothingInGrey(@TempDir Path folder) throws IOException {
        Split test = bars(200, 2);
        Report report = new JudgeEvaluator(new JudgeEvaluator.Settings(2))
                .evaluate(
                        new FreshModel(new ToyModel(), IMAGE),
                        new DataSets(bars(1000, 1), test, test),
                        RunDirectory.create(folder.resolve("run")));
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
