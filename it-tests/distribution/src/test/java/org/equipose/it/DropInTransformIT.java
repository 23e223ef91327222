package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar from outside, put into plugins/, adds a transform that can be listed, described, configured and trained. */
class DropInTransformIT {
    private static final String SHEAR = """
            package example.shear;

            import jakarta.inject.Inject;
            import jakarta.inject.Named;
            import org.equipose.core.data.ImageSpec;
            import org.equipose.core.graph.Displacement;
            import org.equipose.core.graph.Grid;
            import org.equipose.core.graph.Net;
            import org.equipose.core.spi.About;
            import org.equipose.core.spi.SpatialTransform;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            @Named("shear")
            @About(value = "leans to one side", paper = "Nobody 2026")
            public final class Shear implements SpatialTransform {
                public record Settings(@About("how much a unit of pose leans") double strength) {
                    public Settings() { this(0.25); }
                    public Settings {
                        if (!(strength > 0)) {
                            throw new IllegalArgumentException("strength must be above 0 but was " + strength);
                        }
                    }
                }

                private final Settings settings;

                public Shear() { this(new Settings()); }

                @Inject
                public Shear(Settings settings) { this.settings = settings; }

                @Override
                public int poseSize(ImageSpec image) { return 1; }

                @Override
                public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
                    float[][] lean = new float[1][points.points()];
                    for (int p = 0; p < points.points(); p++) {
                        lean[0][p] = (float) (settings.strength() * points.y(p));
                    }
                    return new Displacement(
                            net.ops().linalg.matMul(pose, net.ops().constant(lean)),
                            net.ops().linalg.matMul(pose, net.ops().constant(new float[1][points.points()])));
                }
            }
            """;

    @TempDir
    static Path folder;

    private static Path jar;
    private static Equipose equipose;

    @BeforeAll
    static void dropIn() throws IOException {
        Path copy = Copy.ofDistribution(folder.resolve("equipose"));
        jar = PluginJar.build(
                copy.resolve("plugins/shear.jar"),
                Map.of(
                        "module-info.java",
                        PluginJar.module("example.shear", "example.shear.Shear"),
                        "Shear.java",
                        SHEAR));
        equipose = Equipose.in(folder).at(copy);
    }

    @Test
    void isListedAndDescribed() {
        assertThat(equipose.succeed("list", "transform").out().lines())
                .anySatisfy(line -> assertThat(line).matches("  shear +leans to one side +example.shear +shear.jar"));
        Equipose.Result described = equipose.succeed("describe", "transform", "shear");
        assertThat(described.out().lines())
                .containsExactly(
                        "transform shear: leans to one side",
                        "  paper    Nobody 2026",
                        "  module   example.shear",
                        "  jar      " + jar,
                        "  class    example.shear.Shear",
                        "  transform.shear.strength",
                        "      how much a unit of pose leans; a number; default: 0.25");
        assertThat(described.err()).isEmpty();
    }

    @Test
    void isTrainedWithItsSetting() throws Exception {
        train("default");
        Run run = new Run(folder.resolve("default"));
        assertThat(run.config()).containsEntry("transform", "shear").containsEntry("transform.shear.strength", "0.25");
        assertThat(run.columns()).containsKeys("train/kl_u", "val/elbo");
        JsonNode found = null;
        for (JsonNode plugin : run.manifest().get("plugins")) {
            found = plugin.get("module").asText().equals("example.shear") ? plugin : found;
        }
        assertThat(found).isNotNull();
        assertThat(found.get("jar").asText()).isEqualTo("shear.jar");
        assertThat(found.get("sha256").asText())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar))));

        train("strong", "--set", "transform.shear.strength=2");
        Run strong = new Run(folder.resolve("strong"));
        assertThat(strong.config()).containsEntry("transform.shear.strength", "2.0");
        assertThat(strong.metrics()).isNotEqualTo(run.metrics());

        // The distribution without the jar knows the run, but not its transform.
        Equipose.Result without = Equipose.in(folder).run("evaluate", "--run", "default");
        assertThat(without.code()).isEqualTo(2);
        assertThat(without.complaints())
                .anySatisfy(line -> assertThat(line).startsWith("error: unknown transform 'shear'"))
                .noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void itsMistakesAreReportedLikeAnyOther() {
        assertThat(equipose.run("--transform", "shaer").complaints())
                .containsExactly("error: unknown transform 'shaer'; did you mean 'shear'?");
        assertThat(equipose.run("--transform", "shear", "--set", "transform.shear.strength=-1")
                        .complaints())
                .containsExactly("error: transform.shear.strength must be above 0 but was -1.0");
        assertThat(equipose.run("--transform", "shear", "--set", "transform.shear.strenth=1")
                        .complaints())
                .containsExactly("error: unknown setting 'transform.shear.strenth';"
                        + " did you mean 'transform.shear.strength'?");
    }

    private static void train(String name, String... more) {
        List<String> words = new ArrayList<>(List.of("--transform", "shear", "--run-dir", name, "--eval", "none"));
        words.addAll(List.of(more));
        equipose.succeed(Equipose.tiny(words.toArray(new String[0])));
    }
}
