package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A training that takes long enough to be disturbed. */
final class LongTraining {
    /** Everything that could carry a state across an epoch: noise, warm-up, schedule, momentum, binary targets. */
    static final List<String> SETTINGS = List.of(
            "--dataset",
            "strokes",
            "--set",
            "dataset.strokes.train=3000",
            "--set",
            "dataset.strokes.test=50",
            "--batch-size",
            "10",
            "--validation",
            "100",
            "--hidden",
            "16",
            "--latent-dim",
            "3",
            "--eval",
            "none",
            "--pictures-every",
            "100",
            "--targets",
            "dynamic",
            "--warmup",
            "500",
            "--lr-schedule",
            "halving",
            "--lr-epochs",
            "2",
            "--clip-norm",
            "50",
            "--samples",
            "2",
            "--threads",
            "2");

    private LongTraining() {}

    /** Waits for that many epochs; returns whether the process is still at work then. */
    static boolean awaitRows(Equipose.Running running, Run run, int rows) throws Exception {
        Path metrics = run.folder().resolve("metrics.csv");
        while (running.process().isAlive()
                && !(Files.exists(metrics) && Files.readAllLines(metrics).size() > rows)) {
            Thread.sleep(2);
        }
        return running.process().isAlive();
    }

    /** Asserts that two runs ended with the same numbers and the same parameters, to the last bit. */
    static void assertSame(Run run, Run undisturbed) throws IOException {
        assertThat(run.metrics()).isEqualTo(undisturbed.metrics());
        // Their names hold digests.
        assertThat(run.checkpoints()).isEqualTo(undisturbed.checkpoints());
    }
}
