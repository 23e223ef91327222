package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.spi.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link DataSource} promises. Extend, return your source, and inherit the tests. */
public abstract class DataSourceTck {

    /** Such as {@code train-images-idx3-ubyte} or {@code batch.tar.gz}. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9]+([-_.][A-Za-z0-9]+)+");

    /** For subclasses. */
    protected DataSourceTck() {}

    /** Returns the source under test, built as a user would build it, and small if it is made to size. */
    protected abstract DataSource source();

    /** Says whether the images are made with the seed; true by default, false for files from elsewhere. */
    protected boolean seeded() {
        return true;
    }

    /** Says whether the source needs files from the network; false by default. */
    protected boolean needsNetwork() {
        return false;
    }

    /**
     * Returns what the source is opened with. A source that needs the network returns one whose cache is shared by all
     * tests, and which may fetch.
     *
     * @param folder empty
     */
    protected DataContext context(Path folder, long seed) {
        return new DataContext(folder, seed, false, Progress.SILENT);
    }

    /**
     * Returns the folder that the files of a source belong into; that of the source by default. A set made of another one is
     * short of the files of that.
     *
     * @param cache folder of the source
     */
    protected Path folderOfFiles(Path cache) {
        return cache;
    }

    private DataSets open(Path folder, long seed) throws IOException {
        return source().open(context(folder, seed));
    }

    /** Checks that there is something to train on and something to test on. */
    @Test
    public void splitsAreNotEmpty(@TempDir Path folder) throws IOException {
        DataSets data = open(folder.resolve("not-yet-there"), GraphFixture.SEED);
        assertTrue(data.train().count() > 0, "there are training images");
        assertTrue(data.test().count() > 0, "there are test images");
        assertEquals(data.spec(), data.train().spec(), "all images have one size");
        assertEquals(data.spec(), data.test().spec(), "all images have one size");
        for (Split split : List.of(data.train(), data.test())) {
            byte first = split.pixels()[0];
            boolean varied = false;
            for (byte pixel : split.pixels()) {
                varied |= pixel != first;
            }
            assertTrue(varied, "images are not all of one colour");
        }
    }

    /** Checks labels and poses, where there are any. */
    @Test
    public void labelsAndPosesAreSound(@TempDir Path folder) throws IOException {
        DataSets data = open(folder, GraphFixture.SEED);
        assertEquals(
                data.train().labels().isPresent(),
                data.test().labels().isPresent(),
                "both splits are labelled, or none");
        int classes = 0;
        for (int label : data.train().labels().orElse(new int[0])) {
            assertTrue(label >= 0, () -> "labels count from 0 but one is " + label);
            classes = Math.max(classes, label + 1);
        }
        boolean[] seen = new boolean[classes];
        for (int label : data.train().labels().orElse(new int[0])) {
            seen[label] = true;
        }
        for (int label = 0; label < classes; label++) {
            assertTrue(seen[label], "every class up to the largest label has a training image, class " + label);
        }
        for (int label : data.test().labels().orElse(new int[0])) {
            assertTrue(label >= 0 && label < seen.length, () -> "test label " + label + " does not occur in training");
        }
        for (Split split : List.of(data.train(), data.test())) {
            for (float[] pose : split.poses().orElse(new float[0][])) {
                assertEquals(split.poses().orElseThrow()[0].length, pose.length, "poses have one size");
                Check.finite("poses are finite", pose);
            }
        }
    }

    /** Checks that opening twice gives the same images, from the same folder and from another. */
    @Test
    public void theSameSeedGivesTheSameImages(@TempDir Path here, @TempDir Path elsewhere) throws IOException {
        DataSets first = open(here, GraphFixture.SEED);
        for (Path folder : List.of(here, elsewhere)) {
            DataSets again = open(folder, GraphFixture.SEED);
            assertEquals(first.train().hash(), again.train().hash(), Check.promise("same seed, same training images"));
            assertEquals(first.test().hash(), again.test().hash(), Check.promise("same seed, same test images"));
        }
    }

    /** Checks that what is made with a seed depends on it, also when another seed was there before. */
    @Test
    public void anotherSeedGivesOtherImages(@TempDir Path folder) throws IOException {
        assumeTrue(seeded(), "these images come from files");
        String first = open(folder, GraphFixture.SEED).train().hash();
        String other = open(folder, GraphFixture.SEED + 1).train().hash();
        assertNotEquals(first, other, "another seed, other images, in the same cache folder");
    }

    /** Checks that no image is both trained and tested on. */
    @Test
    public void trainingAndTestImagesDiffer(@TempDir Path folder) throws IOException {
        DataSets data = open(folder, GraphFixture.SEED);
        assertNotEquals(data.train().hash(), data.test().hash(), "training and test images differ");
    }

    /** Checks that nothing is fetched when fetching is off, and that the message helps. */
    @Test
    public void fetchesNothingUnlessAllowed(@TempDir Path parent) throws IOException {
        Path folder = parent.resolve("cache");
        List<URI> asked = Collections.synchronizedList(new ArrayList<>());
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException problem) {}
        });
        try {
            source().open(new DataContext(folder, GraphFixture.SEED, false, Progress.SILENT));
            assertFalse(needsNetwork(), "with an empty cache and fetching off, this source cannot be opened");
        } catch (IOException e) {
            assertTrue(
                    needsNetwork(), () -> "a source that needs no network opens without one, but: " + e.getMessage());
            String message = String.valueOf(e.getMessage());
            assertTrue(
                    message.contains(folderOfFiles(folder).toString()),
                    () -> "the refusal tells the remedy, to put the file into " + folderOfFiles(folder) + ", but says: "
                            + message);
            String rest = message.replace(folderOfFiles(folder).toString(), "").replace("run.sh", "");
            assertTrue(
                    FILE_NAME.matcher(rest).find(),
                    () -> "the refusal names the file that is missing, but says: " + message);
            assertEquals(List.of(), below(parent), "a source that refuses leaves nothing behind");
        } finally {
            ProxySelector.setDefault(before);
        }
        if (!asked.isEmpty()) {
            fail("with fetching off the source still asked for " + asked);
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
