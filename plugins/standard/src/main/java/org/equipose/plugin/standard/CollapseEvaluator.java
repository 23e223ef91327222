package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.graph.Net;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * Looks for a code that says nothing: one template, usually a blurry 0, that the pose bends to match every image. Then it costs
 * little to reconstruct an image with the code of another; few dimensions of the code differ between images (Burda et al. 2016
 * count those as active whose posterior mean has a variance above 0.01); and all canvases look the same. Where all is well the
 * canvas is brighter than the input: the digit takes all the space there is, and the pose makes it smaller and thinner.
 */
@Named("collapse")
@About(value = "whether the code still says what the image shows", paper = "Vivé 2017, section VI.ii")
public final class CollapseEvaluator implements Evaluator {
    private static final double ACTIVE = 0.01;

    /** Images for the variance of the canvas: all of them might not fit into memory. */
    private static final int CANVASES = 1000;

    private static final long SHUFFLE = 20170801;

    /** Settings. */
    public record Settings(@About("images in the picture") int columns) {
        /** The defaults. */
        public Settings() {
            this(12);
        }

        /** Checks ranges. */
        public Settings {
            if (columns < 2 || columns > 100) {
                throw new IllegalArgumentException("columns must be from 2 to 100 but was " + columns);
            }
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public CollapseEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public CollapseEvaluator(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        if (data.test().count() < 2) {
            throw new IllegalArgumentException("collapse needs at least 2 test images, not "
                    + data.test().count() + ": it gives each the code of another");
        }
        // Files are often sorted by class, and a neighbour's code should not be of the same class more often than
        // chance has it.
        Split images = data.test().select(Shuffle.order(data.test().count(), new Random(SHUFFLE)));
        List<Report.Measure> measures = new ArrayList<>(costs(model, images));
        List<Report.Table> tables = new ArrayList<>();
        units(model, images, measures, tables);
        Split some = images.select(Pictures.first(Math.min(CANVASES, images.count())));
        Values canvases = canvases(model, some);
        Values inputs = Values.of(some);
        String protocol = some.count() + " images, mean of the pixels";
        measures.add(grey("canvas_variance", variance(canvases), "squared ", "variance over " + protocol + " of y'"));
        measures.add(grey("input_variance", variance(inputs), "squared ", "variance over " + protocol + " of x"));
        measures.add(grey("canvas_mean", canvases.mean(), "", protocol + " of y'"));
        measures.add(grey("input_mean", inputs.mean(), "", protocol + " of x"));
        return new Report(
                measures, List.of(new Report.Picture("", picture(model, images).image())), tables);
    }

    /** Reconstructs with all latents at their means, and again with one latent of the image before. */
    private static List<Report.Measure> costs(Trained model, Split images) {
        PosteriorMeans means = PosteriorMeans.of(model, images);
        Code.in(means.latents()); // nothing else can collapse
        List<String> names = List.copyOf(means.latents().keySet());
        List<Values> errors = model.map(PosteriorMeans.numbered(images), (net, batch) -> {
            List<Operand<TFloat32>> results = new ArrayList<>();
            results.add(error(model, net.sub("own"), means.of(net, batch), batch));
            names.forEach(name ->
                    results.add(error(model, net.sub("shuffled-" + name), means.ofOthers(net, batch, name), batch)));
            return results;
        });
        String protocol = "latents at posterior means, "
                + model.targets().name().toLowerCase(Locale.ROOT) + " targets, " + images.count() + " images";
        List<Report.Measure> measures = new ArrayList<>();
        measures.add(nats("reconstruction_at_mean", errors.get(0).mean(), protocol));
        for (int i = 0; i < names.size(); i++) {
            Values shuffled = errors.get(i + 1);
            String how = protocol + ", " + names.get(i) + " of another image";
            measures.add(nats("reconstruction_" + names.get(i) + "_shuffled", shuffled.mean(), how));
            measures.add(difference("shuffling_" + names.get(i) + "_costs", shuffled, errors.get(0), how));
        }
        return measures;
    }

    private static Report.Measure nats(String name, double value, String protocol) {
        return new Report.Measure(name, value, "nats per image", "test", protocol);
    }

    private static Report.Measure grey(String name, double value, String power, String protocol) {
        return new Report.Measure(name, value, power + "grey levels", "test", protocol);
    }

    private static Report.Measure difference(String name, Values more, Values less, String protocol) {
        int count = more.rows();
        double mean = more.mean() - less.mean();
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double deviation = (double) more.data()[i] - less.data()[i] - mean;
            squares += deviation * deviation;
        }
        double error = 1.96 * Math.sqrt(squares) / count;
        return nats(name, mean, protocol).within(mean - error, mean + error);
    }

