package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other real data sets, fetched and chosen as a user would; {@link MnistIT} has the digits. */
@Tag("real-data")
class RealDataIT {
    @TempDir
    private Path folder;

    @Test
    void fashionTrains() throws IOException {
        assertThat(fetch("fashion-mnist")).contains("60000 training and 10000 test images of 28×28×1, labelled");
        Equipose.in(folder)
                .succeed(
                        "--dataset fashion-mnist --epochs 1 --hidden 32 --latent-dim 5 --eval reconstruction --run-dir run"
                                .split(" ", -1));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.components()).contains("dataset fashion-mnist");
        assertThat(run.manifest().get("dataset").get("test").get("images").asInt())
                .isEqualTo(10000);
        // One brightness for all pixels of all images, their mean of 0.286, scores −784 (0.358 + 0.240) = −469.
        assertThat(run.measure("reconstruction", "elbo")).isBetween(-400.0, -200.0);
        run.picture("evaluation/reconstruction.png");
    }

    @Test
    void colourIsRefusedByModelsOfGreyImages() throws IOException {
        assertThat(fetch("cifar10")).contains("50000 training and 10000 test images of 32×32×3, labelled");
        Equipose.Result result = Equipose.in(folder).run("--dataset", "cifar10", "--run-dir", "run");
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains("it models grey images, but these have 3 channels; choose a grey data set");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void turnedDigitsAreTrainedOnAndTheirTurnIsLookedFor() throws IOException {
        fetch("mnist");
        String set =
                " --set dataset.rot-mnist.angle=60 --set dataset.rot-mnist.train=2000 --set dataset.rot-mnist.test=500";
        assertThat(Equipose.in(folder)
                        .succeed(("data check rot-mnist" + set).split(" ", -1))
                        .out())
                .contains("2000 training and 500 test images of 28×28×1, labelled");
        Equipose.in(folder)
                .succeed(("--dataset rot-mnist --transform affine5 --epochs 1 --hidden 32 --latent-dim 5"
                                + " --eval pose-recovery --set evaluator.pose-recovery.images=100 --run-dir run" + set)
                        .split(" ", -1));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.components()).contains("dataset rot-mnist", "evaluator pose-recovery");
        assertThat(run.measure("pose-recovery", "median_residual")).isBetween(0.0, 90.0);
        assertThat(run.measure("pose-recovery", "failures_class_4")).isBetween(0.0, 100.0);
        run.picture("evaluation/pose-recovery.png");
        run.picture("evaluation/pose-recovery-turned.png");
    }

    /** Without any source of the images a test is skipped, and says so. */
    private String fetch(String name) {
        Equipose.Result result = Equipose.in(folder).run("data", "fetch", name);
        Assumptions.assumeFalse(
                result.code() == 2 && result.err().contains("is not to be had"),
                () -> "no source of " + name + " can be reached: " + result.err());
        assertThat(result.code()).as(result.toString()).isZero();
        return result.out();
    }
}
