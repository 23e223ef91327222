package org.equipose.plugin.datasets;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.SplittableRandom;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;
import org.equipose.core.spi.Motion;

/**
 * Ten shapes of a few strokes, drawn a little differently each time and then moved: 28×28×1, labels 0 to 9 in turn, true
 * poses known. It needs no network and is made anew, in a moment, whenever it is opened.
 *
 * <p>A pose is (right in pixels, down in pixels, turn in degrees clockwise, scale), as in {@link Motion}: the shape about
 * the image centre is scaled, then turned, then shifted. No shape looks like itself or another after a turn. An image
 * depends on the seed and its own number alone, so that a smaller set is the beginning of a larger one; with a range of
 * zero the same images come without that motion.
 */
@Named("strokes")
@About("ten drawn shapes of 28×28 in known random poses, made here")
public final class Strokes implements DataSource {

    /**
     * What to draw. Each part of a pose is uniform on a range, scale on a logarithmic one.
     *
     * @param train training images
     * @param test test images
     * @param seed of shapes and poses
     * @param turn largest turn either way, degrees
     * @param scale largest magnification and, inverted, smallest
     * @param shift largest shift right, left, up and down, pixels
     */
    public record Settings(
            @About("training images") int train,
            @About("test images") int test,
            @About("seed of shapes and poses") long seed,
            @About("largest turn either way, degrees") double turn,

            @About("largest scale; the smallest is its inverse")
            double scale,

            @About("largest shift along each axis, pixels") double shift) {

        /** Makes the defaults: poses within ±45°, a factor of 1.25 and ±2 pixels, where no shape leaves the image. */
        public Settings() {
            this(2000, 500, 1, 45, 1.25, 2);
        }

        /** Checks the ranges. */
        public Settings {
            check(train >= 1, "train", "at least 1", train);
            check(test >= 1, "test", "at least 1", test);
            check(turn >= 0 && turn <= 180, "turn", "from 0 to 180", turn);
            check(scale >= 1 && scale <= 2, "scale", "from 1 to 2", scale);
            check(shift >= 0 && shift <= 14, "shift", "from 0 to 14", shift);
        }

        private static void check(boolean valid, String key, String range, Object found) {
            if (!valid) {
                throw new IllegalArgumentException(key + " must be " + range + " but was " + found);
            }
        }
    }

    private static final ImageSpec SPEC = new ImageSpec(28, 28, 1);

    /** How far each corner of a shape may be moved along each axis, in pixels. */
    private static final double JITTER = 0.6;

    private final Settings settings;

    /** Makes the set with its defaults. */
    public Strokes() {
        this(new Settings());
    }

    /** Makes the set. */
    @Inject
    public Strokes(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) {
        DataSets sets = new DataSets(split(settings.train(), 0), split(settings.test(), 1));
        context.progress().at("strokes", settings.train() + settings.test(), settings.train() + settings.test());
        return sets;
    }

    private Split split(int count, int which) {
        byte[] pixels = new byte[count * SPEC.size()];
        int[] labels = new int[count];
        float[][] poses = new float[count][];
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        for (int i = 0; i <= which; i++) {
            seeds = seeds.split();
        }
        for (int i = 0; i < count; i++) {
            SplittableRandom random = seeds.split();
            labels[i] = i % Shape.ALL.size();
            // The shape draws first and always the same number of times: it does not depend on the ranges of the pose.
            Shape shape = Shape.ALL.get(labels[i]).varied(random, JITTER);
            double halfWidth = 0.9 + 0.4 * random.nextDouble();
            Motion motion = motion(random);
            Canvas canvas = new Canvas(SPEC);
            canvas.draw(shape, halfWidth, motion);
            canvas.copyTo(pixels, i * SPEC.size());
            poses[i] = new float[] {
                (float) motion.right(), (float) motion.down(), (float) motion.turn(), (float) motion.scale()
            };
        }
        return new Split(SPEC, pixels, Optional.of(labels), Optional.of(poses));
    }

    private Motion motion(SplittableRandom random) {
        double right = settings.shift() * either(random);
        double down = settings.shift() * either(random);
        double turn = settings.turn() * either(random);
        double scale = StrictMath.pow(settings.scale(), either(random));
        return new Motion(right, down, turn, scale);
    }

    /** Draws uniformly from [−1, 1). */
    private static double either(SplittableRandom random) {
        return 2 * random.nextDouble() - 1;
    }
}
