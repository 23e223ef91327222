package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of somebody else's uses a trained model through the modules of the distribution, without the command line. */
class LibraryIT {
    private static final Path EXAMPLE = Path.of("src", "test", "example");

    @TempDir
    Path folder;

    @Test
    void fifteenLinesLoadARunAndEncodeDecodeAndSample() throws Exception {
        Equipose equipose = Equipose.in(folder);
        equipose.succeed(Equipose.tiny("--transform", "affine", "--eval", "none", "--run-dir", "run"));
        picture("stroke.png");
        Path jar = PluginJar.build(
                folder.resolve("digits.jar"),
                Map.of(
                        "module-info.java", Files.readString(EXAMPLE.resolve("module-info.java")),
                        "Digits.java", Files.readString(EXAMPLE.resolve("Digits.java"))));

        String said = java(jar, "run", "stroke.png");

        // The command line infers the same latents of the same picture, in a batch of another size.
        equipose.succeed("embed", "--run", "run", "--image", "stroke.png", "--to", "codes");
        List<String> lines = said.lines().toList();
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            float[] expected = Npy.read(folder.resolve("codes/own-" + line.charAt(0) + ".npy"))
                    .values();
            String[] found = line.substring(3, line.length() - 1).split(", ");
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat(Float.parseFloat(found[i])).isCloseTo(expected[i], within(1e-5f));
            }
        }
        Run run = new Run(folder);
        assertThat(run.picture("again.png").getWidth()).isEqualTo(24 + 60);
        assertThat(run.picture("drawn.png").getWidth()).isEqualTo(26 + 4 * 58);
    }

    private void picture(String file) throws IOException {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 6; y < 22; y++) {
            for (int x = 12; x < 15; x++) {
                image.setRGB(x, y, 0xffffff);
            }
        }
        ImageIO.write(image, "png", folder.resolve(file).toFile());
    }

    /** Starts the example with the jars of the distribution on the module path, as its author would. */
    private String java(Path jar, String... arguments) throws Exception {
        Path home = Equipose.distribution();
        String path = String.join(
                File.pathSeparator,
                jar.toString(),
                home.resolve("lib").toString(),
                home.resolve("plugins").toString());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir=" + Equipose.nativeCache(),
                "--module-path",
                path,
                "--module",
                "com.example.digits/com.example.digits.Digits"));
        command.addAll(Arrays.asList(arguments));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(err, StandardCharsets.UTF_8))
                .isZero();
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    @Test
    void theReadmeShowsTheExample() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        try (Stream<String> lines =
                Files.readString(EXAMPLE.resolve("Digits.java")).lines()) {
            assertThat(lines.dropWhile(line -> !line.contains("public static void main"))
                            .map(String::strip)
                            .filter(line -> line.length() > 1))
                    .allSatisfy(line -> assertThat(readme).contains(line));
        }
        assertThat(readme).contains(Files.readString(EXAMPLE.resolve("module-info.java")));
    }
}
