package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.equipose.core.data.Damage;
import org.equipose.core.data.ImageSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    @TempDir
    Path folder;

    private static Manifest manifest() {
        return new Manifest(
                "0.1.0",
                "2.18.0",
                Instant.parse("2026-11-20T09:08:07.123456Z"),
                List.of("train", "--transform", "tps", "--name", "Vivé \"1\""),
                -7,
                "gpu:0",
                2,
                Manifest.Machine.here(),
                List.of(new Manifest.Plugin("org.equipose.plugin.standard", "0.1.0", "standard.jar", "00ff")),
                new Manifest.DataSet(
                        "mnist",
                        new Manifest.Images(55000, "aa"),
                        new Manifest.Images(5000, "bb"),
                        new Manifest.Images(10000, "cc")),
                new ImageSpec(28, 28, 1),
                "runs/a/checkpoints/step-00000008-0123456789abcdef.npz",
                "");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("manifest.json");
        manifest().write(file);
        assertThat(Manifest.read(file)).isEqualTo(manifest());
        assertThat(file)
                .content()
                .contains("\n  \"started\" : \"2026-11-20T09:08:07.123456Z\",\n")
                .contains("\"command_line\" : [ \"train\", ")
                .contains("\"java_vendor\"")
                .endsWith("}\n");
    }

    @Test
    void aLaterVersionMaySayMore() throws IOException {
        Path file = folder.resolve("manifest.json");
        manifest().write(file);
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{ \"mood\" : \"good\","));
        assertThat(Manifest.read(file)).isEqualTo(manifest());
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        Path file = folder.resolve("manifest.json");
        manifest().write(file);
        String good = Files.readString(file);
        for (String bad : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"seed\"",
                good.replace("\"seed\" : -7", "\"seed\" : \"many\""),
                good.replace("\"seed\" : -7,", ""),
                good.replace("28,", "-28,"),
                good.replace("2026-11-20T", "yesterday "))) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> Manifest.read(file))
                    .isInstanceOf(RunDirectoryException.class)
                    .hasMessageStartingWith(file + " is not a manifest: ");
        }
        Files.delete(file);
        assertThatThrownBy(() -> Manifest.read(file)).hasMessage("cannot read " + file + ": no such file or folder");
    }

    @Test
    void hashesAreThoseOfOtherPrograms() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        assertThat(Manifest.sha256(file)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThatThrownBy(() -> Manifest.sha256(folder)).isInstanceOf(RunDirectoryException.class);
    }

    @Test
    void damageIsRefusedByNameOrReadAsWhatItIs() throws IOException {
        Path file = folder.resolve("manifest.json");
        manifest().write(file);
        byte[] good = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(20261121);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            Files.write(file, Damage.of(good, random));
            try {
                assertThat(Manifest.read(file)).isNotNull();
            } catch (RunDirectoryException e) {
                assertThat(e).hasMessageStartingWith(file + " is not a manifest: ");
                refused++;
            }
        }
        assertThat(refused).isBetween(250, 499);
        Files.writeString(file, new String(good, StandardCharsets.UTF_8) + "}\n");
        assertThatThrownBy(() -> Manifest.read(file)).isInstanceOf(RunDirectoryException.class);
    }
}
