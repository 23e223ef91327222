package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.distribution.Delta;
import org.equipose.core.distribution.Rows;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Chart;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Estimates log p(x) of test images by importance sampling: log 1/K Σ p(x, latents) / q(latents | x) over K draws from the
 * posterior. Beside it stand the bound from the same draws, and what lies between the two, KL(q ‖ posterior).
 *
 * <p>The score of grey targets is not a probability and is called {@code grey_score}. Where a latent is a point, it is taken as
 * given and the others are integrated over; all names then end in {@code _given_pose}.
 */
@Named("likelihood")
@About(value = "importance-sampled log p(x), KL from q to the posterior", paper = "Vivé 2017, section VI.i")
public final class LikelihoodEvaluator implements Evaluator {
    /** Not the seed of the run: models of several seeds are scored on the same images. */
    private static final long SEED = 20170912;

    /** Draws in one product of matrices: enough for a fast product, few enough for its result to stay in the cache. */
    private static final int DRAWS = 10;

    /** Draws of an image in one run of the graph, if it is as small as 28×28: some 100 MB for a batch of 100 images. */
    private static final int DRAWS_PER_RUN = 100;

    private static final int PIXELS_PER_RUN = DRAWS_PER_RUN * 28 * 28;

    /** Bytes of images in memory, with a copy of each image for each run. */
    private static final int ROOM = 32 << 20;

    /** Settings. */
    public record Settings(
            @About("test images, chosen at random but the same for every model; all if there are fewer")
            int images,

            @About("draws of the latents for each image, K") int samples) {
        private static final int MOST = 100_000;

        /** The defaults. */
        public Settings() {
            this(1000, 1000);
        }

        /** Checks ranges. */
        public Settings {
            if (images < 1) {
                throw new IllegalArgumentException("images must be at least 1 but was " + images);
            }
            if (samples < 1 || samples > MOST) {
                throw new IllegalArgumentException("samples must be from 1 to " + MOST + " but was " + samples);
            }
        }
    }

    private final Settings settings;
    private final int room;

    /** Makes the evaluator with its defaults. */
    public LikelihoodEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public LikelihoodEvaluator(Settings settings) {
        this(settings, ROOM);
    }

    LikelihoodEvaluator(Settings settings, int room) {
        this.settings = settings;
        this.room = room;
    }

    /**
     * How the draws of an image are made.
     *
     * @param draws in one pass of the model
     * @param passes in one run of the graph, side by side as cores are free
     * @param runs of the graph
     */
    private record Plan(int draws, int passes, int runs) {
        static Plan of(int samples, int pixels) {
            int room = Math.max(1, Math.min(DRAWS_PER_RUN, PIXELS_PER_RUN / pixels));
            int perRun = Math.min(samples, room);
            int draws = Math.min(DRAWS, perRun);
            int passes = perRun / draws;
            return new Plan(draws, passes, (samples + draws * passes - 1) / (draws * passes));
        }
    }

    /** What was found on each image, in nats. */
    private static final class Found {
        final double[] estimate;
        final double[] bound;
        final double[] toPrior;
        final double[][] curve;
        double variance;
        String qualifier = "";

        Found(int images) {
            estimate = new double[images];
            bound = new double[images];
            toPrior = new double[images];
            curve = new double[images][];
        }

        void add(int image, ImportanceWeights weights, double divergence) {
            estimate[image] = weights.logMean();
            bound[image] = weights.bound();
            toPrior[image] = divergence;
            curve[image] = weights.curve();
            if (weights.logs().length > 1) {
                variance += weights.variance();
            }
        }
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        Split images = chosen(data.test());
        Found found = new Found(images.count());
        Plan plan = Plan.of(settings.samples(), images.spec().size());
        int atOnce = Math.max(1, room / images.spec().size() / plan.runs());
        for (int first = 0; first < images.count(); first += atOnce) {
            score(model, images, first, Math.min(atOnce, images.count() - first), plan, found);
        }
        return report(found, model.targets(), images.count());
    }

    private Split chosen(Split test) {
        int[] order = DataSets.shuffled(test.count(), SEED);
        int[] chosen = Arrays.copyOf(order, Math.min(settings.images(), order.length));
        Arrays.sort(chosen);
        return test.select(chosen);
    }

