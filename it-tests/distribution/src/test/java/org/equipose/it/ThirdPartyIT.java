package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects of somebody else, built from what we publish, in a distribution that was unpacked somewhere else. */
class ThirdPartyIT {
    private static final Pattern TESTS = Pattern.compile("Tests run: (\\d+), Failures: 0, Errors: 0, Skipped: \\d+\n");

    @TempDir
    static Path folder;

    private static Path home;
    private static Equipose equipose;

    @BeforeAll
    static void buildAndDropIn() throws Exception {
        home = Copy.ofDistribution(folder.resolve("another folder/equipose"));
        equipose = Equipose.in(folder).at(home);
        try (Published published = Published.in(folder.resolve("repository"))) {
            Path jar = build(published, "swirl").resolve("swirl-1.0.0.jar");
            Files.copy(jar, home.resolve("plugins").resolve(jar.getFileName()));
            Copy.tree(build(published, "blobs").resolve("blobs"), home.resolve("plugins/blobs"));
        }
    }

    /** Returns the folder with what was built: from sources without a warning, and tested. */
    private static Path build(Published published, String project) throws Exception {
        String said = published.build(project, folder.resolve(project));
        Matcher tests = TESTS.matcher(said);
        assertThat(tests.find()).as(said).isTrue();
        assertThat(Integer.parseInt(tests.group(1))).as(said).isGreaterThanOrEqualTo(15);
        assertThat(said).as("warnings of javac").doesNotContain(".java:[");
        return folder.resolve(project).resolve("target");
    }

    @Test
    void theProgramPrintsWhatTheGuideSays() throws IOException {
        List<String> blocks = Guide.blocks().stream()
                .filter(block -> "prints".equals(block.kind()))
                .map(Guide.Block::text)
                .toList();
        assertThat(blocks).isNotEmpty();
        for (String block : blocks) {
            List<String> lines = block.lines().toList();
            assertThat(lines.get(0)).startsWith("$ bin/run.sh ");
            String[] words = lines.get(0).replaceFirst("^\\$ bin/run.sh ", "").split(" ");
            Equipose.Result result = equipose.run(words);
            assertThat(Stream.concat(result.out().lines(), result.complaints().stream())
                            .map(line -> line.replace(home.toString(), "equipose-" + Equipose.VERSION))
                            .map(ThirdPartyIT::withoutColumns))
                    .as(block)
                    .containsSubsequence(lines.stream()
                            .skip(1)
                            .map(ThirdPartyIT::withoutColumns)
                            .toList());
        }
    }

    /** Columns are as wide as what else is listed. */
    private static String withoutColumns(String line) {
        return line.replaceAll("(?<=\\S) +", " ");
    }

    @Test
    void theJarWorksUnderEveryJava() throws IOException {
        Collection<Jdk> all = Jdk.all();
        double[] first = null;
        for (Jdk jdk : all) {
            System.out.println("A jar from outside under Java " + jdk.version() + " in " + jdk.home());
            Equipose under = equipose.with("JAVA_HOME", jdk.home().toString());
            assertThat(under.succeed("list", "transform").out().lines())
                    .anySatisfy(line -> assertThat(line)
                            .matches("  swirl +turn that .* com\\.example\\.swirl@1\\.0\\.0 swirl-1\\.0\\.0\\.jar"));
            assertThat(under.succeed("describe", "swirl").out()).contains("  transform.swirl.radius\n");

            String name = "java-" + jdk.feature();
            Equipose.Result result = under.succeed(
                    Equipose.tiny("--transform", "swirl", "--set", "transform.swirl.radius=0.9", "--run-dir", name));
            assertThat(result.complaints()).isEmpty();
            Run run = new Run(folder.resolve(name));
            assertThat(run.manifest().get("machine").get("java").asText()).startsWith(jdk.version());
            assertThat(run.config()).containsEntry("transform.swirl.radius", "0.9");
            double[] elbo = run.columns().get("val/elbo");
            assertThat(elbo[1]).isGreaterThan(elbo[0]);
            // One turn per image: its divergence is there, and it is learned.
            assertThat(Arrays.stream(run.columns().get("train/kl_u")).min().orElseThrow())
                    .isPositive();
            run.picture("evaluation/reconstruction.png");
            run.picture("evaluation/samples.png");
            if (first == null) {
                first = elbo;
            }
            assertThat(elbo).as("as under the oldest Java").containsExactly(first, within(0.01));

            // The other plugin's library is taken from its own folder by machinery of Java that changes with its
            // version.
            assertThat(under.succeed("data", "check", "blobs").out()).startsWith("blobs ");
        }
        // -Dequipose.jdks=17,25 makes sure that none of them is missing.
        assertThat(all).extracting(Jdk::feature).containsAll(Jdk.required());
    }

