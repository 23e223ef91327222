package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.run.Chart;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Compares what the test images make of each latent with its prior: the aggregated posterior, one draw for each image, with as
 * many draws of the prior as are set; means and standard deviations are root mean squares over dimensions. Where the two differ,
 * images drawn from the prior are unlike those that are reconstructed. Codes have the prior N(0, I) unless another is chosen; that
 * of poses is fitted, and this is where it can be read.
 */
@Named("calibration")
@About(value = "latents of test images against their priors", paper = "Vivé 2017, section V.iii")
public final class CalibrationEvaluator implements Evaluator {
    private static final int COLUMNS = 3;

    /** Side of the picture of a matrix of correlations, in pixels. */
    private static final int MATRIX = 320;

    /** Settings. */
    public record Settings(
            @About("draws of the prior") int draws,

            @About("most dimensions in the picture of histograms")
            int panels) {
        /** The defaults. */
        public Settings() {
            this(100_000, 24);
        }

        /** Checks ranges. */
        public Settings {
            if (draws < 100 || draws > 1_000_000) {
                throw new IllegalArgumentException("draws must be from 100 to 1000000 but was " + draws);
            }
            if (panels < 1 || panels > 100) {
                throw new IllegalArgumentException("panels must be from 1 to 100 but was " + panels);
            }
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public CalibrationEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public CalibrationEvaluator(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        Map<String, Values> posterior = posterior(model, data.test());
        Map<String, Values> prior = prior(model);
        List<Report.Measure> measures = new ArrayList<>();
        List<Report.Picture> pictures = new ArrayList<>();
        List<Report.Table> tables = new ArrayList<>();
        posterior.forEach((latent, draws) -> {
            Optional<Sample> law = Optional.ofNullable(prior.get(latent)).map(Sample::of);
            Sample images = Sample.of(draws);
            measures.addAll(measures(word(latent), images, law));
            tables.add(table(word(latent), images, law));
            pictures.add(new Report.Picture(word(latent) + "-histograms", histograms(latent, images, law)));
            pictures.add(new Report.Picture(word(latent) + "-correlations", correlations(latent, images, law)));
        });
        return new Report(measures, pictures, tables);
    }

    private static String word(String latent) {
        return switch (latent) {
            case "z" -> "code";
            case "u" -> "pose";
            default -> latent;
        };
    }

    private static Map<String, Values> posterior(Trained model, Split images) {
        List<String> names = new ArrayList<>();
        List<Values> found = model.map(
                images,
                (net, batch) -> parameters(model.model().pass(net, batch, 1).latents(), names));
        return byName(names, found);
    }

    private Map<String, Values> prior(Trained model) {
        List<String> names = new ArrayList<>();
        List<Values> found = model.run(
                net -> parameters(model.model().prior(net.sub("prior"), settings.draws(), model.image()), names));
        return byName(names, found);
    }

    private static List<Operand<TFloat32>> parameters(Map<String, Latent> latents, List<String> names) {
        names.clear(); // the section may be built more than once
        names.addAll(latents.keySet());
        return latents.values().stream()
                .<Operand<TFloat32>>map(Latent::parameters)
                .toList();
    }

    private static Map<String, Values> byName(List<String> names, List<Values> found) {
        Map<String, Values> all = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), found.get(i));
        }
        return all;
    }

    private List<Report.Measure> measures(String latent, Sample images, Optional<Sample> prior) {
        int count = images.draws().rows();
        String alone = "one draw of each posterior, " + count + " images"
                + (prior.isPresent() ? "" : "; its prior is improper and cannot be drawn from");
        List<Report.Measure> measures = new ArrayList<>();
        if (prior.isPresent()) {
            String compared = alone + ", against " + settings.draws() + " draws of the prior";
            String deviations = "prior standard deviations";
            Sample standardised = images.inUnitsOf(prior.get().moments());
            Moments moments = standardised.moments();
            double[] means = moments.mean();
            double[] spreads = new double[means.length];
            double[] ks = new double[means.length];
            for (int i = 0; i < means.length; i++) {
                spreads[i] = moments.standardDeviation(i);
                ks[i] = images.ks(prior.get(), i);
            }
            double farthest = Arrays.stream(means).map(Math::abs).max().orElseThrow();
            double apart = KolmogorovSmirnov.distance(
                    standardised.radii(),
                    prior.get().inUnitsOf(prior.get().moments()).radii());
            measures.add(test(latent + "_mean", rootMeanSquare(means), deviations, compared));
            measures.add(test(latent + "_mean_farthest", farthest, deviations, compared));
            measures.add(test(latent + "_sd", rootMeanSquare(spreads), deviations, compared));
            measures.add(test(latent + "_sd_smallest", least(spreads), deviations, compared));
            measures.add(test(latent + "_sd_largest", most(spreads), deviations, compared));
            String probability = "Kolmogorov-Smirnov distance";
            measures.add(test(latent + "_ks", mean(ks), probability, compared));
            measures.add(test(latent + "_ks_largest", most(ks), probability, compared));
            measures.add(test(latent + "_radius_ks", apart, probability, compared));
        }
        spread(latent, images, "test", alone, measures);
        prior.ifPresent(law -> spread(
                latent + "_prior", law, "prior", settings.draws() + " draws of the prior of the " + latent, measures));
        return measures;
    }

    private static Report.Measure test(String name, double value, String unit, String protocol) {
        return new Report.Measure(name, value, unit, "test", protocol);
    }

    private static void spread(
            String name, Sample sample, String split, String protocol, List<Report.Measure> measures) {
        Moments moments = sample.moments();
        measures.add(new Report.Measure(
                name + "_effective_rank",
                moments.effectiveRank(),
                "of " + moments.size() + " dimensions",
                split,
                protocol));
        measures.add(new Report.Measure(
                name + "_correlation_largest", moments.largestCorrelation(), "correlation", split, protocol));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Means on both sides of that of the prior do not make up for each other. */
    private static double rootMeanSquare(double[] values) {
        return Math.sqrt(
                Arrays.stream(values).map(value -> value * value).average().orElseThrow());
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double most(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    /** Mean and standard deviation of every dimension in its own units, and how far it is from its prior. */
    private static Report.Table table(String name, Sample images, Optional<Sample> prior) {
        List<String> columns = new ArrayList<>(List.of("dimension", "mean", "sd"));
        prior.ifPresent(law -> columns.addAll(List.of("prior_mean", "prior_sd", "ks")));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            List<String> row = new ArrayList<>(List.of(
                    Integer.toString(i),
                    Double.toString(images.moments().mean()[i]),
                    Double.toString(images.moments().standardDeviation(i))));
            if (prior.isPresent()) {
                row.add(Double.toString(prior.get().moments().mean()[i]));
                row.add(Double.toString(prior.get().moments().standardDeviation(i)));
                row.add(Double.toString(images.ks(prior.get(), i)));
            }
            rows.add(row);
        }
        return new Report.Table(name, columns, rows);
    }

    private BufferedImage histograms(String latent, Sample images, Optional<Sample> prior) {
        List<Chart> charts = new ArrayList<>();
        for (int i = 0; i < Math.min(images.size(), settings.panels()); i++) {
            float[] posterior = images.sorted()[i];
            float[] law = prior.isPresent() ? prior.get().sorted()[i] : posterior;
            // One draw in a thousand may lie outside.
            double low = Math.min(quantile(posterior, 0.0005), quantile(law, 0.0005));
            double high = Math.max(quantile(posterior, 0.9995), quantile(law, 0.9995));
            Bins bins = Bins.over(low, high);
            Chart chart = Chart.of("", latent + "_" + i, "density")
                    .with("test images", Chart.Kind.HISTOGRAM, bins.edges(), bins.density(posterior));
            charts.add(
                    prior.isPresent()
                            ? chart.with("prior", Chart.Kind.HISTOGRAM, bins.edges(), bins.density(law))
                            : chart);
        }
        return Chart.grid(charts, Math.min(COLUMNS, charts.size()));
    }

    private static double quantile(float[] sorted, double share) {
        return sorted[(int) (share * (sorted.length - 1))];
    }

    private static BufferedImage correlations(String latent, Sample images, Optional<Sample> prior) {
        int size = images.size();
        List<float[]> matrices = new ArrayList<>(List.of(colours(images.moments())));
        prior.ifPresent(law -> matrices.add(colours(law.moments())));
        ImageGrid grid = new ImageGrid(new ImageSpec(size, size, 3), matrices.toArray(new float[0][]), matrices.size())
                .scale(Math.max(1, MATRIX / size))
                .title("correlations of " + latent + ": 1 red, 0 white, -1 blue");
        return (prior.isPresent() ? grid.columnCaptions("test images", "prior") : grid.columnCaptions("test images"))
                .image();
    }

    private static float[] colours(Moments moments) {
        int size = moments.size();
        float[] colours = new float[size * size * 3];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                float correlation = (float) moments.correlation(i, j);
                int first = (i * size + j) * 3;
                colours[first] = 1 + Math.min(0, correlation);
                colours[first + 1] = 1 - Math.abs(correlation);
                colours[first + 2] = 1 - Math.max(0, correlation);
            }
        }
        return colours;
    }
}
