package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Seeds;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;
import org.equipose.core.spi.Motion;

/**
 * Digits of {@link Mnist}, each turned about the image centre by an angle of its own: 28×28×1, labels 0 to 9, true poses known as
 * (right in pixels, down in pixels, turn in degrees clockwise, scale), of which only the turn is not trivial. {@link Motion#move} turns
 * the images.
 *
 * <p>The angle of a digit depends on the seed and on its number in MNIST alone, and the digits of a smaller set are some of those of a
 * larger one, in the order of MNIST. What was made is kept as an .npz in its folder of the cache; the digits themselves are in the
 * folder of {@code mnist} beside it.
 */
@Named("rot-mnist")
@About(value = "digits of mnist, turned by known random angles", paper = "Larochelle et al. 2007; Vivé 2017, section V")
public final class RotatedMnist implements DataSource {

    /**
     * What to make.
     *
     * @param angle largest turn either way, degrees; angles are uniform
     * @param train training images
     * @param test test images
     * @param seed of the angles, and of the choice of the digits
     */
    public record Settings(
            @About("largest turn either way, degrees; 180 is the whole circle")
            double angle,

            @About("training images, at most 60000") int train,
            @About("test images, at most 10000") int test,

            @About("seed of the angles and of the choice of digits")
            long seed) {

        /** Makes the defaults: 1,500 training images, turned by any angle, and all test images. */
        public Settings() {
            this(180, 1500, 10_000, 1);
        }

        /** Checks the ranges. */
        public Settings {
            check(angle >= 0 && angle <= 180, "angle", "from 0 to 180", angle);
            check(train >= 1 && train <= 60_000, "train", "from 1 to 60000", train);
            check(test >= 1 && test <= 10_000, "test", "from 1 to 10000", test);
        }

        private static void check(boolean valid, String key, String range, Object found) {
            if (!valid) {
                throw new IllegalArgumentException(key + " must be " + range + " but was " + found);
            }
        }
    }

    /** Part of the name of the file that is kept: goes up when the same settings make other images. */
    private static final int RECIPE = 1;

    private final Settings settings;

    /** Makes the set with its defaults. */
    public RotatedMnist() {
        this(new Settings());
    }

    /** Makes the set; nothing is read before it is opened. */
    @Inject
    public RotatedMnist(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        String name = "recipe-" + RECIPE + "-angle-" + settings.angle() + "-train-" + settings.train() + "-test-"
                + settings.test() + "-seed-" + settings.seed();
        return new DerivedFile(context.cache().resolve(name + ".npz"), context.progress()).open(() -> make(context));
    }

    private DataSets make(DataContext context) throws IOException {
        DataSets mnist = new Mnist()
                .open(new DataContext(
                        context.cache().resolveSibling("mnist"), context.seed(), context.fetch(), context.progress()));
        return new DataSets(
                turned(mnist.train(), settings.train(), "train"), turned(mnist.test(), settings.test(), "test"));
    }

    private Split turned(Split digits, int count, String which) {
        SplittableRandom random = new SplittableRandom(Seeds.derive(settings.seed(), which + " angles"));
        Motion[] motions = new Motion[digits.count()];
        Arrays.setAll(motions, i -> new Motion(0, 0, settings.angle() * (2 * random.nextDouble() - 1), 1));
        int[] chosen = Arrays.copyOf(
                DataSets.shuffled(digits.count(), Seeds.derive(settings.seed(), which + " digits")), count);
        Arrays.sort(chosen);
        Split upright = digits.select(chosen);
        int size = upright.spec().size();
        byte[] pixels = new byte[count * size];
        float[][] poses = new float[count][];
        for (int i = 0; i < count; i++) {
            Motion motion = motions[chosen[i]];
            byte[] digit = Arrays.copyOfRange(upright.pixels(), i * size, (i + 1) * size);
            System.arraycopy(motion.move(digit, upright.spec()), 0, pixels, i * size, size);
            poses[i] = new float[] {0, 0, (float) motion.turn(), 1};
        }
        return new Split(upright.spec(), pixels, upright.labels(), Optional.of(poses));
    }
}
