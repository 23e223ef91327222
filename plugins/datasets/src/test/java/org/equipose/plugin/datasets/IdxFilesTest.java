package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFilesTest {

    private static final byte[] PIXELS = Written.noise(10 * 6, 1);

    @TempDir
    private Path folder;

    private Path images;
    private Path labels;
    private Path testImages;
    private Path testLabels;

    @BeforeEach
    void write() throws IOException {
        images = Files.write(folder.resolve("images"), Written.idx(PIXELS, 10, 2, 3));
        labels = Files.write(folder.resolve("labels.gz"), Written.gzip(Written.idx(Written.threeClasses(10), 10)));
        testImages = Files.write(folder.resolve("test.gz"), Written.gzip(Written.idx(Written.noise(24, 2), 4, 2, 3)));
        testLabels = Files.write(folder.resolve("test-labels"), Written.idx(Written.threeClasses(4), 4));
    }

    @Test
    void readsFourFiles() throws IOException {
        DataSets data = open(images, labels, testImages, testLabels);
        assertThat(data.spec()).isEqualTo(new ImageSpec(2, 3, 1));
        assertThat(data.train().pixels()).isEqualTo(PIXELS);
        assertThat(data.train().labels().orElseThrow()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
        assertThat(data.test().pixels()).isEqualTo(Written.noise(24, 2));
        assertThat(data.test().labels().orElseThrow()).containsExactly(0, 1, 2, 0);
    }

    @Test
    void needsNoLabels() throws IOException {
        DataSets data = open(images, null, testImages, null);
        assertThat(data.train().labels()).isEmpty();
        assertThat(data.test().labels()).isEmpty();
    }

    @Test
    void keepsAShareToTestOn() throws IOException {
        DataSets data = source(images, labels, null, null, 0.3, 1);
        assertThat(data.train().count()).isEqualTo(7);
        assertThat(data.test().count()).isEqualTo(3);
        // Which images are tested on shows in the pixels; together they are all, each in its order.
        int[] train = places(data.train().pixels());
        int[] test = places(data.test().pixels());
        assertThat(train).isSorted();
        assertThat(test).isSorted();
        assertThat(IntStream.concat(Arrays.stream(train), Arrays.stream(test)))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(data.test().labels().orElseThrow())
                .containsExactly(Arrays.stream(test).map(i -> i % 3).toArray());
        assertThat(places(source(images, labels, null, null, 0.3, 2).test().pixels()))
                .isNotEqualTo(test);
        assertThat(source(images, labels, null, null, 0.001, 2).test().count()).isEqualTo(1);
        assertThat(source(images, labels, null, null, 0.999, 2).train().count()).isEqualTo(1);
    }

    private static int[] places(byte[] pixels) {
        return IntStream.range(0, pixels.length / 6)
                .map(i -> IntStream.range(0, 10)
                        .filter(j -> Arrays.equals(pixels, 6 * i, 6 * i + 6, PIXELS, 6 * j, 6 * j + 6))
                        .findFirst()
                        .orElseThrow())
                .toArray();
    }

    @Test
    void saysWhatIsNotNamed() {
        refused(null, null, null, null, "no file is named; give one with --set dataset.idx.images=FILE");
        refused(
                images,
                null,
                null,
                testLabels,
                "labels images that are not named; give them with dataset.idx.test-images");
        refused(images, labels, testImages, null, "only one of " + images + " and " + testImages + " has labels");
        refused(
                images,
                null,
                testImages,
                testLabels,
                "give both dataset.idx.labels and dataset.idx.test-labels, or neither");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        Path missing = Path.of("nowhere/images");
        refused(
                missing,
                null,
                null,
                null,
                "there is no nowhere/images in " + Path.of("").toAbsolutePath()
                        + "; look for a mistake in dataset.idx.images");
        refused(folder, null, null, null, folder + " is a folder; dataset.idx.images must name a file");
        refused(
                labels,
                null,
                null,
                null,
                labels + " has 1 axes but 3 were expected, as in a file of images; write it again");
        refused(images, images, null, null, images + " has 3 axes but 1 were expected, as in a file of labels");
        refused(images, testLabels, null, null, images + " has 10 images but " + testLabels + " has 4 labels");
        Path none = Files.write(folder.resolve("none"), Written.idx(new byte[0], 0, 65536, 65536));
        refused(none, null, null, null, none + " holds no image; name another file");
        Path one = Files.write(folder.resolve("one"), Written.idx(new byte[6], 1, 2, 3));
        refused(one, null, null, null, one + " holds a single image");
        Path large = Files.write(folder.resolve("large"), Written.idx(new byte[24], 2, 3, 4));
        refused(images, null, large, null, images + " holds images of 2×3×1 but " + large + " of 3×4×1");
    }

    @Test
    void refusesSharesThatLeaveNothing() {
        for (double share : new double[] {0, 1, -1, Double.NaN}) {
            assertThatThrownBy(() -> settings(images, null, null, null, share, 1))
                    .hasMessage("test-share must be above 0 and below 1 but was " + share);
        }
    }

    private static void refused(Path images, Path labels, Path testImages, Path testLabels, String message) {
        assertThatThrownBy(() -> open(images, labels, testImages, testLabels))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    private static DataSets open(Path images, Path labels, Path testImages, Path testLabels) throws IOException {
        return source(images, labels, testImages, testLabels, 0.1, 1);
    }

    private static DataSets source(Path images, Path labels, Path testImages, Path testLabels, double share, long seed)
            throws IOException {
        return Written.open(new IdxFiles(settings(images, labels, testImages, testLabels, share, seed)));
    }

    private static IdxFiles.Settings settings(
            Path images, Path labels, Path testImages, Path testLabels, double share, long seed) {
        return new IdxFiles.Settings(
                Optional.ofNullable(images),
                Optional.ofNullable(labels),
                Optional.ofNullable(testImages),
                Optional.ofNullable(testLabels),
                share,
                seed);
    }
}
