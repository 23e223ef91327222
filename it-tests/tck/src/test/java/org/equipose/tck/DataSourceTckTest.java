package org.equipose.tck;

import static org.equipose.tck.Faults.caught;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.spi.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit passes a source of seeded noise, and catches each of these faults. */
class DataSourceTckTest extends DataSourceTck {
    @Override
    protected DataSource source() {
        return DataSourceTckTest::noise;
    }

    private static DataSets noise(DataContext context) {
        return new DataSets(split(20, context.seed()), split(10, context.seed() + 100));
    }

    private static Split split(int count, long seed) {
        ImageSpec spec = new ImageSpec(4, 4, 1);
        byte[] pixels = new byte[count * spec.size()];
        new Random(seed).nextBytes(pixels);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 10;
        }
        return new Split(spec, pixels, Optional.of(labels), Optional.empty());
    }

    private static DataSourceTck kit(DataSource faulty) {
        return new DataSourceTck() {
            @Override
            protected DataSource source() {
                return faulty;
            }
        };
    }

    @Test
    void catchesEmptySplits(@TempDir Path folder) {
        DataSourceTck kit = kit(context -> new DataSets(split(20, 1), split(0, 2)));
        caught("there are test images", () -> kit.splitsAreNotEmpty(folder));
    }

    @Test
    void catchesLabelsOutOfRange(@TempDir Path folder) {
        DataSourceTck kit = kit(context -> {
            Split test = split(10, 2);
            test.labels().orElseThrow()[3] = 10;
            return new DataSets(split(20, 1), test);
        });
        caught("test label 10 does not occur in training", () -> kit.labelsAndPosesAreSound(folder));
    }

    @Test
    void catchesImagesThatChange(@TempDir Path here, @TempDir Path there) {
        AtomicInteger opened = new AtomicInteger();
        DataSourceTck kit = kit(context -> new DataSets(split(20, opened.incrementAndGet()), split(10, 100)));
        caught("same seed, same training images", () -> kit.theSameSeedGivesTheSameImages(here, there));
    }

    /** A cache that forgets which seed it was made with. */
    @Test
    void catchesAForgottenSeed(@TempDir Path folder) {
        DataSourceTck kit = kit(context -> {
            Path file = context.cache().resolve("seed");
            if (!Files.exists(file)) {
                Files.writeString(file, Long.toString(context.seed()));
            }
            long seed = Long.parseLong(Files.readString(file));
            return noise(new DataContext(context.cache(), seed, false, context.progress()));
        });
        caught("another seed, other images, in the same cache folder", () -> kit.anotherSeedGivesOtherImages(folder));
    }

    @Test
    void catchesTestingOnTrainingImages(@TempDir Path folder) {
        DataSourceTck kit = kit(context -> new DataSets(split(20, 1), split(20, 1)));
        caught("training and test images differ", () -> kit.trainingAndTestImagesDiffer(folder));
    }

    /** Port 9 of this machine: the attempt is noticed before anything is sent, and then fails. */
    @Test
    void catchesAFetchThatWasNotAllowed(@TempDir Path folder) {
        DataSourceTck kit = kit(context -> {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:9/images").toURL().openConnection();
            try {
                connection.connect();
            } catch (IOException e) {
                return noise(context);
            }
            return noise(context);
        });
        caught("with fetching off the source still asked for [http", () -> kit.fetchesNothingUnlessAllowed(folder));
    }

    private static DataSourceTck remote(DataSource source) {
        return new DataSourceTck() {
            @Override
            protected DataSource source() {
                return source;
            }

            @Override
            protected boolean needsNetwork() {
                return true;
            }
        };
    }

    @Test
    void passesARefusalThatHelps(@TempDir Path folder) throws IOException {
        remote(context -> {
                    throw new IOException("some-images.gz is missing; put it into " + context.cache());
                })
                .fetchesNothingUnlessAllowed(folder);
    }

    @Test
    void catchesWhatIsNotAsDeclared(@TempDir Path folder) {
        caught(
                "this source cannot be opened",
                () -> remote(DataSourceTckTest::noise).fetchesNothingUnlessAllowed(folder));
        DataSourceTck kit = kit(context -> {
            throw new IOException("some-images.gz is missing; put it into " + context.cache());
        });
        caught("opens without one, but: some-images.gz", () -> kit.fetchesNothingUnlessAllowed(folder));
    }

    @Test
    void catchesWhatIsLeftBehind(@TempDir Path folder) {
        DataSourceTck kit = remote(context -> {
            Files.createDirectories(context.cache());
            Files.createFile(context.cache().resolve("some-images.part"));
            throw new IOException("some-images.gz is missing; put it into " + context.cache());
        });
        caught("leaves nothing behind", () -> kit.fetchesNothingUnlessAllowed(folder));
    }

    @Test
    void catchesAMessageThatSaysNothing(@TempDir Path folder) {
        DataSourceTck nameless = remote(context -> {
            throw new IOException("something is missing; put it into " + context.cache() + " or run.sh data fetch it");
        });
        caught("the refusal names the file that is missing", () -> nameless.fetchesNothingUnlessAllowed(folder));
        DataSourceTck kit = remote(context -> {
            throw new IOException("");
        });
        caught("the refusal tells the remedy", () -> kit.fetchesNothingUnlessAllowed(folder));
    }
}
