package org.equipose.plugin.standard;

import de.bwaldvogel.liblinear.Linear;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.equipose.core.data.CacheFolder;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Need;
import org.equipose.core.spi.Trained;
import org.equipose.core.statistics.PrincipalComponents;
import org.equipose.core.statistics.Proportion;

/**
 * Measures how well a linear classifier reads the class from the code: accuracy of a {@link LinearSvm} on posterior means of z,
 * never u, by cross-validation on the training images and on the test images. Raw pixels and as many principal components as
 * z has dimensions are measured in the same way; they depend on no model and are cached.
 *
 * <p>The training images are all there are, those kept apart for validation included, in the order of the data set, so that parts
 * do not depend on which were kept apart: nothing here chooses a model.
 */
@Named("linear-svm")
@About(value = "accuracy of a linear SVM on codes, pixels and components", paper = "Vivé 2017, table 1")
public final class LinearSvmEvaluator implements Evaluator {
    /** Draws dynamic targets; every model is measured on the same ones. */
    static final long SEED = 20171128;

    /** Part of the key of what is cached: goes up when the same data and settings give other numbers. */
    private static final int VERSION = 1;

    /**
     * Settings.
     *
     * @param c weight of the losses; chosen by cross-validation if empty
     * @param alsoC another weight that all is measured with once more, such as a paper's
     * @param folds parts of the training images in cross-validation
     * @param chooseOn training images that C is chosen on
     * @param baselines whether raw pixels and principal components are measured too
     * @param train most training images; all if empty
     */
    public record Settings(
            @About("weight C of the losses, in every row; left out: one of 0.01, 0.1, 1 and 10, by cross-validation")
            OptionalDouble c,

            @About("another weight C to measure with beside it, such as a paper's")
            OptionalDouble alsoC,

            @About("parts of the training images in cross-validation")
            int folds,

            @About("most training images to choose C on") int chooseOn,

            @About("whether raw pixels and principal components are measured too")
            boolean baselines,

            @About("most training images, chosen at random; left out: all")
            OptionalInt train) {
        /** The defaults. */
        public Settings() {
            this(OptionalDouble.empty(), OptionalDouble.empty(), 9, 10_000, true, OptionalInt.empty());
        }

        /** Checks ranges. */
        public Settings {
            checkWeight("c", c);
            checkWeight("also-c", alsoC);
            if (c.isPresent() && c.equals(alsoC)) {
                throw new IllegalArgumentException(
                        "also-c must be another weight than c but was " + alsoC.getAsDouble());
            }
            if (folds < 2 || folds > 100) {
                throw new IllegalArgumentException("folds must be from 2 to 100 but was " + folds);
            }
            if (chooseOn < folds) {
                throw new IllegalArgumentException(
                        "choose-on must be at least folds = " + folds + " but was " + chooseOn);
            }
            if (train.isPresent() && train.getAsInt() < folds) {
                throw new IllegalArgumentException(
                        "train must be at least folds = " + folds + " but was " + train.getAsInt());
            }
        }

        private static void checkWeight(String name, OptionalDouble weight) {
            if (weight.isPresent() && !(weight.getAsDouble() > 0 && Double.isFinite(weight.getAsDouble()))) {
                throw new IllegalArgumentException(
                        name + " must be above 0 and finite but was " + weight.getAsDouble());
            }
        }
    }

    private final Settings settings;
    private final List<SvmStudy> studies = new ArrayList<>();
    private final ResultCache<SvmResult> cache;

    /** Makes the evaluator with its defaults. */
    public LinearSvmEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator; rows that depend on no model are cached where data sets are by default. */
    @Inject
    public LinearSvmEvaluator(Settings settings) {
        this(settings, CacheFolder.byDefault().resolve("linear-svm"));
    }

