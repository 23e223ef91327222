package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.StringTokenizer;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * A user's own files in the form of Larochelle's variations on MNIST, such as rotated MNIST ({@code mnist_rotation_new}): text, in each
 * line the values of a square grey image, from 0 to 1, and its label, separated by white space. Values are rounded to multiples of 1/255.
 *
 * <p>The files do not say in which order an image is stored. Row by row, the default, is how the usual readers take them; if digits
 * come out mirrored, look at a 2 or a 7, {@code transposed} takes them column by column.
 */
@Named("amat")
@About(value = "your own .amat files, as Larochelle's rotated MNIST", paper = "Larochelle et al. 2007")
public final class AmatFiles implements DataSource {

    /**
     * Where the files are; paths are relative to the working folder.
     *
     * @param train file of training images, must be given
     * @param test file of test images; without it some of the others are kept for that
     * @param transposed whether images are stored column by column
     * @param testShare share of the images that is kept to test on if there are no others
     * @param testSeed draws that share
     */
    public record Settings(
            @About("file of training images, must be given, as mnist_all_rotation_normalized_float_train_valid.amat")
            Optional<Path> train,

            @About("file of test images; without it test-share of the others")
            Optional<Path> test,

            @About("whether images are stored column by column; true if digits come out mirrored")
            boolean transposed,

            @About("share of the images that is kept to test on")
            double testShare,

            @About("seed that draws the share") long testSeed) {

        /** Makes the defaults: no file, images row by row. */
        public Settings() {
            this(Optional.empty(), Optional.empty(), false, 0.1, 1);
        }

        /** Checks the share. */
        public Settings {
            UserFile.checkShare(testShare);
        }
    }

    private static final int MOST_LABEL = 1_000_000;

    /** Values of an image; larger ones than 1024×1024 are a mistake. */
    private static final int MOST_VALUES = 1 << 20;

    /** Values of all images together, about as many as an array of Java holds. */
    private static final int MOST_IN_ALL = Integer.MAX_VALUE - 8;

    private static final int LINES_BETWEEN_REPORTS = 500;

    private final Settings settings;

    /** Makes the source with its defaults, which name no file. */
    public AmatFiles() {
        this(new Settings());
    }

    /** Makes the source; nothing is read before it is opened. */
    @Inject
    public AmatFiles(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        Path file = settings.train()
                .orElseThrow(() -> new IOException(
                        "no file is named; give one with --set dataset.amat.train=FILE, and see run.sh describe amat"));
        Split train = read("train", file, context);
        if (settings.test().isEmpty()) {
            return UserFile.divided(train, settings.testShare(), settings.testSeed(), file);
        }
        Split test = read("test", settings.test().get(), context);
        if (!train.spec().equals(test.spec())) {
            throw new IOException(file + " holds images of " + train.spec() + " but "
                    + settings.test().get() + " of " + test.spec()
                    + "; training and test images must have one size");
        }
        return new DataSets(train, test);
    }

    private Split read(String key, Path file, DataContext context) throws IOException {
        UserFile.existing("dataset.amat." + key, file);
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; dataset.amat." + key + " must name a file");
        }
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            return read(file, lines, context);
        } catch (MalformedInputException e) {
            throw new IOException(file + " is not a text file; unpack it if it is an archive, or name another", e);
        }
    }

    private Split read(Path file, BufferedReader lines, DataContext context) throws IOException {
        byte[] pixels = new byte[0];
        int[] labels = new int[0];
        int side = 0;
        int count = 0;
        int number = 0;
        long read = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            read += line.length() + 1;
            if (line.isBlank()) {
                continue;
            }
            StringTokenizer words = new StringTokenizer(line);
            if (count == 0) {
                side = side(file + ":" + number, words.countTokens());
            }
            if (words.countTokens() != side * side + 1) {
                throw new IOException(
                        file + ":" + number + " has " + words.countTokens() + " numbers but the first image has "
                                + (side * side + 1) + "; repair the line or fetch the file again");
            }
            if (count == labels.length) {
                int room = room(file, count, side * side);
                labels = Arrays.copyOf(labels, room);
                pixels = Arrays.copyOf(pixels, room * side * side);
            }
            for (int i = 0; i < side * side; i++) {
                int place = settings.transposed() ? i % side * side + i / side : i;
                pixels[count * side * side + place] = pixel(file + ":" + number, i + 1, words.nextToken());
            }
            labels[count++] = label(file + ":" + number, words.nextToken());
            if (count % LINES_BETWEEN_REPORTS == 0) {
                context.progress().at("reading " + file.getFileName(), read, Files.size(file));
            }
        }
        if (count == 0) {
            throw new IOException(file + " holds no image; name another file");
        }
        return new Split(
                new ImageSpec(side, side, 1),
                Arrays.copyOf(pixels, count * side * side),
                Optional.of(Arrays.copyOf(labels, count)),
                Optional.empty());
    }

    /**
     * Returns for how many images room is made when there are {@code count} already.
     *
     * @param values of each image
     * @throws IOException if no more can be held
     */
    static int room(Path file, int count, int values) throws IOException {
        int most = MOST_IN_ALL / values;
        if (count >= most) {
            throw new IOException(file + " holds more than " + most + " images of " + values
                    + " values, which are all that fit into memory; divide it or make the images smaller");
        }
        return (int) Math.min(most, Math.max(16, count + count / 2L));
    }

    /** Returns the side of images of which the values, and a label, are in a line. */
    private static int side(String where, int numbers) throws IOException {
        int side = (int) Math.round(Math.sqrt(numbers - 1.0));
        if (numbers < 2 || numbers - 1 > MOST_VALUES || side * side != numbers - 1) {
            throw new IOException(where + " has " + numbers + " numbers; a line must hold a square image and its label,"
                    + " 785 numbers for one of 28×28, and at most 1024×1024");
        }
        return side;
    }

    private static byte pixel(String where, int position, String word) throws IOException {
        double value = number(where, position, word);
        if (!(value >= 0 && value <= 1)) {
            throw new IOException(where + ", number " + position + " is " + word + "; values of images go from 0 to 1");
        }
        return (byte) Math.round(255 * value);
    }

    private static int label(String where, String word) throws IOException {
        double value = number(where, -1, word);
        if (!(value >= 0 && value <= MOST_LABEL && value == Math.rint(value))) {
            throw new IOException(
                    where + " ends with " + word + "; the last number is the label, a whole number from 0");
        }
        return (int) value;
    }

    private static double number(String where, int position, String word) throws IOException {
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw new IOException(
                    where + (position < 0 ? ", the label" : ", number " + position) + " is '" + word
                            + "', which is no number",
                    e);
        }
    }
}
