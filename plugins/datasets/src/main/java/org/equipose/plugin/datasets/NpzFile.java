package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Npz;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * A user's own file of NumPy's {@code savez}: images {@code [n, height, width]} or {@code [n, height, width, channels]} as
 * unsigned bytes or as floats from 0 to 1, which are rounded to multiples of 1/255; white on black.
 */
@Named("npz")
@About("your own arrays in a file of numpy.savez, as Keras' mnist.npz")
public final class NpzFile implements DataSource {

    /**
     * Where the arrays are; the path is relative to the working folder.
     *
     * @param path file, must be given
     * @param images name of the array of images to train on; empty for the first of a few common names
     * @param labels of their labels; empty likewise, but there need be none
     * @param testImages of the images to test on; likewise, without them some of the others are kept for that
     * @param testLabels of their labels
     * @param testShare share of the images that is kept to test on if there are no others
     * @param testSeed draws that share
     * @param invert whether black and white are exchanged
     */
    public record Settings(
            @About("the file, must be given") Optional<Path> path,

            @About("array of training images; empty for x_train, images, x or train_images")
            String images,

            @About("array of their labels; empty for y_train, labels, y or train_labels, if there is one")
            String labels,

            @About("array of test images; empty for x_test or test_images, if there is one")
            String testImages,

            @About("array of their labels; empty for y_test or test_labels, if there is one")
            String testLabels,

            @About("share of the images that is kept to test on")
            double testShare,

            @About("seed that draws the share") long testSeed,
            @About("whether black and white are exchanged") boolean invert) {

        /** Makes the defaults: no file, common names. */
        public Settings() {
            this(Optional.empty(), "", "", "", "", 0.1, 1, false);
        }

        /** Checks the share. */
        public Settings {
            UserFile.checkShare(testShare);
        }
    }

    private static final int MOST_LABEL = 1_000_000;

    private final Settings settings;

    /** Makes the source with its defaults, which name no file. */
    public NpzFile() {
        this(new Settings());
    }

