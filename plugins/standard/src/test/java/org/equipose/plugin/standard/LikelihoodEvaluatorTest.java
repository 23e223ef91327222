package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Trained;
import org.equipose.tck.EvaluatorTck;
import org.equipose.tck.FreshModel;
import org.equipose.tck.LinearGaussian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimates are compared with the closed forms of a linear-Gaussian model. */
class LikelihoodEvaluatorTest extends EvaluatorTck {
    private static final int IMAGES = 60;
    private static final LinearGaussian EXACT = LinearGaussian.withExactPosterior();
    private static final LinearGaussian WRONG = new LinearGaussian(1.3, 0.5, false);

    @TempDir
    Path folder;

    @Override
    protected Evaluator evaluator() {
        return new LikelihoodEvaluator(new LikelihoodEvaluator.Settings(15, 12));
    }

    @Test
    void oneDrawFromTheExactPosteriorGivesTheExactMarginal() throws Exception {
        Map<String, Report.Measure> found = measures(EXACT, 1);
        assertThat(found.get("log_likelihood").value()).isCloseTo(exact(EXACT), within(1e-4));
        assertThat(found.get("elbo").value()).isCloseTo(exact(EXACT), within(1e-4));
        assertThat(found.get("kl_to_posterior").value()).isZero();
    }

    /** Weights of different images would not be the same. */
    @ParameterizedTest(name = "{0} bytes of images in memory")
    @ValueSource(ints = {1, 500, 1 << 20})
    void weightsUnderTheExactPosteriorDoNotVary(int room) throws Exception {
        Map<String, Report.Measure> found = measures(EXACT, 130, Targets.FIXED, room);
        assertThat(found.get("log_likelihood").value()).isCloseTo(exact(EXACT), within(1e-4));
        assertThat(found.get("kl_to_posterior").value()).isCloseTo(0, within(1e-4));
        assertThat(found.get("log_likelihood_draw_error").value()).isCloseTo(0, within(1e-5));
    }

    @ParameterizedTest(name = "{0} draws, {1} bytes of images in memory")
    @CsvSource({"250, 1048576", "1000, 1048576", "250, 5000"})
    void aWrongPosteriorGivesTheMarginalWithinTheIntervalAndItsOwnDivergences(int samples, int room) throws Exception {
        Map<String, Report.Measure> found = measures(WRONG, samples, Targets.FIXED, room);
        double error = 1.96 * found.get("log_likelihood_draw_error").value();
        assertThat(error).isBetween(1e-4, 0.05);
        assertThat(found.get("log_likelihood").value()).isCloseTo(exact(WRONG), within(error));
        assertThat(found.get("log_likelihood").interval())
                .hasValueSatisfying(interval -> assertThat(exact(WRONG)).isBetween(interval.low(), interval.high()));

        double toPosterior = LinearGaussian.CODE * divergence(WRONG.stretch(), WRONG.shift());
        // The bound has an error of its own, of one draw in each of samples · images.
        assertThat(found.get("kl_to_posterior").value()).isCloseTo(toPosterior, within(error + 0.02));
        assertThat(found.get("kl_to_prior").value()).isCloseTo(toPrior(WRONG), within(1e-3));
        assertThat(found.get("elbo").value())
                .isCloseTo(
                        found.get("log_likelihood").value()
                                - found.get("kl_to_posterior").value(),
                        within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 64, 100})
    void theCurveStartsAtTheBoundAndNeverDecreases(int samples) throws Exception {
        Map<String, Report.Measure> found = measures(new LinearGaussian(0.5, 2, false), samples);
        List<String> curve = found.keySet().stream()
                .filter(name -> name.matches("log_likelihood_k\\d+"))
                .toList();
        int powers = 32 - Integer.numberOfLeadingZeros(samples);
        assertThat(curve)
                .hasSize(powers)
                .startsWith("log_likelihood_k1")
                .endsWith("log_likelihood_k" + (1 << (powers - 1)));
        for (int i = 1; i < curve.size(); i++) {
            assertThat(found.get(curve.get(i)).value())
                    .as(curve.get(i))
                    .isGreaterThan(found.get(curve.get(i - 1)).value());
        }
        if (samples == 1 << (powers - 1)) {
            assertThat(found.get(curve.get(0)).value())
                    .isCloseTo(found.get("elbo").value(), within(1e-9));
            assertThat(found.get(curve.get(powers - 1)).value())
                    .isCloseTo(found.get("log_likelihood").value(), within(1e-9));
        }
    }

