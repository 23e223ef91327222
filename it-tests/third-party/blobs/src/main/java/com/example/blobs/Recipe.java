package com.example.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** What there is to draw: square images of a size, and figures, each of some blobs (right, down, radius). */
record Recipe(int size, List<List<double[]>> figures) {

    /** Reads a file; without one, the recipe that comes with the plugin. */
    @SuppressWarnings("deprecation") // deprecated in SnakeYAML 1.33, and gone in SnakeYAML 2, which the program uses
    static Recipe read(Optional<Path> file) throws IOException {
        if (file.isPresent() && !Files.isRegularFile(file.get())) {
            throw new IOException("there is no recipe " + file.get() + "; correct dataset.blobs.recipe");
        }
        try (InputStream text =
                file.isPresent() ? Files.newInputStream(file.get()) : Recipe.class.getResourceAsStream("recipe.yaml")) {
            return of(new Yaml(new SafeConstructor()).load(text));
        } catch (YAMLException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IOException(
                    file.map(Path::toString).orElse("recipe.yaml")
                            + " is no recipe: it needs a size and figures such as [[0, 0, 2], [5, 0, 2]]; correct it",
                    e);
        }
    }

    private static Recipe of(Map<String, ?> yaml) {
        List<List<double[]>> figures = new ArrayList<>();
        for (Object figure : (List<?>) yaml.get("figures")) {
            List<double[]> blobs = new ArrayList<>();
            for (Object blob : (List<?>) figure) {
                List<?> numbers = (List<?>) blob;
                require(numbers.size() == 3 && number(numbers, 2) > 0);
                blobs.add(new double[] {number(numbers, 0), number(numbers, 1), number(numbers, 2)});
            }
            require(!blobs.isEmpty());
            figures.add(blobs);
        }
        int size = (Integer) yaml.get("size");
        require(size >= 2 && size <= 1024 && !figures.isEmpty());
        return new Recipe(size, figures);
    }

    private static double number(List<?> numbers, int index) {
        return ((Number) numbers.get(index)).doubleValue();
    }

    private static void require(boolean sensible) {
        if (!sensible) {
            throw new IllegalArgumentException();
        }
    }
}
