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
import java.util.Optional;
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
 *
 * <p>A second picture shows a plane: one dimension of the code goes from left to right and another from top to bottom, by default one
 * of the first half of the code and one of the second, so that what {@code mi} rewards stands against the rest (Ducau and Trénous
 * 2017, figure 3).
 */
@Named("traversal")
@About(
        value = "picture of what each dimension of code and pose does",
        paper = "Vivé 2017, V.ii; Ducau and Trénous 2017")
public final class TraversalEvaluator implements Evaluator {

    /** Settings. */
    public record Settings(
            @About("dimensions of the code that are shown, at most")
            int code,

            @About("dimensions of the pose that are shown, at most")
            int pose,

            @About("images in a row") int steps,

            @About("largest distance from the mean, standard deviations")
            double range,

            @About(
                    "code dimensions across and down a plane; empty: the most varied of the first half and of the second")
            List<Integer> plane) {
        /** The defaults. */
        public Settings() {
            this(10, 18, 11, 3, List.of());
        }

        /** Checks ranges. */
        public Settings {
            check(code >= 0 && code <= 1000, "code", "from 0 to 1000", code);
            check(pose >= 0 && pose <= 1000, "pose", "from 0 to 1000", pose);
            check(code + pose > 0, "code + pose", "at least 1", code + pose);
            check(steps >= 2 && steps <= 51, "steps", "from 2 to 51", steps);
            check(range > 0 && range <= 100, "range", "above 0 and at most 100", range);
            boolean two = plane.size() == 2
                    && plane.get(0) >= 0
                    && plane.get(1) >= 0
                    && !plane.get(0).equals(plane.get(1));
            check(plane.isEmpty() || two, "plane", "two different dimensions such as 0,10", plane);
        }

        private static void check(boolean valid, String key, String range, Object found) {
            if (!valid) {
                throw new IllegalArgumentException(key + " must be " + range + " but was " + found);
            }
        }
    }

    private static final String CODE = "z";
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
        List<Report.Picture> pictures = new ArrayList<>();
        pictures.add(new Report.Picture(
                "", picture(model, rows, scale).title(title(names, prior)).image()));
        plane(posterior, prior)
                .ifPresent(axes -> pictures.add(
                        new Report.Picture("plane", plane(model, axes, scale).image())));
        return new Report(measures, pictures);
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

    /** Where the images of a row are, in standard deviations. */
    private double[] places() {
        double[] places = new double[settings.steps()];
        Arrays.setAll(places, s -> settings.range() * (2.0 * s / (places.length - 1) - 1));
        return places;
    }

    private static String[] captions(double[] places) {
        return Arrays.stream(places)
                .mapToObj(place -> String.format(Locale.ROOT, "%.1f", place))
                .toArray(String[]::new);
    }

    private ImageGrid picture(Trained model, List<Row> rows, Map<String, Marginals> scale) {
        double[] places = places();
        List<Map<Row, Double>> moves = new ArrayList<>();
        for (Row row : rows) {
            for (double place : places) {
                moves.add(Map.of(row, place));
            }
        }
        return new ImageGrid(model.image(), decoded(model, moves, scale), places.length)
                .columnCaptions(captions(places))
                .rowCaptions(rows.stream()
                        .map(row -> caption(row, scale.get(row.latent())))
                        .toArray(String[]::new));
    }

    /** Returns the dimensions across and down; empty for a code of one. */
    private Optional<List<Row>> plane(Map<String, Marginals> posterior, Map<String, Marginals> prior) {
        if (!prior.containsKey(CODE)) {
            return Optional.empty();
        }
        double[] variances = shares(posterior.get(CODE), prior.get(CODE));
        for (int asked : settings.plane()) {
            if (asked >= variances.length) {
                throw new IllegalArgumentException("evaluator.traversal.plane asks for dimension " + asked
                        + " of a code that has " + variances.length + ", counted from 0");
            }
        }
        if (!settings.plane().isEmpty()) {
            return Optional.of(
                    settings.plane().stream().map(d -> new Row(CODE, d)).toList());
        }
        int half = variances.length / 2;
        return half == 0
                ? Optional.empty()
                : Optional.of(List.of(
                        new Row(CODE, largest(variances, 0, half)),
                        new Row(CODE, largest(variances, half, variances.length))));
    }

    private static int largest(double[] values, int from, int to) {
        int largest = from;
        for (int i = from; i < to; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    private ImageGrid plane(Trained model, List<Row> axes, Map<String, Marginals> scale) {
        double[] places = places();
        List<Map<Row, Double>> moves = new ArrayList<>();
        for (double down : places) {
            for (double across : places) {
                moves.add(Map.of(axes.get(0), across, axes.get(1), down));
            }
        }
        return new ImageGrid(model.image(), decoded(model, moves, scale), places.length)
                .columnCaptions(captions(places))
                .rowCaptions(captions(places))
                .title(axes.get(0) + " across, " + axes.get(1) + " down, by standard deviations of the prior;"
                        + " others at their means");
    }

    /** Decodes latents at their means but for some dimensions, which are so many standard deviations away. */
    private static float[][] decoded(Trained model, List<Map<Row, Double>> moves, Map<String, Marginals> scale) {
        Values images = model.run(net -> {
                    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
                    scale.forEach((name, marginals) -> {
                        int size = marginals.mean().length;
                        float[][] all = new float[moves.size()][size];
                        for (int i = 0; i < all.length; i++) {
                            for (int d = 0; d < size; d++) {
                                double distance = moves.get(i).getOrDefault(new Row(name, d), 0.0);
                                all[i][d] = (float) (marginals.mean()[d] + distance * marginals.standardDeviation(d));
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
        return images.toRows();
    }

    private String caption(Row row, Marginals marginals) {
        double centre = marginals.mean()[row.dimension()];
        double reach = settings.range() * marginals.standardDeviation(row.dimension());
        return String.format(Locale.ROOT, "%s: %.2f to %.2f", row, centre - reach, centre + reach);
    }
}
