package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Idx;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/** A user's own files in the format of MNIST's, plain or compressed with gzip: grey images of bytes, white on black. */
@Named("idx")
@About("your own files in the format of MNIST's, plain or .gz")
public final class IdxFiles implements DataSource {

    /**
     * Where the files are; paths are relative to the working folder.
     *
     * @param images images to train on, must be given
     * @param labels their labels
     * @param testImages images to test on; without them some of the others are kept for that
     * @param testLabels their labels
     * @param testShare share of the images that is kept to test on if there are no others
     * @param testSeed draws that share
     */
    public record Settings(
            @About("file of training images, must be given") Optional<Path> images,
            @About("file of their labels") Optional<Path> labels,

            @About("file of test images; without it test-share of the others")
            Optional<Path> testImages,

            @About("file of their labels") Optional<Path> testLabels,

            @About("share of the images that is kept to test on")
            double testShare,

            @About("seed that draws the share") long testSeed) {

        /** Makes the defaults: no file at all. */
        public Settings() {
            this(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0.1, 1);
        }

        /** Checks the share. */
        public Settings {
            UserFile.checkShare(testShare);
        }
    }

    private final Settings settings;

    /** Makes the source with its defaults, which name no file. */
    public IdxFiles() {
        this(new Settings());
    }

    /** Makes the source; nothing is read before it is opened. */
    @Inject
    public IdxFiles(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        Path images = settings.images()
                .orElseThrow(() -> new IOException(
                        "no file is named; give one with --set dataset.idx.images=FILE, and see run.sh describe idx"));
        if (settings.testImages().isEmpty() && settings.testLabels().isPresent()) {
            throw new IOException(settings.testLabels().get()
                    + " labels images that are not named; give them with dataset.idx.test-images");
        }
        if (settings.testImages().isPresent()
                && settings.labels().isPresent() != settings.testLabels().isPresent()) {
            throw new IOException("only one of " + images + " and "
                    + settings.testImages().get()
                    + " has labels; give both dataset.idx.labels and dataset.idx.test-labels, or neither");
        }
        Split train = read("images", images, "labels", settings.labels());
        if (settings.testImages().isEmpty()) {
            return UserFile.divided(train, settings.testShare(), settings.testSeed(), images);
        }
        Path testImages = settings.testImages().get();
        Split test = read("test-images", testImages, "test-labels", settings.testLabels());
        if (!train.spec().equals(test.spec())) {
            throw new IOException(images + " holds images of " + train.spec() + " but " + testImages + " of "
                    + test.spec() + "; training and test images must have one size");
        }
        return new DataSets(train, test);
    }

    private static Split read(String imagesKey, Path images, String labelsKey, Optional<Path> labels)
            throws IOException {
        Idx values = read(imagesKey, images, 3);
        if (values.shape()[0] == 0) {
            throw new IOException(images + " holds no image; name another file");
        }
        return labels.isPresent() ? values.with(read(labelsKey, labels.get(), 1)) : values.images();
    }

    private static Idx read(String key, Path file, int axes) throws IOException {
        UserFile.existing("dataset.idx." + key, file);
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder; dataset.idx." + key + " must name a file");
        }
        try {
            return Idx.read(file, axes);
        } catch (IOException e) {
            throw new IOException(UserFile.reason(file, e) + "; write it again as unsigned bytes, or name another", e);
        }
    }
}
