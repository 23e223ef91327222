package org.equipose.tck;

import static org.equipose.tck.Faults.caught;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit passes an evaluator of likelihoods, and catches each of these faults. */
class EvaluatorTckTest extends EvaluatorTck {
    @Override
    protected Evaluator evaluator() {
        return EvaluatorTckTest::score;
    }

    private static Report score(Trained model, DataSets data, RunDirectory run) {
        List<Values> values = model.map(
                data.test(),
                (net, batch) -> List.of(net.ops()
                        .reshape(
                                model.model().pass(net, batch, 1).logLikelihood(),
                                net.ops().constant(new long[] {batch.size()}))));
        int drawn = model.run(net -> List.of(
                        model.model().prior(net, 3, model.image()).get("z").parameters()))
                .get(0)
                .rows();
        return report(values.get(0).mean(), drawn + values.get(0).rows());
    }

    private static Report report(double value, int width) {
        return new Report(
                List.of(new Report.Measure("score", value, "nats per image", "test", "one draw")),
                List.of(new Report.Picture("", new BufferedImage(width, 2, BufferedImage.TYPE_BYTE_GRAY))));
    }

    private static EvaluatorTck kit(Evaluator faulty) {
        return new EvaluatorTck() {
            @Override
            protected Evaluator evaluator() {
                return faulty;
            }
        };
    }

    @Test
    void catchesNumbersThatChange(@TempDir Path folder) {
        AtomicInteger calls = new AtomicInteger();
        EvaluatorTck kit = kit((model, data, run) -> report(calls.incrementAndGet(), 2));
        caught("the same model and data give the same numbers", () -> kit.theSameModelAndDataGiveTheSameReport(folder));
    }

    @Test
    void catchesPicturesThatChange(@TempDir Path folder) {
        AtomicInteger calls = new AtomicInteger();
        EvaluatorTck kit = kit((model, data, run) -> {
            Report report = report(1, 2);
            report.pictures().get(0).image().setRGB(1, 1, calls.incrementAndGet() * 0x101010);
            return report;
        });
        caught("the same model and data give the same picture", () -> kit.theSameModelAndDataGiveTheSameReport(folder));
    }

    @Test
    void catchesNumbersThatSayNothing(@TempDir Path folder) {
        EvaluatorTck undefined = kit((model, data, run) -> report(Double.NaN, 2));
        caught("a measure is a number, score", () -> undefined.numbersSayWhatTheyAre(folder.resolve("a")));
        EvaluatorTck outside = kit((model, data, run) -> new Report(
                List.of(new Report.Measure(
                        "score", 1, "nats", "test", "by hand", Optional.of(new Report.Interval(2, 3)))),
                List.of()));
        caught("a measure lies in its interval", () -> outside.numbersSayWhatTheyAre(folder.resolve("b")));
        EvaluatorTck empty = kit((model, data, run) -> new Report(List.of(), List.of()));
        caught("a report holds something", () -> empty.numbersSayWhatTheyAre(folder.resolve("c")));
    }

    @Test
    void catchesFilesAndChangedImages(@TempDir Path folder) {
        EvaluatorTck writing = kit((model, data, run) -> {
            try {
                Files.writeString(run.path().resolve("score.txt"), "1");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return report(1, 2);
        });
        caught("an evaluator writes nothing itself", () -> writing.leavesDataAndRunAsTheyAre(folder.resolve("a")));
        EvaluatorTck changing = kit((model, data, run) -> {
            data.test().pixels()[0]++;
            return report(1, 2);
        });
        caught("an evaluator does not change the data", () -> changing.leavesDataAndRunAsTheyAre(folder.resolve("b")));
    }

    @Test
    void catchesANeedThatIsNotDeclared(@TempDir Path folder) {
        EvaluatorTck labels =
                kit((model, data, run) -> report(data.test().labels().orElseThrow()[0], 2));
        caught(
                "cannot do without labels says so in needs()",
                () -> labels.doesWithoutLabelsUnlessItNeedsThem(folder.resolve("a")));
        EvaluatorTck pose = kit((model, data, run) -> {
            model.run(net ->
                    List.of(model.model().prior(net, 3, model.image()).get("u").parameters()));
            return report(1, 2);
        });
        caught(
                "cannot do without a proper pose prior says so in needs()",
                () -> pose.doesWithoutAPosePriorUnlessItNeedsOne(folder.resolve("b")));
    }

    @Test
    void catchesABoundThatIsNone(@TempDir Path folder) {
        EvaluatorTck kit = kit((model, data, run) ->
                new Report(List.of(new Report.Measure("elbo", -3, "nats per image", "test", "one draw")), List.of()));
        caught(
                "given a point pose there is no elbo, only one _given_pose",
                () -> kit.doesWithoutAPosePriorUnlessItNeedsOne(folder));
    }
}