    /** Makes the source; nothing is read before it is opened. */
    @Inject
    public NpzFile(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        Path file = settings.path()
                .orElseThrow(() -> new IOException(
                        "no file is named; give one with --set dataset.npz.path=FILE, and see run.sh describe npz"));
        UserFile.existing("dataset.npz.path", file);
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file; dataset.npz.path must name one");
        }
        List<String> names = names(file);
        String images = chosen(file, names, "images", settings.images(), "x_train", "images", "x", "train_images")
                .orElseThrow(() -> new IOException("none of the arrays of " + file + " (" + String.join(", ", names)
                        + ") is known to be the images; say which with dataset.npz.images"));
        Optional<String> labels =
                chosen(file, names, "labels", settings.labels(), "y_train", "labels", "y", "train_labels");
        Optional<String> testImages =
                chosen(file, names, "test-images", settings.testImages(), "x_test", "test_images");
        Optional<String> testLabels =
                chosen(file, names, "test-labels", settings.testLabels(), "y_test", "test_labels");
        if (testImages.isEmpty() && testLabels.isPresent()) {
            throw new IOException(file + " has the labels " + testLabels.get()
                    + " of test images that are not named; give them with dataset.npz.test-images");
        }
        if (testImages.isPresent() && labels.isPresent() != testLabels.isPresent()) {
            throw new IOException(file + " has labels for only one of " + images + " and " + testImages.get()
                    + "; name both with dataset.npz.labels and dataset.npz.test-labels, or remove the others");
        }
        Split train = split(file, images, labels);
        if (testImages.isEmpty()) {
            return UserFile.divided(train, settings.testShare(), settings.testSeed(), file);
        }
        Split test = split(file, testImages.get(), testLabels);
        if (!train.spec().equals(test.spec())) {
            throw new IOException(file + ": " + images + " holds images of " + train.spec() + " but " + testImages.get()
                    + " of " + test.spec() + "; training and test images must have one size");
        }
        return new DataSets(train, test);
    }

    private static List<String> names(Path file) throws IOException {
        try {
            return Npz.names(file);
        } catch (IOException e) {
            throw again(file, e);
        }
    }

    /** Returns the array that was asked for, or else the first that has a common name. */
    private static Optional<String> chosen(Path file, List<String> names, String key, String asked, String... common)
            throws IOException {
        if (!asked.isEmpty() && !names.contains(asked)) {
            throw new IOException(file + " has no array " + asked + ", only " + String.join(", ", names)
                    + "; change dataset.npz." + key);
        }
        return asked.isEmpty() ? Arrays.stream(common).filter(names::contains).findFirst() : Optional.of(asked);
    }

    private Split split(Path file, String images, Optional<String> labels) throws IOException {
        Npz.Array array = array(file, images);
        String named = file + ": " + images;
        long[] shape = array.shape();
        if (shape.length != 3 && shape.length != 4) {
            throw new IOException(named + " has the shape " + Arrays.toString(shape)
                    + "; images must be [n, height, width] or [n, height, width, channels]");
        }
        long channels = shape.length == 3 ? 1 : shape[3];
        if (channels != 1 && channels != 3) {
            throw new IOException(named + " has the shape " + Arrays.toString(shape) + ", which are " + channels
                    + " channels; images have 1 or 3, which come last");
        }
        if (array.count() == 0) {
            throw new IOException(
                    named + " has the shape " + Arrays.toString(shape) + " and holds no image; name another");
        }
        byte[] pixels = pixels(named, array);
        if (settings.invert()) {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) ~pixels[i];
            }
        }
        ImageSpec spec = new ImageSpec((int) shape[1], (int) shape[2], (int) channels);
        Optional<int[]> classes = Optional.empty();
        if (labels.isPresent()) {
            classes = Optional.of(labels(file, labels.get(), shape[0], images));
        }
        return new Split(spec, pixels, classes, Optional.empty());
    }

    private static byte[] pixels(String named, Npz.Array array) throws IOException {
        switch (array.type()) {
            case UINT8 -> {
                return array.bytes();
            }
            case FLOAT32, FLOAT64 -> {
                byte[] pixels = new byte[array.count()];
                float[] floats = array.type() == Npz.Type.FLOAT32 ? array.floats() : new float[0];
                double[] doubles = array.type() == Npz.Type.FLOAT64 ? array.doubles() : new double[0];
                for (int i = 0; i < pixels.length; i++) {
                    double value = floats.length > 0 ? floats[i] : doubles[i];
                    if (!(value >= 0 && value <= 1)) {
                        throw new IOException(named + " holds the value " + value
                                + "; floats must be from 0 to 1, whole numbers to 255 of the type uint8");
                    }
                    pixels[i] = (byte) Math.round(255 * value);
                }
                return pixels;
            }
            default ->
                throw new IOException(named + " holds values of type " + array.type()
                        + "; save images as uint8, or as floats from 0 to 1");
        }
    }

    private static int[] labels(Path file, String name, long images, String imagesName) throws IOException {
        Npz.Array array = array(file, name);
        String named = file + ": " + name;
        if (array.shape().length != 1) {
            throw new IOException(named + " has the shape " + Arrays.toString(array.shape())
                    + "; labels must be [n], one class number an image");
        }
        if (array.count() != images) {
            throw new IOException(named + " holds " + array.count() + " labels but " + imagesName + " " + images
                    + " images; give each image one, or name another array");
        }
        long[] values =
                switch (array.type()) {
                    case UINT8 -> {
                        byte[] bytes = array.bytes();
                        long[] wide = new long[bytes.length];
                        Arrays.setAll(wide, i -> bytes[i] & 0xff);
                        yield wide;
                    }
                    case INT32 -> Arrays.stream(array.ints()).asLongStream().toArray();
                    case INT64 -> array.longs();
                    default ->
                        throw new IOException(named + " holds values of type " + array.type()
                                + "; save labels as uint8, int32 or int64");
                };
        for (long value : values) {
            if (value < 0 || value > MOST_LABEL) {
                throw new IOException(
                        named + " holds the label " + value + "; classes are numbered from 0 to at most " + MOST_LABEL);
            }
        }
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    private static Npz.Array array(Path file, String name) throws IOException {
        try {
            return Npz.read(file, name);
        } catch (IOException e) {
            throw again(file, e);
        }
    }

    private static IOException again(Path file, IOException e) {
        return new IOException(UserFile.reason(file, e) + "; save it again with numpy.savez", e);
    }
}