    LinearSvmEvaluator(Settings settings, Path cache) {
        this.settings = settings;
        this.studies.add(new SvmStudy(settings.c(), settings.folds(), settings.chooseOn()));
        if (settings.alsoC().isPresent()) {
            this.studies.add(new SvmStudy(settings.alsoC(), settings.folds(), settings.chooseOn()));
        }
        this.cache = new ResultCache<>(cache, new SvmFormat());
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.LABELS);
    }

    /** A kind of feature: that of the training images and that of the test images. */
    private record Features(Examples train, Examples test) {}

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        Split train = training(model.targets(), data);
        Split test = data.test();
        if (train.count() < settings.folds()) {
            throw new IllegalStateException(settings.folds() + " folds need as many training images, but there are "
                    + train.count() + "; lower evaluator.linear-svm.folds");
        }
        String split = data.validation().count() == 0 ? "train" : "train and validation";
        String protocol =
                train.count() + " training images, " + model.targets().name().toLowerCase(Locale.ROOT) + " targets";
        // The model first: TensorFlow takes the number of its threads from whoever comes first.
        Features codes = new Features(codes(model, train), codes(model, test));
        int size = codes.train().features() - 1;
        int components = Math.min(size, train.spec().size());
        List<Report.Measure> measures = new ArrayList<>();
        for (SvmStudy study : studies) {
            SvmResult z = measured(study, "z", () -> codes, train.count(), model.progress());
            measures.addAll(measures(study, "z", z, train, split, size + " posterior means of z, " + protocol));
            if (settings.baselines()) {
                SvmResult raw = cached(
                        study,
                        "raw",
                        () -> new Features(Examples.ofPixels(train), Examples.ofPixels(test)),
                        train,
                        test,
                        model.progress());
                measures.addAll(measures(study, "raw", raw, train, split, "raw pixels, " + protocol));
                SvmResult pca = cached(
                        study,
                        "pca-" + components,
                        () -> components(train, test, components),
                        train,
                        test,
                        model.progress());
                measures.addAll(
                        measures(study, "pca", pca, train, split, components + " principal components, " + protocol));
            }
        }
        return new Report(measures);
    }

    private Split training(Targets targets, DataSets data) {
        // Dynamic targets are drawn while training; test images, drawn once, would be of another kind than grey ones.
        Split first = targets == Targets.DYNAMIC ? targets.prepared(data.train(), SEED) : data.train();
        Split all = new DataSets(first, data.validation(), data.test(), data.classes(), data.heldOut())
                .trainAndValidation();
        return settings.train().isPresent() && settings.train().getAsInt() < all.count()
                ? all.select(SvmStudy.sample(all.count(), settings.train().getAsInt()))
                : all;
    }

    private static Examples codes(Trained model, Split split) {
        float[][] codes = model.map(split, (net, batch) -> {
                    Latent z = Code.in(
                            model.model().pass(net.noiseless(), batch, 1).latents());
                    return List.of(z.posterior().mean(net.ops()));
                })
                .get(0)
                .toRows();
        return Examples.ofCodes(codes, split.labels().orElseThrow());
    }

    private static Features components(Split train, Split test, int count) {
        PrincipalComponents components = PrincipalComponents.of(train, count);
        return new Features(
                Examples.ofCodes(components.project(train), train.labels().orElseThrow()),
                Examples.ofCodes(components.project(test), test.labels().orElseThrow()));
    }

    private static SvmResult measured(
            SvmStudy study, String row, Supplier<Features> features, int images, Progress progress) {
        String work = "linear-svm " + row;
        long total = study.work(images);
        progress.at(work, 0, total);
        Features found = features.get();
        AtomicLong done = new AtomicLong();
        return study.of(found.train(), found.test(), fitted -> progress.at(work, done.addAndGet(fitted), total));
    }

    private SvmResult cached(
            SvmStudy study, String row, Supplier<Features> features, Split train, Split test, Progress progress) {
        String key = String.join(
                "\n",
                "linear-svm " + VERSION + ", liblinear " + Linear.getVersion(),
                row,
                study.toString(),
                "train " + train.hash(),
                "test " + test.hash());
        return cache.get(
                "linear-svm " + row, key, () -> measured(study, row, features, train.count(), progress), progress);
    }

    private List<Report.Measure> measures(
            SvmStudy study, String row, SvmResult result, Split train, String split, String protocol) {
        Proportion test = result.test();
        String suffix = row
                + (study.equals(studies.get(0)) ? "" : "_c" + plain(result.c()).replace('.', '_'));
        String weight = protocol + ", C = " + plain(result.c());
        String folds = settings.folds() + "-fold cross-validation, " + weight;
        String choice = study.c().isPresent()
                ? "given"
                : "best of " + SvmStudy.CANDIDATES + " in " + settings.folds() + "-fold cross-validation on "
                        + Math.min(train.count(), settings.chooseOn()) + " of " + train.count() + " training images";
        return List.of(
                new Report.Measure("test_accuracy_" + suffix, 100 * test.value(), "percent", "test", weight)
                        .within(100 * test.low(), 100 * test.high()),
                new Report.Measure("cv_accuracy_" + suffix, 100 * result.crossValidated(), "percent", split, folds),
                new Report.Measure("cv_accuracy_sd_" + suffix, 100 * result.deviation(), "percent", split, folds),
                new Report.Measure("c_" + suffix, result.c(), "weight of the losses", split, choice));
    }

    private static String plain(double weight) {
        return BigDecimal.valueOf(weight).stripTrailingZeros().toPlainString();
    }
}
