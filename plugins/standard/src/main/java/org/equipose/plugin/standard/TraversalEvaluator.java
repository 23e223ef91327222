package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * Shows what each dimension of the code and of the pose does: a row of images in which it goes from −3 to 3 standard deviations of its
 * prior about the mean, while all others stay at their means. Where a prior is improper, mean and standard deviation are those of the
 * test images' posterior means, as title and protocol say. Of the code, those dimensions are shown whose posterior means vary most, as
 * measured by the prior.
 */
@Named("traversal")
@About(value = "picture of what each dimension of code and pose does", paper = "Vivé 2017, section V.ii")
public final class TraversalEvaluator implements Evaluator {

    /** Settings. */
    public record Settings(
            @About("dimensions of the code that are shown, at most")
            int code,

            @About("dimensions of the pose that are shown, at most")
            int pose,

            @About("images in a row") int steps,

            @About("largest distance from the mean, standard deviations")
            double range) {
        /** The defaults. */
        public Settings() {
            this(10, 18, 11, 3);
        }

        /** Checks ranges. */
        public Settings {
            check(code >= 0 && code <= 1000, "code", "from 0 to 1000", code);
            check(pose >= 0 && pose <= 1000, "pose", "from 0 to 1000", pose);
            check(code + pose > 0, "code + pose", "at least 1", code + pose);
            check(steps >= 2 && steps <= 51, "steps", "from 2 to 51", steps);
            check(range > 0 && range <= 100, "range", "above 0 and at most 100", range);
        }

        private static void check(boolean valid, String key, String range, Object found) {
            if (!valid) {
                throw new IllegalArgumentException(key + " must be " + range + " but was " + found);
            }
        }
    }

    private static final String POSE = "u";

    /** Draws from which means and variances of a prior are taken: enough for 0.3 %. */
    private static final int DRAWS = 100_000;

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public TraversalEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public TraversalEvaluator(Settings settings) {
        this.settings = settings;
    }

    /** A row of the picture: a dimension of a latent. */
    private record Row(String latent, int dimension) {
        @Override
        public String toString() {
            return latent + "_" + dimension;
        }
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        Map<String, Marginals> posterior = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        List<Values> inferred = model.map(data.test(), (net, batch) -> {
            Map<String, Latent> latents =
                    model.model().pass(net.noiseless(), batch, 1).latents();
            names.clear(); // the section may be built more than once
            names.addAll(latents.keySet());
            return parameters(latents);
        });
        for (int i = 0; i < names.size(); i++) {
            posterior.put(names.get(i), Marginals.of(inferred.get(i)));
        }
        Map<String, Marginals> prior = prior(model);
        Map<String, Marginals> scale = new LinkedHashMap<>(posterior);
        scale.putAll(prior);

        List<Row> rows = new ArrayList<>();
        List<Report.Measure> measures = new ArrayList<>();
        for (String name : names) {
            boolean proper = prior.containsKey(name);
            double[] variances = proper
                    ? shares(posterior.get(name), prior.get(name))
                    : posterior.get(name).variance();
            for (int dimension : chosen(name, variances)) {
                rows.add(new Row(name, dimension));
                measures.add(new Report.Measure(
                        "variance_" + name + "_" + dimension,
                        variances[dimension],
                        proper ? "variances of the prior" : "squared units of " + name,
                        "test",
                        "variance of posterior means over " + data.test().count() + " images"
                                + (proper ? "" : "; its prior is improper and has none to compare with")));
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no dimension to show: the model has no pose; raise evaluator.traversal.code");
        }
        ImageGrid picture = picture(model, rows, scale).title(title(names, prior));
        return new Report(measures, List.of(new Report.Picture("", picture.image())));
    }

    private static String title(List<String> names, Map<String, Marginals> prior) {
        List<String> improper =
                names.stream().filter(name -> !prior.containsKey(name)).toList();
        String priors = improper.size() == names.size() ? "" : " of its prior";
        String means = improper.isEmpty()
                ? ""
                : (priors.isEmpty() ? "" : ", " + String.join(", ", improper) + " by those")
                        + " of the test images' posterior means";
        return "one dimension at a time, by standard deviations" + priors + means + "; others at their means";
    }

    private static List<Operand<TFloat32>> parameters(Map<String, Latent> latents) {
        List<Operand<TFloat32>> parameters = new ArrayList<>();
        latents.values().forEach(latent -> parameters.add(latent.parameters()));
        return parameters;
    }

    private static Map<String, Marginals> prior(Trained model) {
        List<String> names = new ArrayList<>();
        List<Values> drawn = model.run(net -> {
            Map<String, Latent> latents = model.model().prior(net.sub("prior"), DRAWS, model.image());
            names.clear();
            names.addAll(latents.keySet());
            return parameters(latents);
        });
        Map<String, Marginals> marginals = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            marginals.put(names.get(i), Marginals.of(drawn.get(i)));
        }
        return marginals;
    }

    /** Returns the variances of posterior means in units of the variances of the prior. */
    private static double[] shares(Marginals posterior, Marginals scale) {
        double[] shares = new double[posterior.variance().length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = scale.variance()[i] == 0 ? 0 : posterior.variance()[i] / scale.variance()[i];
        }
        return shares;
    }

    /** A pose keeps its order; a code begins with the dimension that says most. */
    private int[] chosen(String name, double[] variances) {
        Integer[] order = new Integer[variances.length];
        Arrays.setAll(order, i -> i);
        if (!name.equals(POSE)) {
            Arrays.sort(order, Comparator.comparingDouble(i -> -variances[i]));
        }
        int most = name.equals(POSE) ? settings.pose() : settings.code();
        return Arrays.stream(order).mapToInt(i -> i).limit(most).toArray();
    }

    private ImageGrid picture(Trained model, List<Row> rows, Map<String, Marginals> scale) {
        int steps = settings.steps();
        double[] places = new double[steps];
        Arrays.setAll(places, s -> settings.range() * (2.0 * s / (steps - 1) - 1));
        Values images = model.run(net -> {
                    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
                    scale.forEach((name, marginals) -> {
                        int size = marginals.mean().length;
                        float[][] all = new float[rows.size() * steps][size];
                        for (int i = 0; i < all.length; i++) {
                            for (int d = 0; d < size; d++) {
                                boolean moves = rows.get(i / steps).equals(new Row(name, d));
                                double distance = moves ? places[i % steps] * marginals.standardDeviation(d) : 0;
                                all[i][d] = (float) (marginals.mean()[d] + distance);
                            }
                        }
                        // Not a constant: TensorFlow would swap a narrow one with the bias of a layer before it.
                        values.put(
                                name,
                                net.ops().placeholderWithDefault(net.ops().constant(all), Shape.of(all.length, size)));
                    });
                    return List.of(
                            model.model().generate(net, values, model.image()).image());
                })
                .get(0);
        return new ImageGrid(model.image(), images.toRows(), steps)
                .columnCaptions(Arrays.stream(places)
                        .mapToObj(place -> String.format(Locale.ROOT, "%.1f", place))
                        .toArray(String[]::new))
                .rowCaptions(rows.stream()
                        .map(row -> caption(row, scale.get(row.latent())))
                        .toArray(String[]::new));
    }

    private String caption(Row row, Marginals marginals) {
        double centre = marginals.mean()[row.dimension()];
        double reach = settings.range() * marginals.standardDeviation(row.dimension());
        return String.format(Locale.ROOT, "%s: %.2f to %.2f", row, centre - reach, centre + reach);
    }
}
