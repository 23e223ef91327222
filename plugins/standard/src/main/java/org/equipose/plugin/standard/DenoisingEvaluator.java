package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.graph.Net;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Measures how well test images are restored: latents are inferred from a corrupted image, at their posterior means, and what is
 * decoded from them is scored against the clean one. Beside it stands what the corrupted image itself would score, clipped as
 * {@link Bernoulli#ofProbabilities} says, where the model's likelihood is Bernoulli, whether targets are binary or grey. The noise
 * is the same for every model with the same seed.
 */
@Named("denoising")
@About(value = "reconstruction of clean images from corrupted ones", paper = "Vivé 2017, introduction")
public final class DenoisingEvaluator implements Evaluator {

    /** Settings. */
    public record Settings(
            @About("shares of pixels that are set to black or white, half of them each")
            List<Double> saltAndPepper,

            @About("standard deviations of normal noise, added to pixels from 0 to 1; the sum is clipped to that range")
            List<Double> gaussian,

            @About("images in the picture") int columns) {
        /** The defaults. */
        public Settings() {
            this(List.of(0.05, 0.1, 0.2), List.of(0.1, 0.2, 0.4), 10);
        }

        /** Checks ranges. */
        public Settings {
            check("salt-and-pepper", saltAndPepper, 1);
            check("gaussian", gaussian, 10);
            if (saltAndPepper.isEmpty() && gaussian.isEmpty()) {
                throw new IllegalArgumentException("salt-and-pepper and gaussian must not both be empty");
            }
            if (columns < 1 || columns > 100) {
                throw new IllegalArgumentException("columns must be from 1 to 100 but was " + columns);
            }
            saltAndPepper = List.copyOf(saltAndPepper);
            gaussian = List.copyOf(gaussian);
        }

        private static void check(String name, List<Double> levels, double most) {
            if (levels.stream().anyMatch(level -> !(level >= 0 && level <= most))
                    || levels.stream().distinct().count() < levels.size()) {
                throw new IllegalArgumentException(
                        name + " must be different numbers from 0 to " + (int) most + " but was " + levels);
            }
        }
    }

    /** One kind and strength of noise. */
    record Corruption(boolean saltAndPepper, double level) {

        /** Returns corrupted images, {@code [batch, ...]} in [0, 1]; level 0 leaves them as they are. */
        Operand<TFloat32> apply(Net net, Operand<TFloat32> image) {
            Ops tf = net.ops();
            long[] shape = image.shape().asArray();
            Operand<TFloat32> strength = tf.constant((float) level);
            if (saltAndPepper) {
                Operand<TFloat32> draw = net.uniform(shape);
                Operand<TFloat32> half = tf.math.mul(strength, tf.constant(0.5f));
                Operand<TFloat32> white = tf.dtypes.cast(tf.math.less(draw, half), TFloat32.class);
                return tf.select(tf.math.less(draw, strength), white, image);
            }
            Operand<TFloat32> sum = tf.math.add(image, tf.math.mul(strength, net.normal(shape)));
            return tf.clipByValue(sum, tf.constant(0f), tf.constant(1f));
        }

        /** Returns its name in measures. */
        String name() {
            String number = BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
            return (saltAndPepper ? "salt_and_pepper_" : "gaussian_") + number.replace('.', '_');
        }

        @Override
        public String toString() {
            String number = BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
            return saltAndPepper ? "salt and pepper, share " + number : "normal noise, deviation " + number;
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public DenoisingEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public DenoisingEvaluator(Settings settings) {
        this.settings = settings;
    }

    private List<Corruption> corruptions() {
        List<Corruption> all = new ArrayList<>();
        settings.saltAndPepper().forEach(level -> all.add(new Corruption(true, level)));
        settings.gaussian().forEach(level -> all.add(new Corruption(false, level)));
        return all;
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        List<Corruption> corruptions = corruptions();
        boolean[] binary = new boolean[1];
        List<Values> found = model.map(data.test(), (net, batch) -> {
            Ops tf = net.ops();
            List<Operand<TFloat32>> errors = new ArrayList<>();
            for (Corruption corruption : corruptions) {
                Operand<TFloat32> corrupted = corrupted(net, corruption, batch);
                Pass pass = restored(net, corruption, model, corrupted);
                errors.add(tf.math.neg(pass.likelihood().logProb(tf, batch.image())));
                binary[0] = pass.likelihood() instanceof Bernoulli;
                if (binary[0]) {
                    errors.add(tf.math.neg(Bernoulli.ofProbabilities(corrupted).logProb(tf, batch.image())));
                }
            }
            return errors;
        });
        String targets = ", " + model.targets().name().toLowerCase(Locale.ROOT) + " targets";
        List<Report.Measure> measures = new ArrayList<>();
        int each = binary[0] ? 2 : 1;
        for (int i = 0; i < corruptions.size(); i++) {
            measures.add(ReconstructionEvaluator.measure(
                    corruptions.get(i).name(),
                    found.get(each * i),
                    "clean images from corrupted ones, latents at posterior means" + targets));
        }
        for (int i = 0; i < corruptions.size() && binary[0]; i++) {
            measures.add(ReconstructionEvaluator.measure(
                    "identity_" + corruptions.get(i).name(),
                    found.get(each * i + 1),
                    "clean images scored by the corrupted ones themselves, clipped to [1e-6, 1 - 1e-6]" + targets));
        }
        return new Report(
                measures,
                List.of(new Report.Picture(
                        "", picture(model, data.test(), corruptions).image())));
    }

    private static Operand<TFloat32> corrupted(Net net, Corruption corruption, Batch batch) {
        return corruption.apply(net.sub(corruption.name()), batch.image());
    }

    private static Pass restored(Net net, Corruption corruption, Trained model, Operand<TFloat32> corrupted) {
        return model.model().pass(net.sub(corruption.name() + "-pass").noiseless(), new Batch(corrupted), 1);
    }

    /** One row of clean images, then two rows for each corruption. */
    private ImageGrid picture(Trained model, Split test, List<Corruption> corruptions) {
        int columns = Math.min(settings.columns(), test.count());
        Split shown = test.select(IntStream.range(0, columns).toArray());
        List<Values> rows = model.map(shown, (net, batch) -> {
            List<Operand<TFloat32>> images = new ArrayList<>(List.of(batch.image()));
            for (Corruption corruption : corruptions) {
                Operand<TFloat32> corrupted = corrupted(net, corruption, batch);
                images.add(corrupted);
                images.add(
                        restored(net, corruption, model, corrupted).likelihood().mean(net.ops()));
            }
            return images;
        });
        List<float[]> images = new ArrayList<>();
        rows.forEach(row -> images.addAll(List.of(row.toRows())));
        List<String> captions = new ArrayList<>(List.of("clean"));
        for (Corruption corruption : corruptions) {
            captions.add(corruption.toString());
            captions.add("restored");
        }
        return new ImageGrid(model.image(), images.toArray(new float[0][]), columns)
                .rowCaptions(captions.toArray(new String[0]));
    }
}