    @Test
    void aFolderOfJarsHasItsOwnVersionOfALibrary() throws IOException {
        assertThat(names(home.resolve("plugins/blobs"))).containsExactly("blobs-1.0.0.jar", "snakeyaml-1.33.jar");
        assertThat(names(home.resolve("lib"))).anyMatch(jar -> jar.startsWith("snakeyaml-2."));
        assertThat(equipose.succeed("list").out().lines())
                .anySatisfy(
                        line -> assertThat(line).matches("  blobs +figures .* com\\.example\\.blobs@1\\.0\\.0 blobs"))
                .anySatisfy(line -> assertThat(line)
                        .matches("  total-variation +differences .* com\\.example\\.blobs@1\\.0\\.0 blobs"))
                .doesNotContain("problems");

        // Both read YAML, each with its own version: the program this file, the plugin that one.
        Path config = Files.writeString(folder.resolve("ours.yaml"), """
                dataset: blobs
                dataset.blobs.recipe: theirs.yaml
                dataset.blobs.train: 440
                dataset.blobs.test: 60
                transform: swirl
                objective: elbo+0.5*total-variation
                """);
        Files.writeString(folder.resolve("theirs.yaml"), "size: 20\nfigures: [[[0, 3, 2]], [[-3, 0, 2], [4, 0, 2]]]\n");
        Equipose.Result result = equipose.succeed(
                "--config",
                config.toString(),
                "--validation",
                "40",
                "--hidden",
                "12",
                "--latent-dim",
                "3",
                "--epochs",
                "2",
                "--run-dir",
                "both");
        assertThat(result.out()).contains("400 training, 40 validation and 60 test images of 20×20×1, targets grey\n");
        Run run = new Run(folder.resolve("both"));
        List<String> hashes = new ArrayList<>();
        for (JsonNode plugin : run.manifest().get("plugins")) {
            if (plugin.get("jar").asText().equals("blobs")) {
                hashes.addAll(List.of(plugin.get("sha256").asText().split(" ")));
            }
        }
        assertThat(hashes).as("of our jar and the library").hasSize(2).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        Map<String, double[]> columns = run.columns();
        for (int epoch = 0; epoch < 2; epoch++) {
            double bound = columns.get("train/elbo")[epoch];
            double variation = columns.get("train/total_variation")[epoch];
            assertThat(variation).isPositive();
            assertThat(columns.get("train/loss")[epoch]).isCloseTo(0.5 * variation - bound, within(0.01));
        }

        Files.writeString(folder.resolve("theirs.yaml"), "size: 20");
        Equipose.Result wrong = equipose.run("--config", config.toString(), "--run-dir", "wrong");
        assertThat(wrong.code()).as(wrong.toString()).isEqualTo(2);
        assertThat(wrong.complaints())
                .containsExactly("error: theirs.yaml is no recipe: it needs a size and figures such as"
                        + " [[0, 0, 2], [5, 0, 2]]; correct it");
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    /** The same jar in the same program, but for its library: it gets ours, which lacks what it was compiled against. */
    @Test
    void withoutItsLibraryItGetsOurs() throws IOException {
        Path plugins = Copy.tree(home.resolve("plugins"), folder.resolve("without"));
        Files.delete(plugins.resolve("blobs/snakeyaml-1.33.jar"));
        Equipose.Result result = equipose.run("data", "check", "blobs", "--plugins", plugins.toString());
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .asString()
                .contains("java.lang.NoSuchMethodError: org.yaml.snakeyaml.constructor.SafeConstructor: ")
                .contains("com.example.blobs.Recipe.read");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
