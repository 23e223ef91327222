package org.equipose.plugin.mutualinformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.LinearGaussian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualInformationEvaluatorTest extends EvaluatorTck {
    private static final int IMAGES = 4000;

    @TempDir
    Path folder;

    @Override
    protected Evaluator evaluator() {
        return new MutualInformationEvaluator();
    }

    private Map<String, Report.Measure> measures(RunDirectory run) {
        Split images = new Split(
                LinearGaussian.IMAGE,
                new byte[IMAGES * LinearGaussian.IMAGE.size()],
                Optional.empty(),
                Optional.empty());
        MutualInformationEvaluator evaluator = new MutualInformationEvaluator(new MutualInformationEvaluator.Settings(
                OptionalInt.of(2), Optional.of(DecodedImage.SAMPLE), Optional.empty()));
        Report report = evaluator.evaluate(
                new FreshModel(LinearGaussian.withExactPosterior(), LinearGaussian.IMAGE),
                new DataSets(images, images),
                run);
        Map<String, Report.Measure> measures = new LinkedHashMap<>();
        report.measures().forEach(measure -> measures.put(measure.name(), measure));
        return measures;
    }

    @Test
    void boundsOfAKnownChannelAreItsInformation() throws Exception {
        Map<String, Report.Measure> found = measures(RunDirectory.create(folder.resolve("run")));
        double chosen = LinearGaussian.information(0) + LinearGaussian.information(1);
        double rest = LinearGaussian.information(2);
        assertThat(found.keySet())
                .containsExactly(
                        "mi_c",
                        "mi_c_standard_error",
                        "mi_rest",
                        "mi_rest_standard_error",
                        "mi_all",
                        "mi_all_standard_error");
        Map.of("mi_c", chosen, "mi_rest", rest, "mi_all", chosen + rest).forEach((name, expected) -> {
            double error = found.get(name + "_standard_error").value();
            assertThat(error).isBetween(1e-3, 0.03);
            assertThat(found.get(name).value()).as(name).isCloseTo(expected, within(2.5 * error));
            assertThat(found.get(name).interval().orElseThrow().high()
                            - found.get(name).value())
                    .isCloseTo(1.96 * error, within(1e-3));
        });
        assertThat(found.get("mi_c").protocol())
                .isEqualTo("lower bound, 4000 codes from the prior, recognised by their drawn images");
    }

    @Test
    void tellsTheCourseOfATrainingThatFollowedIt() throws Exception {
        RunDirectory run = RunDirectory.create(folder.resolve("followed"));
        Files.writeString(run.metrics(), """
                epoch,step,train/reconstruction,train/mi,train/mi_rest
                1,10,200,3,2
                2,20,150,8,1
                3,30,120,9,3
                4,40,110,8,5
                """);
        Map<String, Report.Measure> found = measures(run);
        // 200, 150, 120, 110 against 5, 9, 12, 13.
        assertThat(found.get("duality").value()).isCloseTo(-1, within(1e-9));
        assertThat(found.get("duality").protocol())
                .isEqualTo("reconstruction error against the bound for all of the code, 4 epochs");
    }
}