    private static Operand<TFloat32> error(Trained model, Net net, Map<String, Operand<TFloat32>> values, Batch batch) {
        Generated generated = model.model().generate(net, values, model.image());
        return net.ops().math.neg(generated.likelihood().logProb(net.ops(), batch.image()));
    }

    /** Counts the active dimensions of the code, and says of each dimension of all latents how it varies and what it costs. */
    private static void units(Trained model, Split images, List<Report.Measure> measures, List<Report.Table> tables) {
        List<String> names = new ArrayList<>();
        List<Values> found = model.map(images, (net, batch) -> {
            Pass pass = model.model().pass(net.noiseless(), batch, 1);
            names.clear();
            names.addAll(pass.latents().keySet());
            List<Operand<TFloat32>> results = new ArrayList<>();
            for (Latent latent : pass.latents().values()) {
                results.add(latent.posterior().mean(net.ops()));
                results.add(divergences(net.ops(), latent));
            }
            return results;
        });
        for (int i = 0; i < names.size(); i++) {
            double[] variance = Marginals.of(found.get(2 * i)).variance();
            double[] divergence = Marginals.of(found.get(2 * i + 1)).mean();
            List<List<String>> rows = new ArrayList<>();
            for (int dimension = 0; dimension < variance.length; dimension++) {
                rows.add(List.of(
                        Integer.toString(dimension),
                        Double.toString(variance[dimension]),
                        divergence.length == variance.length ? Double.toString(divergence[dimension]) : ""));
            }
            tables.add(new Report.Table(names.get(i), List.of("dimension", "variance_of_mean", "kl"), rows));
            if (names.get(i).equals("z")) { // the threshold is for a prior of variance 1, which a pose need not have
                measures.add(new Report.Measure(
                        "active_units",
                        Arrays.stream(variance).filter(value -> value > ACTIVE).count(),
                        "of " + variance.length + " dimensions",
                        "test",
                        "variance of the posterior mean over " + images.count() + " images above " + ACTIVE));
            }
        }
    }

    /** Returns the divergence of each dimension, {@code [batch, size]}; {@code [batch, 0]} where it does not factorise. */
    private static Operand<TFloat32> divergences(Ops tf, Latent latent) {
        Operand<TFloat32> mean = latent.posterior().mean(tf);
        int rows = (int) mean.shape().get(0);
        int size = (int) mean.shape().get(1);
        List<Operand<TFloat32>> columns = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int from = i;
            Optional<Distribution> prior = latent.prior().flatMap(law -> law.marginal(tf, from, from + 1));
            Optional<Operand<TFloat32>> kl = latent.posterior()
                    .marginal(tf, from, from + 1)
                    .flatMap(law -> prior.flatMap(other -> law.kl(tf, other)));
            if (kl.isEmpty()) {
                return tf.zeros(tf.constant(new int[] {rows, 0}), TFloat32.class);
            }
            columns.add(kl.get());
        }
        return tf.stack(columns, Stack.axis(1L));
    }

    private static Values canvases(Trained model, Split images) {
        return model.map(
                        images,
                        (net, batch) -> List.of(
                                model.model().pass(net.noiseless(), batch, 1).canvas()))
                .get(0);
    }

    private static double variance(Values rows) {
        return Arrays.stream(Marginals.of(rows).variance()).average().orElseThrow();
    }

    /** Shows images, and what becomes of their reconstructions with the code of the image to the left. */
    private ImageGrid picture(Trained model, Split images) {
        int count = Math.min(settings.columns(), images.count());
        Split shown = images.select(Pictures.first(count));
        PosteriorMeans means = PosteriorMeans.of(model, shown);
        List<Values> rows = model.map(
                PosteriorMeans.numbered(shown),
                (net, batch) -> List.of(
                        batch.image(),
                        model.model()
                                .generate(net.sub("own"), means.of(net, batch), model.image())
                                .image(),
                        model.model()
                                .generate(net.sub("shuffled"), means.ofOthers(net, batch, "z"), model.image())
                                .image()));
        float[][] tiles = new float[rows.size() * count][];
        for (int i = 0; i < tiles.length; i++) {
            tiles[i] = rows.get(i / count).row(i % count);
        }
        return new ImageGrid(model.image(), tiles, count)
                .rowCaptions("input x", "output x'", "z of the image to the left");
    }
}
