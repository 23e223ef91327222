package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Split;
import org.equipose.core.run.Chart;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;

/**
 * Shows the codes of test images, at posterior means, as points coloured by class. Of more than two dimensions their first two
 * principal components are shown; of one, the code against the class.
 */
@Named("latent-scatter")
@About(value = "picture of the codes of test images, by class", paper = "Vivé 2017, figure 8")
public final class LatentScatterEvaluator implements Evaluator {

    /** Settings. */
    public record Settings(
            @About("test images") int images,
            @About("seed of the choice of images") long seed) {
        /** The defaults. */
        public Settings() {
            this(2000, 1);
        }

        /** Checks ranges. */
        public Settings {
            if (images < 2) {
                throw new IllegalArgumentException("images must be at least 2 but was " + images);
            }
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public LatentScatterEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public LatentScatterEvaluator(Settings settings) {
        this.settings = settings;
    }

    /**
     * Codes on a plane.
     *
     * @param x across
     * @param y up
     * @param xLabel what x is
     * @param yLabel what y is
     * @param share of the variance of the codes that the plane shows, in [0, 1]
     */
    private record Plane(double[] x, double[] y, String xLabel, String yLabel, double share) {}

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        Split test = data.test();
        int[] chosen = Arrays.copyOf(
                DataSets.shuffled(test.count(), settings.seed()), Math.min(settings.images(), test.count()));
        Arrays.sort(chosen);
        Split shown = test.select(chosen);
        Values codes = model.map(
                        shown,
                        (net, batch) -> List.of(Code.in(model.model()
                                        .pass(net.noiseless(), batch, 1)
                                        .latents())
                                .parameters()))
                .get(0);
        Plane plane = plane(codes, shown.labels());
        String protocol = "z of " + shown.count() + " images at posterior means, on the plane shown";
        List<Report.Measure> measures = new ArrayList<>();
        measures.add(new Report.Measure(
                "variance_shown", 100 * plane.share(), "percent of the variance of z", "test", protocol));
        shown.labels()
                .filter(labels -> codes.rowSize() > 1)
                .ifPresent(labels -> measures.add(new Report.Measure(
                        "variance_between_classes",
                        100 * betweenClasses(plane, labels),
                        "percent of the variance shown",
                        "test",
                        protocol)));
        return new Report(
                measures,
                List.of(new Report.Picture(
                        "", chart(plane, shown.labels(), data.classes()).image())));
    }

    private static Plane plane(Values codes, Optional<int[]> labels) {
        int size = codes.rowSize();
        if (size == 1) {
            int[] classes = labels.orElse(new int[codes.rows()]);
            return new Plane(
                    column(codes, 0),
                    Arrays.stream(classes).asDoubleStream().toArray(),
                    "z_0",
                    labels.isPresent() ? "class" : "",
                    1);
        }
        if (size == 2) {
            return new Plane(column(codes, 0), column(codes, 1), "z_0", "z_1", 1);
        }
        PrincipalPlane found = PrincipalPlane.of(codes);
        return new Plane(
                found.project(codes, 0),
                found.project(codes, 1),
                label("first", size, found.shares()[0]),
                label("second", size, found.shares()[1]),
                found.shares()[0] + found.shares()[1]);
    }

    private static double[] column(Values codes, int dimension) {
        double[] column = new double[codes.rows()];
        Arrays.setAll(column, i -> codes.data()[i * codes.rowSize() + dimension]);
        return column;
    }

    private static String label(String which, int size, double share) {
        return String.format(
                Locale.ROOT, "%s principal component of z, of %d (%.0f %% of variance)", which, size, 100 * share);
    }

    /** Returns the variance of the class means, each counted as often as its class, over the variance of all: η². */
    private static double betweenClasses(Plane plane, int[] labels) {
        double between = 0;
        double total = 0;
        for (double[] axis : List.of(plane.x(), plane.y())) {
            double mean = Arrays.stream(axis).average().orElseThrow();
            for (double place : axis) {
                total += (place - mean) * (place - mean);
            }
            for (int label : classes(labels)) {
                double[] members = of(axis, labels, label);
                double distance = Arrays.stream(members).average().orElseThrow() - mean;
                between += members.length * distance * distance;
            }
        }
        return total == 0 ? 0 : between / total;
    }

    private static NavigableSet<Integer> classes(int[] labels) {
        NavigableSet<Integer> classes = new TreeSet<>();
        Arrays.stream(labels).forEach(classes::add);
        return classes;
    }

    private static double[] of(double[] axis, int[] labels, int label) {
        return IntStream.range(0, axis.length)
                .filter(i -> labels[i] == label)
                .mapToDouble(i -> axis[i])
                .toArray();
    }

    private static Chart chart(Plane plane, Optional<int[]> labels, List<String> names) {
        String title = "codes of test images, at posterior means";
        int[] classOf = labels.orElse(new int[plane.x().length]);
        IntFunction<String> name = label -> names.size() > label ? names.get(label) : Integer.toString(label);
        List<Chart.Series> series = new ArrayList<>();
        for (int label : classes(classOf)) {
            series.add(new Chart.Series(
                    labels.isPresent() ? name.apply(label) : "",
                    Chart.Kind.POINTS,
                    of(plane.x(), classOf, label),
                    of(plane.y(), classOf, label)));
        }
        return new Chart(title, plane.xLabel(), plane.yLabel(), false, true, series);
    }
}