    /** Each copy of an image meets other noise: copies are rows like any other. */
    private void score(Trained model, Split images, int first, int count, Plan plan, Found found) {
        int[] copies = new int[count * plan.runs()];
        Arrays.setAll(copies, row -> first + row % count);
        // Named after its first image, so that every part has noise of its own.
        List<Values> values = model.map(
                images.select(copies), (net, batch) -> weights(net.sub("from" + first), batch, model, plan, found));
        Values logs = values.get(0);
        Values divergence = values.get(1);
        for (int i = 0; i < count; i++) {
            double[] ofImage = new double[settings.samples()];
            double toPrior = 0;
            for (int k = 0; k < ofImage.length; k++) {
                int row = i + count * (k / logs.rowSize());
                ofImage[k] = logs.data()[row * logs.rowSize() + k % logs.rowSize()];
            }
            for (int copy = 0; copy < plan.runs(); copy++) {
                toPrior += divergence.data()[i + count * copy] / plan.runs();
            }
            found.add(first + i, new ImportanceWeights(ofImage), toPrior);
        }
    }

    /** Returns log w, {@code [batch, draws]}, and the divergence from the prior, {@code [batch]}. */
    private static List<Operand<TFloat32>> weights(Net net, Batch batch, Trained model, Plan plan, Found found) {
        Ops tf = net.ops();
        List<Operand<TFloat32>> logs = new ArrayList<>();
        List<Operand<TFloat32>> divergences = new ArrayList<>();
        for (int i = 0; i < plan.passes(); i++) {
            Pass pass = model.model().pass(net.sub("pass" + i), batch, plan.draws());
            found.qualifier = pass.qualifier();
            Operand<TFloat32> log = pass.logLikelihood();
            for (Latent latent : pass.latents().values()) {
                if (!(latent.posterior() instanceof Delta)) {
                    Operand<TFloat32> prior = latent.prior().orElseThrow().logProb(tf, latent.draw());
                    log = tf.math.add(log, Rows.bySample(tf, tf.math.sub(prior, latent.logQ()), plan.draws()));
                }
            }
            logs.add(log);
            divergences.add(tf.math.addN(pass.divergence().values()));
        }
        // Draws by images; concat would refuse a single pass.
        Operand<TInt64> shape = tf.constant(new long[] {(long) plan.passes() * plan.draws(), batch.size()});
        return List.of(
                tf.linalg.transpose(tf.reshape(tf.stack(logs), shape), tf.constant(new int[] {1, 0})),
                Rows.mean(tf, tf.reshape(tf.stack(divergences), shape)));
    }

    private Report report(Found found, Targets targets, int images) {
        String on = images + " images, " + targets.name().toLowerCase(Locale.ROOT) + " targets";
        String protocol = "K = " + settings.samples() + " draws from the posterior, " + on;
        String name = (targets == Targets.GREY ? "grey_score" : "log_likelihood") + found.qualifier;
        double[] toPosterior = new double[images];
        Arrays.setAll(toPosterior, i -> found.estimate[i] - found.bound[i]);
        List<Report.Measure> measures = new ArrayList<>();
        measures.add(average(name, found.estimate, protocol));
        measures.add(average("elbo" + found.qualifier, found.bound, protocol));
        measures.add(average("kl_to_posterior" + found.qualifier, toPosterior, protocol));
        measures.add(average("kl_to_prior" + found.qualifier, found.toPrior, protocol));
        if (settings.samples() > 1) {
            double error = Math.sqrt(found.variance) / images;
            measures.add(measure(name + "_draw_error", error, "standard error from the draws alone, " + protocol));
        }
        int sizes = found.curve[0].length;
        double[] ks = new double[sizes + 1];
        double[] curve = new double[sizes + 1];
        for (int i = 0; i < sizes; i++) {
            ks[i] = 1 << i;
            for (double[] one : found.curve) {
                curve[i] += one[i] / images;
            }
            String blocks = "average over disjoint blocks of k of " + (1 << (sizes - 1)) + " draws, " + on;
            measures.add(measure(name + "_k" + (1 << i), curve[i], blocks));
        }
        ks[sizes] = settings.samples();
        curve[sizes] = measures.get(0).value();
        Chart chart = Chart.of("Importance sampling on " + on, "draws K", name.replace('_', ' ') + ", nats per image")
                .with("", Chart.Kind.LINE, ks, curve)
                .logarithmicX();
        return new Report(measures, List.of(new Report.Picture("", chart.image())));
    }

    private static Report.Measure measure(String name, double value, String protocol) {
        return new Report.Measure(name, value, "nats per image", "test", protocol);
    }

    private static Report.Measure average(String name, double[] values, String protocol) {
        Report.Interval interval = Bootstrap.interval(values);
        return measure(name, Arrays.stream(values).sum() / values.length, protocol)
                .within(interval.low(), interval.high());
    }
}
