package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digits, fetched into an empty folder and trained for one epoch. */
@Tag("real-data")
class MnistIT {
    @TempDir
    Path folder;

    @Test
    void fetchesAndTrains() throws IOException {
        Equipose equipose = Equipose.in(folder);
        Equipose.Result fetched = equipose.run("data", "fetch", "mnist", "--data-dir", "data");
        Assumptions.assumeFalse(
                fetched.code() == 2 && fetched.err().contains("is not to be had"),
                () -> "no source of MNIST can be reached: " + fetched.err());
        assertThat(fetched.code()).as(fetched.toString()).isZero();
        assertThat(fetched.out())
                .matches("mnist +60000 training and 10000 test images of 28×28×1, labelled; sha256 [0-9a-f]{16}\n");

        equipose.succeed("--transform", "tps", "--epochs", "1", "--data-dir", "data", "--run-dir", "run");
        Run run = new Run(folder.resolve("run"));
        assertThat(run.manifest().get("dataset").get("train").get("images").asInt())
                .isEqualTo(55000);
        assertThat(run.measure("reconstruction", "elbo")).isBetween(-150.0, -80.0);
        assertThat(run.picture("evaluation/reconstruction.png").getHeight()).isEqualTo(200);
        run.picture("evaluation/samples.png");
        run.picture("samples/epoch-001.png");
        assertThat(equipose.succeed("data", "check", "mnist", "--data-dir", "data")
                        .out())
                .isEqualTo(fetched.out());
    }
}
