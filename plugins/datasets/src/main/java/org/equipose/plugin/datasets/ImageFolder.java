package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageFile;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * A user's own pictures in a folder; see {@link ImageFile} for what becomes of colours, transparency and sizes. White on black
 * is expected; {@code invert} turns black on white round.
 *
 * <p>Pictures in folders are labelled: the folders in the order of their names are the classes 0, 1, … Pictures that are not
 * in folders have no labels. A folder {@code train} beside a folder {@code test}, each of them like that, makes the splits;
 * otherwise a share is kept to test on. The order is that of the names. Hidden files are passed over; every other file must be
 * a picture.
 */
@Named("folder")
@About("your own PNG, JPEG, GIF or BMP pictures, by class or not")
public final class ImageFolder implements DataSource {

    /**
     * Where the pictures are and what to make of them; paths are relative to the working folder.
     *
     * @param path folder, must be given
     * @param test folder of pictures to test on; empty for its folder {@code test} or else a share of the others
     * @param size {@code 28x28}, height by width; empty if all pictures have one size
     * @param channels 1 for grey, 3 for colour
     * @param resize whether pictures of another size are scaled to fit, with black around them
     * @param invert whether black and white are exchanged
     * @param testShare share of the images that is kept to test on if there are no others
     * @param testSeed draws that share
     */
    public record Settings(
            @About("the folder, must be given; relative to the working folder")
            Optional<Path> path,

            @About("folder of test images; empty for the folder test in it, or else test-share of the others")
            Optional<Path> test,

            @About("height and width such as 28x28; empty if all pictures have one size")
            String size,

            @About("1 for grey, 3 for colour") int channels,

            @About("whether pictures of another size are scaled to fit, with black around them")
            boolean resize,

            @About("whether black and white are exchanged; white on black is expected")
            boolean invert,

            @About("share of the images that is kept to test on")
            double testShare,

            @About("seed that draws the share") long testSeed) {

        /** Makes the defaults: no folder, grey, all of one size. */
        public Settings() {
            this(Optional.empty(), Optional.empty(), "", 1, false, false, 0.1, 1);
        }

        /** Checks sizes and the share. */
        public Settings {
            if (!size.isEmpty() && !SIZE.matcher(size).matches()) {
                throw new IllegalArgumentException(
                        "size must be height and width such as 28x28, or empty, but was " + size);
            }
            if (channels != 1 && channels != 3) {
                throw new IllegalArgumentException("channels must be 1 or 3 but was " + channels);
            }
            UserFile.checkShare(testShare);
        }
    }

    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");

    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    /** Pictures of one split; without classes, there are no labels. */
    private record Pictures(Path folder, List<Path> files, List<Integer> labels, List<String> classes) {}

    private final Settings settings;

    /** Makes the source with its defaults, which name no folder. */
    public ImageFolder() {
        this(new Settings());
    }

    /** Makes the source; nothing is read before it is opened. */
    @Inject
    public ImageFolder(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        Path root = settings.path()
                .orElseThrow(() -> new IOException("no folder is named; give one with --set dataset.folder.path=DIR,"
                        + " and see run.sh describe folder"));
        if (settings.resize() && settings.size().isEmpty()) {
            throw new IOException(
                    "to resize pictures their size must be known; give it with dataset.folder.size=28x28");
        }
        folder("dataset.folder.path", root);
        Path train = root;
        Optional<Path> test = settings.test();
        if (test.isPresent()) {
            folder("dataset.folder.test", test.get());
        } else if (Files.isDirectory(root.resolve("train")) && Files.isDirectory(root.resolve("test"))) {
            train = root.resolve("train");
            test = Optional.of(root.resolve("test"));
            for (Path other : visible(root)) {
                if (!other.equals(train) && !other.equals(test.get())) {
                    throw new IOException(other + " is beside the folders train and test; move it away, or name two"
                            + " folders with dataset.folder.path and dataset.folder.test");
                }
            }
        }
        Pictures pictures = pictures(train, List.of());
        ImageSpec spec = spec(pictures.files().get(0));
        Split trainSplit = read(pictures, spec, context.progress());
        if (test.isEmpty()) {
            return UserFile.divided(trainSplit, settings.testShare(), settings.testSeed(), train)
                    .named(pictures.classes());
        }
        Pictures testPictures = pictures(test.get(), pictures.classes());
        if (testPictures.classes().isEmpty() != pictures.classes().isEmpty()) {
            throw new IOException("only one of " + train + " and " + test.get()
                    + " has a folder for each class; both need them, or neither");
        }
        return new DataSets(trainSplit, read(testPictures, spec, context.progress())).named(pictures.classes());
    }

