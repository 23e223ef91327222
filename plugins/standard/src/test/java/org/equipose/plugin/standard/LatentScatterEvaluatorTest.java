package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.tck.EvaluatorTck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentScatterEvaluatorTest extends EvaluatorTck {
    private static final ImageSpec IMAGE = new ImageSpec(3, 3, 1);

    @Override
    protected Evaluator evaluator() {
        return new LatentScatterEvaluator();
    }

    /** Single bright pixels; the code of {@link Compass} is their place: (−1, 0), (1, 0), (−1, 1) and (1, 1). */
    private static DataSets pixels(int... labels) {
        int[] places = {3, 5, 6, 8};
        byte[] pixels = new byte[4 * IMAGE.size()];
        for (int i = 0; i < 4; i++) {
            pixels[i * IMAGE.size() + places[i]] = (byte) 255;
        }
        Split split = new Split(IMAGE, pixels, Optional.of(labels), Optional.empty());
        return new DataSets(split, split);
    }

    private static Report evaluate(DataSets data, Path folder) throws Exception {
        return new LatentScatterEvaluator()
                .evaluate(new Compass(IMAGE, 1, 1), data, RunDirectory.create(folder.resolve("run")));
    }

    /** Of a total of 4 · 1 + 4 · ¼ = 5, the columns make 4 and the rows 1. */
    @Test
    void theVarianceBetweenClassesIsCounted(@TempDir Path folder) throws Exception {
        assertThat(evaluate(pixels(0, 1, 0, 1), folder.resolve("columns")).measures())
                .extracting(Report.Measure::name)
                .containsExactly("variance_shown", "variance_between_classes");
        assertThat(between(pixels(0, 1, 0, 1), folder.resolve("a"))).isCloseTo(80, within(1e-4));
        assertThat(between(pixels(0, 0, 1, 1), folder.resolve("b"))).isCloseTo(20, within(1e-4));
        assertThat(between(pixels(0, 1, 2, 3), folder.resolve("c"))).isCloseTo(100, within(1e-4));
        assertThat(between(pixels(0, 0, 0, 0), folder.resolve("d"))).isCloseTo(0, within(1e-4));
    }

    private static double between(DataSets data, Path folder) throws Exception {
        return evaluate(data, folder).measures().get(1).value();
    }

    @Test
    void aCodeOfTwoDimensionsIsShownWhole(@TempDir Path folder) throws Exception {
        assertThat(evaluate(pixels(0, 1, 0, 1), folder).measures().get(0).value())
                .isEqualTo(100);
    }

    /** The code of the toy model has four dimensions. */
    @Test
    void ofMoreDimensionsPartIsShown(@TempDir Path folder) throws Exception {
        Report report = evaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve("run")));
        assertThat(report.measures().get(0).value()).isBetween(50.0, 99.999);
        assertThat(report.pictures()).hasSize(1);
    }
}
