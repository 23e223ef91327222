package org.equipose.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.Progress;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Term;
import org.equipose.core.wiring.Components;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Trains a tiny model (40 images, 5 steps an epoch, seed 7). */
class TrainerTest {
    @TempDir
    Path folder;

    @Test
    void theBoundRisesAndItsPartsAddUp() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("a"));
        Trainer.Outcome outcome =
                trainer(Linear.settings("epochs=30"), run, () -> false).train();
        assertThat(outcome.finished()).isTrue();
        assertThat(outcome.steps()).isEqualTo(150);
        List<MetricsFile.Row> rows = MetricsFile.read(run.metrics());
        assertThat(rows).hasSize(30);
        assertThat(rows.get(29).values().get("val/elbo"))
                .isGreaterThan(rows.get(0).values().get("val/elbo") + 0.3);
        for (MetricsFile.Row row : rows) {
            for (String split : List.of("train/", "val/")) {
                double sum = row.values().get(split + "reconstruction")
                        + row.values().get(split + "kl_z");
                assertThat(row.values().get(split + "elbo"))
                        .isCloseTo(-sum, org.assertj.core.api.Assertions.within(1e-4));
            }
        }
        assertThat(run.samples().resolve("epoch-030.png")).isNotEmptyFile();
        assertThat(run.reconstructions().resolve("epoch-030.png")).isNotEmptyFile();
    }

    @ParameterizedTest(name = "stopped after {0} of 15 steps")
    @ValueSource(ints = {1, 4, 5, 7, 10, 14})
    void aTrainingThatWasStoppedEndsWithTheSameBits(int stopAfter) throws IOException {
        RunDirectory whole = RunDirectory.create(folder.resolve("whole"));
        trainer(Linear.settings("targets=DYNAMIC"), whole, () -> false).train();
        RunDirectory cut = RunDirectory.create(folder.resolve("cut"));
        AtomicInteger steps = new AtomicInteger();
        Trainer.Outcome first = trainer(Linear.settings("targets=DYNAMIC"), cut, stopAfterSteps(steps, stopAfter))
                .train();
        assertThat(first.finished()).isFalse();
        Trainer.Outcome second =
                trainer(Linear.settings("targets=DYNAMIC"), cut, () -> false).train();
        assertThat(second.finished()).isTrue();
        assertThat(Files.readString(cut.metrics())).isEqualTo(Files.readString(whole.metrics()));
        // The digest of its bytes is part of the name.
        assertThat(latest(cut)).isEqualTo(latest(whole));
    }

    @Test
    void aModelThatHasRunAwayCannotBeRun() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("away"));
        TrainedModel trained =
                trainer(Linear.settings("epochs=1"), run, () -> false).train().trained();
        assertThatThrownBy(() -> trained.run(net -> List.of(net.ops()
                        .gather(
                                net.ops().constant(new float[] {1}),
                                net.ops().dtypes.cast(net.normal(100), TInt32.class),
                                net.ops().constant(0)))))
                .isInstanceOf(TrainingFailure.class)
                .hasMessageStartingWith("the trained model cannot be run: TensorFlow says: indices")
                .hasCauseInstanceOf(TFInvalidArgumentException.class);
        assertThatThrownBy(() -> trained.run(net -> List.of(outside(net))))
                .isInstanceOf(TrainingFailure.class)
                .hasMessage(
                        "the trained model cannot be run: its numbers have run away; try a lower lr or a clip-norm");
    }

    /** A product with an entry outside of its matrix. */
    private static Operand<TFloat32> outside(Net net) {
        Ops tf = net.ops();
        return tf.sparse.sparseTensorDenseMatMul(
                tf.constant(new long[][] {{0, 5}}),
                tf.constant(new float[] {1}),
                tf.constant(new long[] {1, 2}),
                tf.constant(new float[][] {{1}, {2}}));
    }

    /** Asked once per step, and once more at the end of an epoch. */
    private static BooleanSupplier stopAfterSteps(AtomicInteger asked, int steps) {
        return () -> asked.incrementAndGet() >= steps + (steps - 1) / 5;
    }

    @Test
    void rowsAfterTheLastCheckpointAreMeasuredAgain() throws IOException {
        RunSettings settings = Linear.settings("epochs=4", "checkpoint-every=3");
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        trainer(settings, run, () -> false).train();
        String metrics = Files.readString(run.metrics());
        // As if the process had been killed in epoch 4: its row may be there, its checkpoint is not.
        Files.delete(new Checkpoints(run.checkpoints()).latest().orElseThrow().file());
        assertThat(new Checkpoints(run.checkpoints()).latest().orElseThrow().step())
                .isEqualTo(15);
        trainer(settings, run, () -> false).train();
        assertThat(Files.readString(run.metrics())).isEqualTo(metrics);
    }

    @Test
    void anotherSeedGivesAnotherTraining() throws IOException {
        RunDirectory one = RunDirectory.create(folder.resolve("one"));
        RunDirectory other = RunDirectory.create(folder.resolve("other"));
        trainer(Linear.settings("seed=1"), one, () -> false).train();
        trainer(Linear.settings("seed=2"), other, () -> false).train();
        assertThat(Files.readString(one.metrics())).isNotEqualTo(Files.readString(other.metrics()));
    }

    @Test
    void aTermThatIsNotANumberStopsTheTrainingAndIsNamed() throws IOException {
        Components components = Linear.components(new Linear.LinearModel(), "broken", (net, model, pass) -> {
            Ops tf = net.ops();
            return List.of(
                    Term.of(tf, "reconstruction", tf.math.neg(tf.math.mean(pass.logLikelihood(), tf.constant(0)))),
                    // The logarithm of a number that falls below zero at step 3.
                    Term.of(
                            tf,
                            "doomed",
                            tf.math.log(tf.math.sub(
                                    tf.constant(2.5f),
                                    tf.dtypes.cast(net.step(), org.tensorflow.types.TFloat32.class)))));
        });
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        Trainer trainer = new Trainer(
                Linear.settings(), components, Linear.data(), Device.cpu(2), run, Progress.SILENT, () -> false);
        assertThatThrownBy(trainer::train)
                .isInstanceOf(TrainingFailure.class)
                .hasMessageContaining("step 4")
                .hasMessageContaining("doomed is NaN");
        assertThat(new Checkpoints(run.checkpoints()).latest().orElseThrow().step())
                .isZero();
    }

    @Test
    void aParameterThatTakesNoPartKeepsItsFirstValue() {
        Components components = Linear.components(new Linear.LinearModel(), "part", (net, model, pass) -> {
            net.parameter("idle", org.equipose.core.graph.Initializer.constant(3), 2);
            return List.of(Term.of(
                    net.ops(),
                    "kl_z",
                    net.ops().math.mean(pass.divergence().get("z"), net.ops().constant(0))));
        });
        try (TrainingGraph graph =
                new TrainingGraph(Linear.settings(), components, Linear.data().train(), Device.cpu(2))) {
            var before = graph.read();
            graph.step(new int[8], 0.1);
            var after = graph.read();
            assertThat(after.get("objective/part/idle").data()).containsExactly(3, 3);
            assertThat(after.get("model/decoder/weights").data())
                    .containsExactly(before.get("model/decoder/weights").data());
            assertThat(after.get("model/z/mean/weights").data())
                    .isNotEqualTo(before.get("model/z/mean/weights").data());
        }
    }

    @Test
    void aCheckpointOfAnotherModelIsRefused() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        trainer(Linear.settings("optimizer=SGD"), run, () -> false).train();
        assertThatThrownBy(trainer(Linear.settings("epochs=9"), run, () -> false)::train)
                .isInstanceOf(TrainingFailure.class)
                .hasMessageContaining("belongs to another model or optimiser");
    }

    @Test
    void fewerImagesThanABatchAreRefused() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        var data = Linear.data().holdOut(35, 1);
        assertThatThrownBy(() -> new Trainer(
                        Linear.settings(), Linear.elbo(), data, Device.cpu(2), run, Progress.SILENT, () -> false))
                .isInstanceOf(TrainingFailure.class)
                .hasMessageContaining("only 5 training images for a batch of 8");
    }

    private static Trainer trainer(RunSettings settings, RunDirectory run, BooleanSupplier stop) {
        return new Trainer(settings, Linear.elbo(), Linear.data(), Device.cpu(2), run, Progress.SILENT, stop);
    }

    private static String latest(RunDirectory run) throws IOException {
        return new Checkpoints(run.checkpoints())
                .latest()
                .orElseThrow()
                .file()
                .getFileName()
                .toString();
    }
}