    private static void folder(String key, Path folder) throws IOException {
        UserFile.existing(key, folder);
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is not a folder; " + key + " must name one");
        }
    }

    /**
     * Lists the pictures of a split.
     *
     * @param known classes there are; empty if this folder says it
     */
    private static Pictures pictures(Path folder, List<String> known) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        for (Path path : visible(folder)) {
            (Files.isDirectory(path) ? folders : files).add(path);
        }
        if (!files.isEmpty() && !folders.isEmpty()) {
            throw new IOException(folder + " holds the file " + files.get(0).getFileName() + " beside the folder "
                    + folders.get(0).getFileName() + "; put all pictures into folders, one for each class, or none");
        }
        List<Integer> labels = new ArrayList<>();
        List<String> classes = new ArrayList<>(known);
        for (Path one : folders) {
            String name = one.getFileName().toString();
            if (known.isEmpty()) {
                classes.add(name);
            } else if (!known.contains(name)) {
                throw new IOException(one + " is no class to train on; there are " + String.join(", ", known)
                        + "; rename or remove it");
            }
            List<Path> inside = visible(one);
            if (inside.isEmpty()) {
                throw new IOException(one + " holds no picture; put some there or remove it");
            }
            for (Path file : inside) {
                if (Files.isDirectory(file)) {
                    throw new IOException(file + " is a folder in the folder of a class; only pictures may be there");
                }
                files.add(file);
                labels.add(classes.indexOf(name));
            }
        }
        if (files.isEmpty()) {
            throw new IOException(folder + " holds no picture; put some there or name another folder");
        }
        return new Pictures(folder, files, labels, folders.isEmpty() ? List.of() : classes);
    }

    /** Returns what is not hidden, in the order of the names. */
    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IOException(UserFile.reason(folder, e) + "; look at its permissions", e);
        }
    }

    private ImageSpec spec(Path first) throws IOException {
        Matcher size = SIZE.matcher(settings.size());
        if (size.matches()) {
            return new ImageSpec(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)), settings.channels());
        }
        ImageSpec found = ImageFile.size(first);
        return new ImageSpec(found.height(), found.width(), settings.channels());
    }

    private Split read(Pictures pictures, ImageSpec spec, Progress progress) throws IOException {
        int count = pictures.files().size();
        if ((long) count * spec.size() > MOST_BYTES) {
            throw new IOException(pictures.folder() + " holds " + count + " pictures, which as images of " + spec
                    + " do not fit in memory; make dataset.folder.size smaller");
        }
        byte[] pixels = new byte[count * spec.size()];
        for (int i = 0; i < count; i++) {
            Path file = pictures.files().get(i);
            byte[] image = ImageFile.read(file, spec, settings.resize(), settings.invert());
            System.arraycopy(image, 0, pixels, i * spec.size(), image.length);
            progress.at("reading " + pictures.folder(), i + 1L, count);
        }
        Optional<int[]> labels = pictures.classes().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        pictures.labels().stream().mapToInt(Integer::intValue).toArray());
        return new Split(spec, pixels, labels, Optional.empty());
    }
}
