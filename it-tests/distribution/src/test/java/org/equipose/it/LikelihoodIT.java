package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The evaluator {@code likelihood} against a program of {@code src/test/python} that has nothing in common with it but the
 * weights in the checkpoint and the files of images. Skipped where there is no python3 with NumPy.
 */
class LikelihoodIT {
    private static final int SIDE = 12;
    private static final int TEST = 100;
    private static final String SAMPLES = "400";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--model vae --set encoder.dense.activation=tanh",
                "--model tvae --transform affine --set decoder.dense.activation=softplus"
            })
    void numpyFindsTheSameNumbersFromTheSameWeights(String model) throws Exception {
        assumeTrue(python("-c", "import numpy").waitFor() == 0, "python3 with NumPy");
        Files.write(folder.resolve("train"), bars(1000, 1));
        Files.write(folder.resolve("test"), bars(TEST, 2));
        String words = "--dataset idx --set dataset.idx.images=train --set dataset.idx.test-images=test"
                + " --targets threshold --hidden 32,16 --latent-dim 3 --epochs 20 --batch-size 20 --run-dir run "
                + model + " --eval likelihood --set evaluator.likelihood.samples=" + SAMPLES;
        Equipose.in(folder).succeed(words.split(" ", -1));
        Run run = new Run(folder.resolve("run"));

        JsonNode numpy = numpy();
        assertThat(numpy.get("images").asInt()).isEqualTo(TEST);
        double likelihood = run.measure("likelihood", "log_likelihood");
        double error = Math.hypot(
                run.measure("likelihood", "log_likelihood_draw_error"),
                numpy.get("draw_error").asDouble());
        // Small enough to notice a missing constant or half a pixel.
        assertThat(error).isBetween(1e-4, 0.2);
        assertThat(likelihood).isCloseTo(numpy.get("log_likelihood").asDouble(), within(1.96 * error));
        // Of the bound every draw counts alike; log w deviates by some nats in TEST · SAMPLES of them.
        assertThat(run.measure("likelihood", "elbo"))
                .isCloseTo(numpy.get("elbo").asDouble(), within(0.1))
                .isLessThan(likelihood);
    }

    private JsonNode numpy() throws Exception {
        Path script = Path.of("src/test/python/likelihood.py").toAbsolutePath();
        Process process = python(script.toString(), "run", "test", "--samples", SAMPLES);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return new ObjectMapper().readTree(out);
    }

    private Process python(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(words));
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "python3: " + e.getMessage());
            throw e;
        }
    }

    /** White bars on black, at any angle and any place near the centre, as an IDX file. */
    private static byte[] bars(int count, long seed) {
        Random random = new Random(seed);
        ByteBuffer file = ByteBuffer.allocate(16 + count * SIDE * SIDE);
        file.putInt(0x803).putInt(count).putInt(SIDE).putInt(SIDE);
        for (int i = 0; i < count; i++) {
            double angle = Math.PI * random.nextDouble();
            double x = 5.5 + random.nextGaussian();
            double y = 5.5 + random.nextGaussian();
            for (int row = 0; row < SIDE; row++) {
                for (int column = 0; column < SIDE; column++) {
                    double along = (column - x) * Math.cos(angle) + (row - y) * Math.sin(angle);
                    double across = (row - y) * Math.cos(angle) - (column - x) * Math.sin(angle);
                    file.put((byte) (Math.abs(along) < 4 && Math.abs(across) < 1 ? 255 : 0));
                }
            }
        }
        return file.array();
    }
}
