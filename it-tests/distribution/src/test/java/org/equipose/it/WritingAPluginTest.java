package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/writing-a-plugin.md shows the projects in it-tests/third-party, not something like them. */
class WritingAPluginTest {
    private static final Path PROJECTS = Published.sources().resolve("it-tests/third-party");

    @Test
    void everyBlockIsWhatItSays() throws IOException {
        List<Guide.Block> blocks = Guide.blocks();
        long fences =
                Guide.text().lines().filter(line -> line.startsWith("```")).count();
        assertThat(fences).as("fences").isEqualTo(2L * blocks.size());
        for (Guide.Block block : blocks) {
            assertThat(block.kind()).as("what is this? %s", block.text()).isNotNull();
            if (block.file() != null) {
                String file = Files.readString(PROJECTS.resolve(block.file()));
                if (block.kind().equals("file")) {
                    assertThat(block.text()).as(block.file()).isEqualTo(file);
                } else {
                    assertThat(file).as(block.file()).contains(block.text());
                }
            }
        }
    }

    @Test
    void theFirstProjectIsThereAsAWhole() throws IOException {
        List<String> shown = Guide.blocks().stream()
                .filter(block -> "file".equals(block.kind()))
                .map(Guide.Block::file)
                .toList();
        try (Stream<Path> files = Files.walk(PROJECTS.resolve("swirl"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> PROJECTS.relativize(file).toString())
                            .filter(file -> !file.startsWith("swirl/target/")))
                    .isNotEmpty()
                    .isSubsetOf(shown);
        }
    }

    /** What it links to exists, pictures too. */
    @Test
    void linksLeadSomewhere() throws IOException {
        Matcher links = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)").matcher(Guide.text());
        List<String> targets = links.results().map(link -> link.group(1)).toList();
        assertThat(targets).isNotEmpty();
        for (String target : targets) {
            assertThat(Published.sources().resolve("docs").resolve(target)).exists();
        }
    }

    /** So that a build without a network, after ours, finds everything there. */
    @ParameterizedTest
    @ValueSource(strings = {"swirl", "blobs"})
    void versionsAreOurs(String project) throws IOException {
        Map<String, String> ours = versions(Files.readString(Published.sources().resolve("pom.xml")));
        String pom = Files.readString(PROJECTS.resolve(project).resolve("pom.xml"));
        versions(pom)
                .forEach((plugin, version) -> assertThat(version).as(plugin).isEqualTo(ours.get(plugin)));
        assertThat(versions(pom)).containsKeys("maven-compiler-plugin", "maven-surefire-plugin", "maven-jar-plugin");
        assertThat(pom).contains("<equipose.version>" + Equipose.VERSION + "</equipose.version>");
        Matcher junit = Pattern.compile("<junit.version>(.*)</junit.version>")
                .matcher(Files.readString(Published.sources().resolve("pom.xml")));
        assertThat(junit.find()).isTrue();
        assertThat(pom).contains("<artifactId>junit-jupiter</artifactId>\n      <version>" + junit.group(1) + "<");
    }

    private static Map<String, String> versions(String pom) {
        Map<String, String> versions = new TreeMap<>();
        Pattern.compile("<artifactId>(maven-\\w+-plugin)</artifactId>\\s*<version>([^<]*)</version>")
                .matcher(pom)
                .results()
                .forEach(plugin -> versions.put(plugin.group(1), plugin.group(2)));
        return versions;
    }
}
