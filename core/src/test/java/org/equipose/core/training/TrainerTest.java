package org.equipose.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Progress;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
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

    /** The last number of the curve is what the trained model makes of the test images; training is as without it. */
    @Test
    void theErrorOnTestImagesIsFollowedIfAskedFor() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("followed"));
        Trainer.Outcome outcome = trainer(Linear.settings("test-each-epoch=true"), run, () -> false)
                .train();
        double[] curve = MetricsFile.read(run.metrics()).stream()
                .mapToDouble(row -> row.values().get("test/reconstruction_at_mean"))
                .toArray();
        assertThat(curve).hasSize(3);
        assertThat(curve[2]).isLessThan(curve[0]);
        double last = outcome.trained()
                .map(
                        Linear.data().test(),
                        (net, batch) -> List.of(net.ops()
                                .reshape(
                                        outcome.trained()
                                                .model()
                                                .pass(net.noiseless(), batch, 1)
                                                .logLikelihood(),
                                        net.ops().constant(new int[] {batch.size()}))))
                .get(0)
                .mean();
        assertThat(curve[2]).isCloseTo(-last, org.assertj.core.api.Assertions.within(1e-5));
        RunDirectory plain = RunDirectory.create(folder.resolve("plain"));
        trainer(Linear.settings(), plain, () -> false).train();
        assertThat(latest(run)).isEqualTo(latest(plain));
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

    @Test
    void moreSamplesThanCanBeCountedAreRefused() throws IOException {
        Objective many = new Objective() {
            @Override
            public Role role() {
                return Role.BOUND;
            }

            @Override
            public int samples() {
                return 10_000_000;
            }

            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                throw new AssertionError("it is refused before");
            }
        };
        Components components = new Components(
                new Linear.LinearModel(),
                Optional.empty(),
                Map.of(),
                List.of(new Components.Weighted(1, "many", many)),
                Map.of());
        RunDirectory run = RunDirectory.create(folder.resolve("many"));
        Trainer trainer = new Trainer(
                Linear.settings(),
                components,
                Linear.data(),
                Device.cpu(1),
                run,
                Optional.empty(),
                Progress.SILENT,
                () -> false);
        assertThatThrownBy(trainer::train)
                .isInstanceOf(TrainingFailure.class)
                .hasMessage("a step of 8 images with 10000000 samples each has more pixels than TensorFlow can count;"
                        + " lower batch-size or samples");
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
                Linear.settings(),
                components,
                Linear.data(),
                Device.cpu(2),
                run,
                Optional.empty(),
                Progress.SILENT,
                () -> false);
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
    void aParameterOfAnObjectiveIsTheSameOnValidationImages() throws IOException {
        Components components = Linear.components(new Linear.LinearModel(), "scaled", (net, model, pass) -> {
            Ops tf = net.ops();
            var scale = net.parameter("scale", org.equipose.core.graph.Initializer.constant(0.5f));
            return List.of(Term.of(tf, "scaled", tf.math.square(scale)));
        });
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        new Trainer(
                        Linear.settings(),
                        components,
                        Linear.data(),
                        Device.cpu(2),
                        run,
                        Optional.empty(),
                        Progress.SILENT,
                        () -> false)
                .train();
        float scale = new Checkpoints(run.checkpoints())
                .latest()
                .orElseThrow()
                .arrays()
                .get("objective/scaled/scale")
                .floats()[0];
        assertThat(scale).isLessThan(0.5f);
        assertThat(MetricsFile.read(run.metrics()).get(2).values().get("val/scaled"))
                .isCloseTo(scale * scale, org.assertj.core.api.Assertions.within(1e-6));
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
                        Linear.settings(),
                        Linear.elbo(),
                        data,
                        Device.cpu(2),
                        run,
                        Optional.empty(),
                        Progress.SILENT,
                        () -> false))
                .isInstanceOf(TrainingFailure.class)
                .hasMessageContaining("only 5 training images for a batch of 8");
    }

    private static Trainer trainer(RunSettings settings, RunDirectory run, BooleanSupplier stop) {
        return new Trainer(
                settings, Linear.elbo(), Linear.data(), Device.cpu(2), run, Optional.empty(), Progress.SILENT, stop);
    }

    private static String latest(RunDirectory run) throws IOException {
        return new Checkpoints(run.checkpoints())
                .latest()
                .orElseThrow()
                .file()
                .getFileName()
                .toString();
    }

    @Test
    void numbersThatRunAwayAreRefusedAgainAndTheRemedyWorks() throws IOException {
        RunSettings tooFast = Linear.settings("optimizer=SGD", "lr=1e38");
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        String first = message(trainer(tooFast, run, () -> false));
        assertThat(first)
                .startsWith("training stopped at step ")
                .endsWith("; the last good checkpoint is in " + run.checkpoints()
                        + ", but a run keeps its settings: begin another with --config " + run.config()
                        + " and a lower --lr or a --clip-norm");
        String before = latest(run);
        assertThat(message(trainer(tooFast, run, () -> false))).isEqualTo(first);
        assertThat(latest(run)).isEqualTo(before);
        RunDirectory other = RunDirectory.create(folder.resolve("other"));
        assertThat(trainer(Linear.settings("optimizer=SGD", "lr=0.01"), other, () -> false)
                        .train()
                        .finished())
                .isTrue();
    }

    @Test
    void aStopDoesNotSaveWhatHasRunAway() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        // The root of nothing has no slope: the first update spoils the parameters, and no term has seen them yet.
        Components components = Linear.components(
                new Linear.LinearModel(),
                "steep",
                (net, model, pass) -> List.of(Term.of(
                        net.ops(),
                        "root",
                        net.ops()
                                .math
                                .sqrt(net.ops()
                                        .math
                                        .mul(
                                                net.ops()
                                                        .math
                                                        .mean(
                                                                pass.divergence()
                                                                        .get("z"),
                                                                net.ops().constant(0)),
                                                net.ops().constant(0f))))));
        Trainer trainer = new Trainer(
                Linear.settings(),
                components,
                Linear.data(),
                Device.cpu(2),
                run,
                Optional.empty(),
                Progress.SILENT,
                () -> true);
        assertThat(message(trainer))
                .startsWith("training stopped at step 1: model/")
                .contains(" is NaN; ");
        assertThat(new Checkpoints(run.checkpoints()).latest().orElseThrow().step())
                .isZero();
    }

    @Test
    void checkpointsThatAreNotOfThisRunAreRefusedByName() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        trainer(Linear.settings(), run, () -> false).train();
        Checkpoints checkpoints = new Checkpoints(run.checkpoints());
        Map<String, Npz.Array> good = checkpoints.latest().orElseThrow().arrays();
        String weights = "model/decoder/weights";
        Map<String, Map<String, Npz.Array>> foreign = Map.of(
                "it belongs to another model or optimiser",
                Map.of(),
                weights + " is of type FLOAT64 instead of FLOAT32",
                with(good, weights, Npz.Array.of(new double[6], 1, 6)),
                "epoch-sums is of type INT64 instead of FLOAT64",
                with(good, "epoch-sums", Npz.Array.of(new long[4], 4)),
                "at step 15: " + weights + " is NaN",
                with(good, weights, Npz.Array.of(new float[] {1, Float.NaN, 1, 1, 1, 1}, 1, 6)),
                weights + " has shape [1, 6] here but [6] in the checkpoint",
                with(good, weights, Npz.Array.of(new float[6], 6)),
                "model/other is in the checkpoint: it belongs to another model",
                with(good, "model/other", Npz.Array.of(new float[6], 6)),
                "it was made with another objective than [loss, elbo, reconstruction, kl_z]",
                with(good, "epoch-sums", Npz.Array.of(new double[3], 3)));
        for (Map.Entry<String, Map<String, Npz.Array>> entry : foreign.entrySet()) {
            var file = checkpoints.write(15, entry.getValue(), 2);
            for (boolean resumed : new boolean[] {true, false}) {
                if (!resumed && entry.getKey().contains("objective")) {
                    continue; // a model that is only looked at has no sums
                }
                assertThatThrownBy(() -> {
                            if (resumed) {
                                trainer(Linear.settings("epochs=9"), run, () -> false)
                                        .train();
                            } else {
                                TrainedModel.of(
                                        Linear.settings(),
                                        Linear.elbo(),
                                        Linear.SPEC,
                                        Device.cpu(2),
                                        checkpoints.latest().orElseThrow());
                            }
                        })
                        .as(entry.getKey())
                        .isInstanceOf(TrainingFailure.class)
                        .hasMessageStartingWith("the checkpoint " + file + " is not of this run: ")
                        .hasMessageContaining(entry.getKey())
                        .hasMessageEndingWith("; put that of this run in its place, or delete it to use an older one");
            }
        }
        checkpoints.write(15, good, 2);
        assertThat(TrainedModel.of(
                                Linear.settings(),
                                Linear.elbo(),
                                Linear.SPEC,
                                Device.cpu(2),
                                checkpoints.latest().orElseThrow())
                        .image())
                .isEqualTo(Linear.SPEC);
    }

    private static Map<String, Npz.Array> with(Map<String, Npz.Array> arrays, String name, Npz.Array array) {
        Map<String, Npz.Array> changed = new LinkedHashMap<>(arrays);
        changed.put(name, array);
        return changed;
    }

    private static String message(Trainer trainer) {
        return catchThrowableOfType(TrainingFailure.class, trainer::train).getMessage();
    }
}
