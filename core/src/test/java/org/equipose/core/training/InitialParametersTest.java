package org.equipose.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Progress;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.Initializer;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Term;
import org.equipose.core.wiring.Components;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Begins a training with what another has learned (tiny model, 5 steps an epoch). */
class InitialParametersTest {
    private static final Device CPU = Device.cpu(2);

    @TempDir
    Path folder;

    private Checkpoints.Checkpoint source;

    @BeforeEach
    void train() throws IOException {
        RunDirectory run = RunDirectory.create(folder.resolve("source"));
        new Trainer(
                        Linear.settings(),
                        Linear.elbo(),
                        Linear.data(),
                        CPU,
                        run,
                        Optional.empty(),
                        Progress.SILENT,
                        () -> false)
                .train();
        source = latest(run);
    }

    @Test
    void theFirstCheckpointHasTheParametersOfTheOtherRunAndAFreshOptimiser() throws IOException {
        RunSettings settings = Linear.settings("optimizer=SGD", "seed=11");
        RunDirectory run = RunDirectory.create(folder.resolve("run"));
        InitialParameters initial = InitialParameters.of(source, settings, Linear.elbo(), Linear.data(), CPU);
        assertThat(initial.unused()).isEmpty();
        assertThat(initial.file()).isEqualTo(source.file());
        assertThat(initial.values())
                .hasSize(5)
                .allSatisfy((name, values) -> assertThat(values.data())
                        .isEqualTo(source.arrays().get(name).floats()));

        train(settings, run, Optional.of(initial), 1); // leaves step 0 behind, and step 1
        Checkpoints.Checkpoint stopped = latest(run);
        assertThat(stopped.step()).isEqualTo(1);
        java.nio.file.Files.delete(stopped.file());
        Checkpoints.Checkpoint first = latest(run);
        assertThat(first.step()).isZero();
        first.arrays().forEach((name, array) -> {
            if (initial.values().containsKey(name)) {
                assertThat(array.floats())
                        .as(name)
                        .isEqualTo(source.arrays().get(name).floats());
            } else if (name.startsWith("momentum/")) {
                assertThat(array.floats()).as(name).containsOnly(0);
            }
        });
        assertThat(first.arrays().keySet()).containsAll(initial.values().keySet());
    }

    @Test
    void itGoesOnWithoutTheOtherRunToTheSameBits() throws IOException {
        RunSettings settings = Linear.settings("seed=11");
        Optional<InitialParameters> initial =
                Optional.of(InitialParameters.of(source, settings, Linear.elbo(), Linear.data(), CPU));
        RunDirectory whole = RunDirectory.create(folder.resolve("whole"));
        train(settings, whole, initial, Integer.MAX_VALUE);
        RunDirectory cut = RunDirectory.create(folder.resolve("cut"));
        train(settings, cut, initial, 3);
        train(settings, cut, Optional.empty(), Integer.MAX_VALUE);
        assertThat(latest(cut).file().getFileName())
                .isEqualTo(latest(whole).file().getFileName());

        RunDirectory random = RunDirectory.create(folder.resolve("random"));
        train(settings, random, Optional.empty(), Integer.MAX_VALUE);
        assertThat(latest(random).file().getFileName())
                .isNotEqualTo(latest(whole).file().getFileName());
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Components more = Linear.components(new Linear.LinearModel(), "more", (net, model, pass) -> {
            net.parameter("scale", Initializer.constant(1), 2);
            return List.of(Term.of(
                    net.ops(),
                    "kl_z",
                    net.ops().math.mean(pass.divergence().get("z"), net.ops().constant(0))));
        });
        Checkpoints.Checkpoint wide = with("model/decoder/weights", Npz.Array.of(new float[14], 2, 7));
        assertThatThrownBy(() -> InitialParameters.of(wide, Linear.settings(), more, Linear.data(), CPU))
                .isInstanceOf(TrainingFailure.class)
                .hasMessageStartingWith("the parameters in " + source.file() + " do not fit this model: ")
                .hasMessageContaining("model/decoder/weights has shape [2, 7] there and [1, 6] here")
                .hasMessageContaining("objective/more/scale is missing there");
    }

    @Test
    void onlyTheFirstMismatchesAreNamed() {
        Checkpoints.Checkpoint empty = new Checkpoints.Checkpoint(1, source.file(), Map.of());
        assertThatThrownBy(() -> InitialParameters.of(empty, Linear.settings(), Linear.elbo(), Linear.data(), CPU))
                .hasMessageMatching(
                        "[^;]+ is missing there; [^;]+ is missing there; [^;]+ is missing there; and 2 more");
    }

    @Test
    void whatTheModelHasNoUseForIsTold() {
        Checkpoints.Checkpoint more = with("model/extra/weights", Npz.Array.of(new float[] {1}, 1));
        more.arrays().put("adam-m/model/extra/weights", Npz.Array.of(new float[] {1}, 1));
        InitialParameters initial = InitialParameters.of(more, Linear.settings(), Linear.elbo(), Linear.data(), CPU);
        assertThat(initial.unused()).isEqualTo("model/extra/weights");
        assertThat(initial.values()).hasSize(5);
    }

    private Checkpoints.Checkpoint with(String name, Npz.Array array) {
        Map<String, Npz.Array> arrays = new LinkedHashMap<>(source.arrays());
        arrays.put(name, array);
        return new Checkpoints.Checkpoint(source.step(), source.file(), arrays);
    }

    private static void train(RunSettings settings, RunDirectory run, Optional<InitialParameters> initial, int steps)
            throws IOException {
        AtomicInteger asked = new AtomicInteger();
        new Trainer(
                        settings,
                        Linear.elbo(),
                        Linear.data(),
                        CPU,
                        run,
                        initial,
                        Progress.SILENT,
                        () -> asked.incrementAndGet() >= steps)
                .train();
    }

    private static Checkpoints.Checkpoint latest(RunDirectory run) throws IOException {
        return new Checkpoints(run.checkpoints()).latest().orElseThrow();
    }
}
