package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.plugin.standard.TraversalEvaluator.Settings;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraversalEvaluatorTest extends EvaluatorTck {
    @Override
    protected Evaluator evaluator() {
        return new TraversalEvaluator(new Settings(3, 18, 5, 3));
    }

    @Test
    void theDimensionsThatVaryMostComeFirst(@TempDir Path folder) throws Exception {
        Report all = new TraversalEvaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve("all")));
        assertThat(all.measures())
                .hasSize(4)
                .isSortedAccordingTo(Comparator.comparingDouble((Report.Measure measure) -> -measure.value()));
        Report three = evaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve("three")));
        assertThat(three.measures()).isEqualTo(all.measures().subList(0, 3));
    }

    /** An improper prior has no scale of its own: its posterior means have variance one in theirs. */
    @Test
    void aPoseFollowsTheCode(@TempDir Path folder) throws Exception {
        Report report = evaluator()
                .evaluate(modelWithAPointPose().orElseThrow(), data(), RunDirectory.create(folder.resolve("run")));
        assertThat(report.measures()).hasSize(4);
        assertThat(report.measures().get(3).name()).isEqualTo("variance_u_0");
        assertThat(report.measures().get(3).value()).isEqualTo(1);
    }

    /** The image in the middle of each row is the same, at the means; the others are not. */
    @Test
    void everyRowGoesThroughTheMean(@TempDir Path folder) throws Exception {
        BufferedImage picture = evaluator()
                .evaluate(model(), data(), RunDirectory.create(folder.resolve("run")))
                .pictures()
                .get(0)
                .image();
        // Images of 12 × 12, five times as large, with lines of 2 pixels; captions to the left and above.
        int step = 12 * 5 + 2;
        int top = picture.getHeight() - 12 - 3 * step;
        int left = 0;
        while ((picture.getRGB(left, top) & 0xffffff) != 0x9a9a9a) { // the line around the first image
            left++;
        }
        left += 2;
        List<int[]> middle = Arrays.asList(
                tile(picture, left + 2 * step, top),
                tile(picture, left + 2 * step, top + step),
                tile(picture, left + 2 * step, top + 2 * step));
        assertThat(middle.get(1)).isEqualTo(middle.get(0));
        assertThat(middle.get(2)).isEqualTo(middle.get(0));
        assertThat(tile(picture, left, top)).isNotEqualTo(middle.get(0));
        assertThat(tile(picture, left, top)).isNotEqualTo(tile(picture, left, top + step));
        assertThat(tile(picture, left, top)).isNotEqualTo(tile(picture, left + 4 * step, top));
    }

    private static int[] tile(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y, 60, 60, null, 0, 60);
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new Settings(0, 0, 11, 3)).hasMessage("code + pose must be at least 1 but was 0");
        assertThatThrownBy(() -> new Settings(10, 18, 1, 3)).hasMessage("steps must be from 2 to 51 but was 1");
        assertThatThrownBy(() -> new Settings(10, 18, 11, 0))
                .hasMessage("range must be above 0 and at most 100 but was 0.0");
    }

    /** A model with no pose, told to show poses alone, has nothing to show, and says so. */
    @Test
    void nothingToShowIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> new TraversalEvaluator(new Settings(0, 18, 11, 3))
                        .evaluate(
                                new FreshModel(new ToyModel(), new ImageSpec(12, 12, 1)),
                                data(),
                                RunDirectory.create(folder.resolve("run"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("evaluator.traversal.code");
    }
}