    @Test
    void aPointIsGivenAndEveryNameSaysSo() throws Exception {
        LinearGaussian posed = new LinearGaussian(1, 0, true);
        Map<String, Report.Measure> found = measures(posed, 4);
        assertThat(found.get("log_likelihood_given_pose").value()).isCloseTo(exact(posed), within(1e-4));
        assertThat(found.keySet()).allMatch(name -> name.contains("_given_pose"));
    }

    @Test
    void theScoreOfGreyTargetsIsNotCalledALikelihood() throws Exception {
        Map<String, Report.Measure> found = measures(EXACT, 4, Targets.GREY, 1 << 20);
        assertThat(found.get("grey_score").value()).isCloseTo(exact(EXACT), within(1e-4));
        assertThat(found.keySet()).noneMatch(name -> name.contains("likelihood"));
        assertThat(measures(new LinearGaussian(1, 0, true), 4, Targets.GREY, 1 << 20))
                .containsKey("grey_score_given_pose");
    }

    @Test
    void protocolsSayHowManyDrawsAndImages() throws Exception {
        Map<String, Report.Measure> found = measures(EXACT, 5);
        assertThat(found.get("log_likelihood").protocol())
                .isEqualTo("K = 5 draws from the posterior, 60 images, fixed targets");
        assertThat(found.get("log_likelihood").unit()).isEqualTo("nats per image");
        assertThat(found.get("log_likelihood_k2").protocol())
                .isEqualTo("average over disjoint blocks of k of 4 draws, 60 images, fixed targets");
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new LikelihoodEvaluator.Settings(0, 1))
                .hasMessage("images must be at least 1 but was 0");
        assertThatThrownBy(() -> new LikelihoodEvaluator.Settings(1, 0))
                .hasMessage("samples must be from 1 to 100000 but was 0");
    }

    private Map<String, Report.Measure> measures(LinearGaussian model, int samples) throws Exception {
        return measures(model, samples, Targets.FIXED, 1 << 20);
    }

    private Map<String, Report.Measure> measures(LinearGaussian model, int samples, Targets targets, int room)
            throws Exception {
        Split test = images();
        DataSets data = new DataSets(test, test);
        Trained trained = new Disguised(new FreshModel(model, LinearGaussian.IMAGE), targets, Progress.SILENT);
        Report report = new LikelihoodEvaluator(new LikelihoodEvaluator.Settings(1000, samples), room)
                .evaluate(trained, data, RunDirectory.create(folder.resolve("run" + System.nanoTime())));
        Map<String, Report.Measure> found = new LinkedHashMap<>();
        report.measures().forEach(measure -> found.put(measure.name(), measure));
        assertThat(report.pictures()).hasSize(1);
        return found;
    }

    private static Split images() {
        Random random = new Random(9);
        byte[] pixels = new byte[IMAGES * LinearGaussian.IMAGE.size()];
        random.nextBytes(pixels);
        return new Split(LinearGaussian.IMAGE, pixels, Optional.empty(), Optional.empty());
    }

    private static double[] image(int index) {
        double[] x = new double[LinearGaussian.IMAGE.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = images().value(index, i);
        }
        return x;
    }

    private static double exact(LinearGaussian model) {
        double sum = 0;
        for (int i = 0; i < IMAGES; i++) {
            sum += model.logMarginal(image(i)) / IMAGES;
        }
        return sum;
    }

    /** KL(N(m, s²) ‖ N(0, 1)). */
    private static double divergence(double s, double m) {
        return 0.5 * (s * s + m * m - 1) - Math.log(s);
    }

    private static double toPrior(LinearGaussian model) {
        double[][] w = LinearGaussian.weights();
        double sum = 0;
        for (int i = 0; i < IMAGES; i++) {
            double[] x = image(i);
            for (int j = 0; j < LinearGaussian.CODE; j++) {
                double deviation = LinearGaussian.deviation(j);
                double mean = model.shift() * deviation;
                for (int p = 0; p < x.length; p++) {
                    // The posterior precision is 1 + |w|²/σ².
                    mean += w[p][j]
                            * (x[p] - LinearGaussian.MEAN)
                            / (LinearGaussian.NOISE * LinearGaussian.NOISE)
                            * deviation
                            * deviation;
                }
                sum += divergence(model.stretch() * deviation, mean) / IMAGES;
            }
        }
        return sum;
    }
}
