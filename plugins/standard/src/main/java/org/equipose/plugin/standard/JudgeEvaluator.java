package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.equipose.core.data.CacheFolder;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.PoseDraw;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.equipose.core.statistics.Proportion;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Asks an independent classifier what it sees in the images of a model. Samples have no label, so two questions are asked. Does a
 * test image keep its class when its code is decoded in a pose drawn from the prior? That is the accuracy of the prior of the
 * pose. And is the classifier as sure of samples, drawn from all priors, as it is of test images, and does it see all classes?
 */
@Named("judge")
@About(value = "what an independent classifier sees in samples", paper = "Vivé 2017, figures 10 and 11")
public final class JudgeEvaluator implements Evaluator {
    private static final double SURE = 0.9;

    private static final String REFERENCE = "reference pose";
    private static final String DRAWN = "drawn pose";

    /** Settings. */
    public record Settings(
            @About("passes over the training images for the classifier")
            int epochs) {
        /** The defaults. */
        public Settings() {
            this(2);
        }

        /** Checks ranges. */
        public Settings {
            if (epochs < 1) {
                throw new IllegalArgumentException("epochs must be at least 1 but was " + epochs);
            }
        }
    }

    private final Settings settings;
    private final Path cache;

    /** Makes the evaluator with its defaults. */
    public JudgeEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator; the classifier depends on no model and is cached where data sets are by default. */
    @Inject
    public JudgeEvaluator(Settings settings) {
        this(settings, CacheFolder.byDefault().resolve("judge"));
    }

    JudgeEvaluator(Settings settings, Path cache) {
        this.settings = settings;
        this.cache = cache;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.LABELS);
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        // Drawn test images would be of another kind than grey training images.
        Split train = model.targets() == Targets.DYNAMIC
                ? model.targets().prepared(data.train(), LinearSvmEvaluator.SEED)
                : data.train();
        String who = "classifier trained on " + train.count() + " images, "
                + model.targets().name().toLowerCase(Locale.ROOT) + " targets, epochs " + settings.epochs();
        int[] truth = data.test().labels().orElseThrow();
        List<Report.Measure> measures = new ArrayList<>();
        // The model first: TensorFlow takes the number of its threads from whoever comes first.
        Map<String, Values> decoded = decoded(model, data.test());
        Values samples = samples(model, data.test());
        try (Judge judge = Judge.trained(train, settings.epochs(), cache, model.progress())) {
            float[][] seen = judge.verdicts(Values.of(data.test()));
            measures.add(accuracy("accuracy_images", seen, truth, who + "; test images"));
            decoded.forEach((what, images) -> measures.add(accuracy(
                    "accuracy_" + what.replace(' ', '_'),
                    judge.verdicts(images),
                    truth,
                    who + "; means of images decoded from codes of test images with " + what)));
            sureness(measures, "images", "test", seen, who + "; test images");
            sureness(
                    measures,
                    "samples",
                    "prior",
                    judge.verdicts(samples),
                    who + "; means of as many images decoded from latents drawn from their priors"
                            + (decoded.containsKey(REFERENCE) && !decoded.containsKey(DRAWN)
                                    ? ", but in " + PoseDraw.IDENTITY.words()
                                            + ", as the prior of the pose cannot be drawn from"
                                    : ""));
        }
        return new Report(measures);
    }

    /** Decodes the codes of images in the pose that was inferred, in reference pose, and in one drawn from the prior. */
    private static Map<String, Values> decoded(Trained model, Split images) {
        List<String> names = new ArrayList<>();
        List<Values> found = model.map(images, (net, batch) -> {
            Map<String, Operand<TFloat32>> values =
                    parameters(model.model().pass(net.noiseless(), batch, 1).latents());
            names.clear(); // the section may be built more than once
            List<Operand<TFloat32>> results = new ArrayList<>();
            names.add("own pose");
            results.add(image(model, net.sub("own"), values));
            if (values.remove("u") != null) {
                names.add(REFERENCE);
                results.add(image(model, net.sub("reference"), values));
            }
            Latent drawn = model.model()
                    .prior(net.sub("prior"), batch.size(), batch.spec())
                    .get("u");
            if (drawn != null) {
                names.add(DRAWN);
                values.put("u", drawn.parameters());
                results.add(image(model, net.sub("drawn"), values));
            }
            return results;
        });
        Map<String, Values> decoded = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            decoded.put(names.get(i), found.get(i));
        }
        return decoded;
    }

    /** A pose whose prior cannot be drawn from is the reference pose. */
    private static Values samples(Trained model, Split images) {
        return model.map(
                        images,
                        (net, batch) -> List.of(image(
                                model,
                                net,
                                parameters(model.model().prior(net.sub("prior"), batch.size(), batch.spec())))))
                .get(0);
    }

    private static Operand<TFloat32> image(Trained model, Net net, Map<String, Operand<TFloat32>> values) {
        return model.model().generate(net, values, model.image()).image();
    }

    private static Map<String, Operand<TFloat32>> parameters(Map<String, Latent> latents) {
        Map<String, Operand<TFloat32>> values = new HashMap<>();
        latents.forEach((name, latent) -> values.put(name, latent.parameters()));
        return values;
    }

    private static Report.Measure accuracy(String name, float[][] verdicts, int[] truth, String protocol) {
        int right = 0;
        for (int i = 0; i < truth.length; i++) {
            right += largest(verdicts[i]) == truth[i] ? 1 : 0;
        }
        Proportion share = new Proportion(right, truth.length);
        return new Report.Measure(name, 100 * share.value(), "percent", "test", protocol)
                .within(100 * share.low(), 100 * share.high());
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }

    private static void sureness(
            List<Report.Measure> measures, String name, String split, float[][] verdicts, String protocol) {
        double[] average = new double[verdicts[0].length];
        double sure = 0;
        double entropy = 0;
        for (float[] verdict : verdicts) {
            sure += verdict[largest(verdict)] >= SURE ? 1 : 0;
            double[] exact = new double[verdict.length];
            for (int i = 0; i < verdict.length; i++) {
                exact[i] = verdict[i];
                average[i] += verdict[i] / (double) verdicts.length;
            }
            entropy += entropy(exact) / verdicts.length;
        }
        measures.add(new Report.Measure(
                "sure_of_" + name,
                100 * sure / verdicts.length,
                "percent with a class of at least 0.9",
                split,
                protocol));
        measures.add(new Report.Measure("entropy_of_" + name, entropy, "nats per image", split, protocol));
        measures.add(new Report.Measure(
                "classes_of_" + name, Math.exp(entropy(average)), "exp(entropy of the mean verdict)", split, protocol));
    }

    private static double entropy(double[] probabilities) {
        double entropy = 0;
        for (double p : probabilities) {
            entropy -= p == 0 ? 0 : p * Math.log(p);
        }
        return entropy;
    }
}
