package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A run directory, read without the code that wrote it. */
record Run(Path folder) {

    /** Returns the only run below a folder of runs. */
    static Run only(Path parent) throws IOException {
        try (Stream<Path> manifests = Files.find(parent, 4, (path, a) -> path.endsWith("manifest.json"))) {
            List<Path> found = manifests.toList();
            assertThat(found).as("runs below " + parent).hasSize(1);
            return new Run(found.get(0).getParent());
        }
    }

    /** Returns the bytes of metrics.csv as text. */
    String metrics() throws IOException {
        return Files.readString(folder.resolve("metrics.csv"));
    }

    /** Returns metrics.csv by column; every cell must be a finite number. */
    Map<String, double[]> columns() throws IOException {
        List<String> lines = metrics().lines().toList();
        String[] names = lines.get(0).split(",", -1);
        Map<String, double[]> columns = new LinkedHashMap<>();
        for (String name : names) {
            columns.put(name, new double[lines.size() - 1]);
        }
        for (int row = 1; row < lines.size(); row++) {
            String[] cells = lines.get(row).split(",", -1);
            assertThat(cells).as(lines.get(row)).hasSameSizeAs(names);
            for (int i = 0; i < cells.length; i++) {
                columns.get(names[i])[row - 1] = Double.parseDouble(cells[i]);
                assertThat(columns.get(names[i])[row - 1])
                        .as(names[i] + " of " + folder)
                        .isFinite();
            }
        }
        return columns;
    }

    /** Returns config.yaml, which is flat: one line a key. */
    Map<String, String> config() throws IOException {
        Map<String, String> values = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("config.yaml"))) {
            if (!line.startsWith("#")) {
                int colon = line.indexOf(": ");
                values.put(line.substring(0, colon), line.substring(colon + 2).replaceAll("^\"|\"$", ""));
            }
        }
        return values;
    }

    /** Returns all components that were chosen, by kind and name, for example {@code transform tps}. */
    Set<String> components() throws IOException {
        Set<String> components = new TreeSet<>();
        config().forEach((key, value) -> {
            switch (key) {
                case "dataset", "model", "encoder", "decoder" -> components.add(key + " " + value);
                case "transform" -> each(value, "\\+", components, key);
                case "code-prior", "pose-prior" -> components.add("prior " + value);
                case "objective" -> each(value, "\\+", components, key);
                case "eval" -> each(value, ",", components, "evaluator");
                default -> {
                    // a setting
                }
            }
        });
        return components;
    }

    /** The names in a list; those of objectives may have a weight before them. */
    private static void each(String list, String separator, Set<String> components, String kind) {
        for (String name : list.split(separator, -1)) {
            components.add(kind + " " + name.substring(name.indexOf('*') + 1));
        }
    }

    /** Returns manifest.json. */
    JsonNode manifest() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
    }

    /** Returns evaluation/NAME.json. */
    JsonNode evaluation(String name) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("evaluation/" + name + ".json").toFile());
    }

    /** Returns the value of a number of an evaluation on the test images; it must say what it is. */
    double measure(String evaluation, String name) throws IOException {
        return measure(evaluation, name, "test");
    }

    /** Returns the value of a number of an evaluation; it must say what it is. */
    double measure(String evaluation, String name, String split) throws IOException {
        for (JsonNode measure : evaluation(evaluation).get("measures")) {
            assertThat(measure.get("unit").asText()).isNotBlank();
            assertThat(measure.get("split").asText()).isEqualTo(split);
            assertThat(measure.get("protocol").asText()).isNotBlank();
            if (measure.get("name").asText().equals(name)) {
                assertThat(measure.get("value").isNumber()).isTrue();
                return measure.get("value").asDouble();
            }
        }
        throw new AssertionError("no " + name + " in " + evaluation(evaluation));
    }

    /** Returns a picture, which must not be of one colour. */
    BufferedImage picture(String file) throws IOException {
        BufferedImage image = ImageIO.read(folder.resolve(file).toFile());
        assertThat(image).as(file).isNotNull();
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        assertThat(java.util.Arrays.stream(pixels).distinct().count())
                .as("colours of " + file)
                .isGreaterThan(2);
        return image;
    }

    /** Returns the names of the checkpoints, which hold step and digest. */
    List<String> checkpoints() throws IOException {
        return names("checkpoints");
    }

    /** Returns the step of the newest checkpoint; -1 without any. */
    long step() throws IOException {
        return Files.isDirectory(folder.resolve("checkpoints"))
                ? checkpoints().stream()
                        .filter(name -> name.startsWith("step-"))
                        .map(name -> Long.valueOf(name.substring(5, name.indexOf('-', 5))))
                        .max(Comparator.naturalOrder())
                        .orElse(-1L)
                : -1;
    }

    /** Returns the names of the files in a folder of the run. */
    List<String> names(String below) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(below))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
