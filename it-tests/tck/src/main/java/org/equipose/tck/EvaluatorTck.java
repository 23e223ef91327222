package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Trained;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Evaluator} promises. Extend, return your evaluator, and inherit the tests. */
public abstract class EvaluatorTck {
    private static final ImageSpec IMAGE = new ImageSpec(12, 12, 1);
    private static final int CLASSES = 4;

    /** For subclasses. */
    protected EvaluatorTck() {}

    /** Returns the evaluator under test, built as a user would build it, and small if it has a size. */
    protected abstract Evaluator evaluator();

    /** Returns what is evaluated; by default a {@link ToyModel} that has learned nothing. */
    protected Trained model() {
        return new FreshModel(new ToyModel(), IMAGE);
    }

    /** Returns the data; by default 40 training, 12 validation and 20 test images of four classes, 12 × 12 and grey. */
    protected DataSets data() {
        return new DataSets(split(0, 40), split(40, 12), split(52, 20));
    }

    /**
     * Returns a model whose pose is a point, of an improper prior, for evaluators that do not say they need a proper one; by
     * default a {@link ToyModel} again. Empty for an evaluator of one kind of model only.
     */
    protected Optional<Trained> modelWithAPointPose() {
        return Optional.of(new FreshModel(ToyModel.withAPointPose(), IMAGE));
    }

    private static Split split(int first, int count) {
        float[] pixels = Pictures.blobs(first + count, IMAGE);
        byte[] bytes = new byte[count * IMAGE.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(255 * pixels[first * IMAGE.size() + i]);
        }
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (first + i) % CLASSES;
        }
        return new Split(IMAGE, bytes, Optional.of(labels), Optional.empty());
    }

    private Report evaluate(Path folder, String name) throws IOException {
        return evaluator().evaluate(model(), data(), RunDirectory.create(folder.resolve(name)));
    }

    /** Checks that an evaluator that does not say it needs labels does without. */
    @Test
    public void doesWithoutLabelsUnlessItNeedsThem(@TempDir Path folder) throws IOException {
        assumeTrue(!evaluator().needs().contains(Need.LABELS), "this evaluator declares that it needs labels");
        DataSets bare =
                new DataSets(unlabelled(data().train()), unlabelled(data().validation()), unlabelled(data().test()));
        sound(attempt("labels", model(), bare, folder));
    }

    private static Split unlabelled(Split split) {
        return new Split(split.spec(), split.pixels(), Optional.empty(), Optional.empty());
    }

    /** Checks that an evaluator that does not say it needs a proper prior does without, and calls nothing an ELBO then. */
    @Test
    public void doesWithoutAPosePriorUnlessItNeedsOne(@TempDir Path folder) throws IOException {
        boolean needed = evaluator().needs().contains(Need.PROPER_POSE_PRIOR);
        assumeTrue(!needed, "this evaluator declares that it needs a proper pose prior");
        assumeTrue(modelWithAPointPose().isPresent(), "this evaluator is for one kind of model only");
        Report report = attempt("a proper pose prior", modelWithAPointPose().orElseThrow(), data(), folder);
        sound(report);
        for (Report.Measure measure : report.measures()) {
            assertFalse(
                    Set.of("elbo", "log_likelihood").contains(measure.name()),
                    () -> "given a point pose there is no " + measure.name() + ", only one _given_pose");
        }
    }

    private Report attempt(String need, Trained model, DataSets data, Path folder) throws IOException {
        try {
            return evaluator().evaluate(model, data, RunDirectory.create(folder.resolve("run")));
        } catch (RuntimeException e) {
            return fail("an evaluator that cannot do without " + need + " says so in needs(), but it threw " + e, e);
        }
    }

    /** Checks that there is a result, and that every number says what it is. */
    @Test
    public void numbersSayWhatTheyAre(@TempDir Path folder) throws IOException {
        sound(evaluate(folder, "run"));
    }

    private static void sound(Report report) {
        assertFalse(report.measures().isEmpty() && report.pictures().isEmpty(), "a report holds something");
        Set<String> names = new HashSet<>();
        for (Report.Measure measure : report.measures()) {
            String name = measure.name();
            assertTrue(
                    name.matches("[a-z][a-z0-9_]*"),
                    () -> "a measure's name is lower case with underscores, unlike " + name);
            assertFalse(measure.unit().isBlank(), () -> "a measure has a unit, " + name);
            assertFalse(measure.split().isBlank(), () -> "a measure names its images, " + name);
            assertFalse(measure.protocol().isBlank(), () -> "a measure says how it was taken, " + name);
            assertFalse(Double.isNaN(measure.value()), () -> "a measure is a number, " + name);
            assertTrue(names.add(name + " on " + measure.split()), () -> "one name and split, one measure: " + measure);
            measure.interval()
                    .ifPresent(range -> assertTrue(
                            range.low() <= measure.value() && measure.value() <= range.high(),
                            () -> "a measure lies in its interval: " + measure));
        }
    }

    /** Checks that the same model and data give the same report, to the last bit and pixel. */
    @Test
    public void theSameModelAndDataGiveTheSameReport(@TempDir Path folder) throws IOException {
        Report first = evaluate(folder, "first");
        Report second = evaluate(folder, "second");
        assertEquals(
                first.measures(), second.measures(), Check.promise("the same model and data give the same numbers"));
        assertEquals(first.pictures().size(), second.pictures().size(), "the same number of pictures");
        for (int i = 0; i < first.pictures().size(); i++) {
            BufferedImage a = first.pictures().get(i).image();
            BufferedImage b = second.pictures().get(i).image();
            String same = Check.promise("the same model and data give the same picture");
            assertEquals(List.of(a.getWidth(), a.getHeight()), List.of(b.getWidth(), b.getHeight()), same);
            for (int y = 0; y < a.getHeight(); y++) {
                for (int x = 0; x < a.getWidth(); x++) {
                    assertEquals(a.getRGB(x, y), b.getRGB(x, y), same);
                }
            }
        }
    }

    /** Checks that an evaluator changes neither the data nor the run: its caller writes the report. */
    @Test
    public void leavesDataAndRunAsTheyAre(@TempDir Path folder) throws IOException {
        DataSets data = data();
        List<String> before = hashes(data);
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        evaluator().evaluate(model(), data, run);
        assertEquals(before, hashes(data), "an evaluator does not change the data");
        try (Stream<Path> files = Files.walk(run.path())) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).toList(), "an evaluator writes nothing itself");
        }
    }

    private static List<String> hashes(DataSets data) {
        return List.of(
                data.train().hash(), data.validation().hash(), data.test().hash());
    }
}
