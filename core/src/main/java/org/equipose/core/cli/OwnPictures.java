package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.data.ImageFile;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.spi.Trained;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A user's own pictures, read as a model saw those it was trained on.
 *
 * @param files in the order they were given, those of a folder by name
 */
record OwnPictures(List<Path> files, Split images) {

    /** Adds the options that name pictures and say how to read them. */
    static void addTo(CommandSpec spec) {
        spec.addOption(Arguments.options("image", "FILE", "a PNG or JPEG, or a folder of them; repeatable"))
                .addOption(Arguments.flag("resize", "bring pictures of another size to that of the model"))
                .addOption(Arguments.flag("invert", "swap black and white: models of digits know white on black"));
    }

    /**
     * Reads the pictures that {@code --image} names.
     *
     * @param most pictures that the caller can use
     * @throws ConfigurationException if there are none, or too many
     * @throws IOException if one cannot be read; the message names it
     */
    static OwnPictures read(Arguments arguments, Trained trained, int most, Terminal terminal) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : arguments.paths("image")) {
            if (Files.isDirectory(path)) {
                files.addAll(within(path));
            } else {
                files.add(path);
            }
        }
        arguments.check();
        ImageSpec spec = trained.image();
        long limit = Math.min(most, (Integer.MAX_VALUE - 8L) / spec.size());
        if (files.size() > limit) {
            throw new ConfigurationException(
                    "there are " + files.size() + " pictures, but at most " + limit + " can be taken at once");
        }
        byte[] pixels = new byte[files.size() * spec.size()];
        boolean resize = arguments.has("resize");
        for (int i = 0; i < files.size(); i++) {
            ImageSpec size = ImageFile.size(files.get(i));
            if (!resize && (size.height() != spec.height() || size.width() != spec.width())) {
                throw new ConfigurationException(files.get(i) + " is " + size.height() + "×" + size.width()
                        + " (height×width), but the model was trained on " + spec.height() + "×" + spec.width()
                        + "; add --resize to have it scaled");
            }
            byte[] picture = ImageFile.read(files.get(i), spec, resize, arguments.has("invert"));
            System.arraycopy(picture, 0, pixels, i * spec.size(), spec.size());
        }
        Split images = new Split(spec, pixels, Optional.empty(), Optional.empty());
        if (DataSummary.lightEdges(images) && !arguments.has("invert")) {
            terminal.warn("the pictures look black on white; models of digits know white on black: --invert turns"
                    + " them round");
        }
        // What the model was trained on went the same way.
        return new OwnPictures(files, trained.targets().prepared(images, RunData.TEST_TARGETS));
    }

    private static List<Path> within(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> pictures = entries.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)"))
                    .sorted()
                    .toList();
            if (pictures.isEmpty()) {
                throw new ConfigurationException("there is no PNG or JPEG in " + folder);
            }
            return pictures;
        }
    }
}
