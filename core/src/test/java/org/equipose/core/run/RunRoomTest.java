package org.equipose.core.run;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Npz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RunRoomTest {
    private static final JavaClasses ROOM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.equipose.core.run");

    @TempDir
    Path folder;

    @Test
    void itStandsOnDataAlone() {
        assertThat(ROOM).hasSizeGreaterThan(12);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.equipose.core.spi..",
                        "org.equipose.core.graph..",
                        "org.equipose.core.distribution..",
                        "org.equipose.core.config..",
                        "org.equipose.core.plugins..",
                        "org.equipose.core.wiring..",
                        "org.equipose.core.training..",
                        "org.equipose.core.cli..",
                        "org.tensorflow",
                        "org.bytedeco..")
                .check(ROOM);
    }

    /** Uses every part but the log, the manifest and the reports. */
    static final class Parts {
        public static void main(String[] arguments) throws Exception {
            Path path = Path.of(arguments[0]);
            RunDirectory run = RunDirectory.create(path);
            RunDirectory.Lock lock = run.lock();
            try (lock;
                    MetricsFile metrics = MetricsFile.create(run.metrics(), List.of("train/elbo"));
                    EventFile events = EventFile.create(run.path(), Clock.systemUTC())) {
                metrics.append(1, 1, Map.of("train/elbo", 1.0));
                events.scalar("train/elbo", 1, 1);
                ImageGrid grid = new ImageGrid(new ImageSpec(1, 1, 1), new float[1][1], 1);
                events.image("samples", 1, grid.image());
                grid.write(RunDirectory.picture(run.samples(), 1));
                new Checkpoints(run.checkpoints()).write(1, Map.of("a", Npz.Array.of(new float[] {1}, 1)), 2);
            }
        }
    }

    @Test
    @Timeout(60)
    void neitherTensorFlowsLibraryNorLog4jIsLoaded() throws Exception {
        Path classes = folder.resolve("classes.txt");
        Path run = folder.resolve("run");
        Process process = ChildJvm.of(
                        List.of("-Xlog:class+load:file=" + classes, "-Djava.awt.headless=true"),
                        Parts.class,
                        run.toString())
                .redirectErrorStream(true)
                .start();
        String output = ChildJvm.output(process);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(run.resolve("samples/epoch-001.png")).exists();
        String loaded = Files.readString(classes, StandardCharsets.ISO_8859_1);
        assertThat(loaded).contains("org.tensorflow.proto.Event ", "org.equipose.core.run.Checkpoints ");
        assertThat(loaded)
                .doesNotContain("org.tensorflow.internal", "org.tensorflow.TensorFlow", "org.bytedeco")
                .doesNotContain("org.apache.logging");
    }
}
