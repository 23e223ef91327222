package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains on the real digits, fetched as a user would; without any source of them the tests are skipped, and say so. */
@Tag("real-data")
class MnistIT {
    @TempDir
    private static Path folder;

    private static Equipose equipose;
    private static String fetched;

    @BeforeAll
    static void fetch() throws IOException {
        equipose = Equipose.in(folder);
        Equipose.Result result = equipose.run("data", "fetch", "mnist", "--data-dir", "data");
        Assumptions.assumeFalse(
                result.code() == 2 && result.err().contains("is not to be had"),
                () -> "no source of MNIST can be reached: " + result.err());
        assertThat(result.code()).as(result.toString()).isZero();
        fetched = result.out();
    }

    @Test
    void whatWasFetchedIsTheOriginal() throws IOException {
        assertThat(fetched).matches("""
                        mnist +60000 training and 10000 test images of 28×28×1, labelled; sha256 [0-9a-f]{16}
                          training +values 0 to 255, mean 33.32; images by class 0: 5923, 1: 6742, .*
                          test +values 0 to 255, mean 33.79; images by class 0: 980, 1: 1135, .*
                        """);
        assertThat(equipose.succeed("data", "check", "mnist", "--data-dir", "data")
                        .out())
                .isEqualTo(fetched);
    }

    @Test
    void splinesTrain() throws IOException {
        Run run = train("tps", "--transform", "tps", "--epochs", "1");
        assertThat(run.manifest().get("dataset").get("train").get("images").asInt())
                .isEqualTo(55000);
        assertThat(run.measure("reconstruction", "elbo")).isBetween(-150.0, -80.0);
        assertThat(run.picture("evaluation/reconstruction.png").getHeight()).isEqualTo(200);
        run.picture("evaluation/samples.png");
        run.picture("samples/epoch-001.png");
    }

    /**
     * Other implementations reach −105.6 and −106.1 on this split, and the median of our seeds lies between −106.5 and −104.8; one
     * seed may lie half a nat outside.
     */
    @Test
    void thePlainAutoencoderIsAsGoodAsOthers() throws IOException {
        Run run =
                train("vae", "--model", "vae", "--transform", "none", "--latent-dim", "20", "--eval", "reconstruction");
        assertThat(run.measure("reconstruction", "elbo")).isBetween(-107.0, -104.3);
        assertThat(run.measure("reconstruction", "reconstruction_at_mean")).isBetween(80.0, 86.0);
    }

    /** The slant of the digits goes into the pose: on the canvas it varies by less than 70 % of what it does in the images. */
    @Test
    void anAffinePoseTakesTheSlantOffTheCanvas() throws IOException {
        Run run = train("affine", "--transform", "affine", "--epochs", "5", "--eval", "reconstruction");
        assertThat(run.measure("reconstruction", "axis_spread_input")).isBetween(24.0, 26.0);
        assertThat(run.measure("reconstruction", "axis_spread_reduction")).isGreaterThan(30);
    }

    private static Run train(String name, String... words) throws IOException {
        String[] all = java.util.Arrays.copyOf(words, words.length + 4);
        System.arraycopy(new String[] {"--data-dir", "data", "--run-dir", name}, 0, all, words.length, 4);
        equipose.succeed(all);
        return new Run(folder.resolve(name));
    }
}
