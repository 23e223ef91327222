package com.example.blobs;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.spi.About;
import org.equipose.core.spi.DataSource;

/**
 * Figures of soft blobs, turned by up to 45° and shifted by up to 2 pixels at random. The figure is the label; the pose is
 * (right in pixels, down in pixels, turn in degrees clockwise).
 */
@Named("blobs")
@About("figures of soft blobs in known poses, made on the spot")
public final class Blobs implements DataSource {

    /**
     * Settings.
     *
     * @param train training images
     * @param test test images
     * @param seed of the poses
     * @param recipe YAML file; the plugin's own if empty
     */
    public record Settings(
            @About("training images") int train,
            @About("test images") int test,
            @About("seed of the poses") long seed,

            @About("YAML file with a size and figures; the plugin's own if empty")
            Optional<Path> recipe) {

        /** Makes the defaults. */
        public Settings() {
            this(2000, 500, 1, Optional.empty());
        }

        /** Checks the ranges. */
        public Settings {
            if (train < 1) {
                throw new IllegalArgumentException("train must be at least 1 but was " + train);
            }
            if (test < 1) {
                throw new IllegalArgumentException("test must be at least 1 but was " + test);
            }
        }
    }

    private final Settings settings;

    /** Makes the set with its defaults. */
    public Blobs() {
        this(new Settings());
    }

    /** Makes the set. */
    @Inject
    public Blobs(Settings settings) {
        this.settings = settings;
    }

    @Override
    public DataSets open(DataContext context) throws IOException {
        Recipe recipe = Recipe.read(settings.recipe());
        SplittableRandom random = new SplittableRandom(settings.seed());
        return new DataSets(
                split(recipe, settings.train(), random.split()), split(recipe, settings.test(), random.split()));
    }

    private static Split split(Recipe recipe, int count, SplittableRandom random) {
        ImageSpec spec = new ImageSpec(recipe.size(), recipe.size(), 1);
        byte[] pixels = new byte[count * spec.size()];
        int[] labels = new int[count];
        float[][] poses = new float[count][];
        for (int i = 0; i < count; i++) {
            labels[i] = i % recipe.figures().size();
            poses[i] = new float[] {
                (float) random.nextDouble(-2, 2), (float) random.nextDouble(-2, 2), (float) random.nextDouble(-45, 45)
            };
            draw(recipe.figures().get(labels[i]), poses[i], spec, pixels, i * spec.size());
        }
        return new Split(spec, pixels, Optional.of(labels), Optional.of(poses));
    }

    private static void draw(List<double[]> figure, float[] pose, ImageSpec spec, byte[] pixels, int start) {
        double cos = Math.cos(Math.toRadians(pose[2]));
        double sin = Math.sin(Math.toRadians(pose[2]));
        for (int p = 0; p < spec.size(); p++) {
            double light = 0;
            for (double[] blob : figure) {
                double right = p % spec.width() - (spec.width() - 1) / 2.0 - pose[0] - (blob[0] * cos - blob[1] * sin);
                double down = p / spec.width() - (spec.height() - 1) / 2.0 - pose[1] - (blob[0] * sin + blob[1] * cos);
                light += Math.exp(-(right * right + down * down) / (2 * blob[2] * blob[2]));
            }
            pixels[start + p] = (byte) Math.round(255 * Math.min(1, light));
        }
    }
}
