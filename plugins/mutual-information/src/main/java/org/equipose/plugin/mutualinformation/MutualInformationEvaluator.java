package org.equipose.plugin.mutualinformation;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Chart;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseDraw;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Measures the lower bound on the mutual information of code and decoded image: of the part c of the code that {@code mi} rewards,
 * of the rest, and of all; of the pose as well where it is drawn from a prior. Of a model that was trained with {@code mi} in its
 * objective, be it with weight 0, it shows the course of training (Ducau and Trénous 2017, figure 2), and tells how closely the
 * bound on all of the code follows the reconstruction term, its dual (section 4).
 */
@Named("mutual-information")
@About(value = "bound on the information of code and image, by part", paper = "Ducau and Trénous 2017, figure 2")
public final class MutualInformationEvaluator implements Evaluator {
    private static final String UNIT = "nats per image";
    private static final double NORMAL_95 = 1.959964;
    private static final int LEAST_EPOCHS = 3; // for a correlation

    /** Settings. */
    public record Settings(
            @About("leading dimensions of the code that count as c; empty as in training, or for the first half")
            OptionalInt dims,

            @About("what the encoder is shown; empty as in training, or for the mean")
            Optional<DecodedImage> image,

            @About("pose of an image where its prior cannot be drawn from; empty as in training, or for batch")
            Optional<PoseDraw> poseDraw) {
        /** The defaults. */
        public Settings() {
            this(OptionalInt.empty(), Optional.empty(), Optional.empty());
        }

        /** Checks ranges. */
        public Settings {
            if (dims.isPresent() && dims.getAsInt() < 1) {
                throw new IllegalArgumentException("dims must be at least 1 but was " + dims.getAsInt());
            }
        }

        private RoundTrip.Way asIn(Map<String, String> training) {
            return new RoundTrip.Way(
                    dims.isPresent() ? dims : dims(training.getOrDefault("objective.mi.dims", "")),
                    image.orElseGet(() -> DecodedImage.valueOf(constant(training, "objective.mi.image", "mean"))),
                    poseDraw.orElseGet(() -> PoseDraw.valueOf(constant(training, "objective.mi.pose-draw", "batch"))));
        }

        private static OptionalInt dims(String text) {
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        }

        private static String constant(Map<String, String> training, String key, String fallback) {
            return training.getOrDefault(key, fallback).toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public MutualInformationEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public MutualInformationEvaluator(Settings settings) {
        this.settings = settings;
    }

    /** What the graph tells beside numbers. */
    private static final class Shape {
        private boolean rest;
        private boolean pose;
        private boolean posed;
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        RoundTrip.Way way = settings.asIn(model.settings());
        Shape shape = new Shape();
        List<Values> bounds = model.map(data.test(), (net, batch) -> {
            Pass pass = model.model().pass(net.sub("pass"), batch, 1);
            RoundTrip trip = RoundTrip.of(net.sub("trip"), model.model(), pass, way);
            shape.rest = trip.rest().isPresent();
            shape.pose = trip.pose().isPresent();
            shape.posed = pass.latents().containsKey("u");
            List<Operand<TFloat32>> parts = new ArrayList<>(List.of(trip.chosen()));
            trip.rest().ifPresent(parts::add);
            trip.pose().ifPresent(parts::add);
            return parts;
        });
        String protocol = data.test().count() + " codes from the prior, recognised by their "
                + way.image().words() + (shape.posed ? ", " + poses(shape.pose, way.poseDraw()) : "");
        List<Report.Measure> measures = new ArrayList<>();
        double[] chosen = doubles(bounds.get(0));
        double[] all = chosen.clone();
        add(measures, "mi_c", chosen, protocol);
        if (shape.rest) {
            double[] rest = doubles(bounds.get(1));
            add(measures, "mi_rest", rest, protocol);
            Arrays.setAll(all, i -> chosen[i] + rest[i]);
        }
        add(measures, "mi_all", all, protocol);
        if (shape.pose) {
            add(measures, "mi_pose", doubles(bounds.get(bounds.size() - 1)), protocol);
        }
        Course course = Course.of(run);
        course.duality().ifPresent(measures::add);
        return new Report(measures, course.picture().stream().toList());
    }

    private static String poses(boolean drawn, PoseDraw draw) {
        return drawn
                ? "poses drawn from the prior"
                : switch (draw) {
                    case IDENTITY -> "all in " + draw.words();
                    case BATCH -> "with poses of other test images";
                    case MEAN -> "all in the mean pose of the test images of a batch";
                };
    }

    private static double[] doubles(Values values) {
        double[] doubles = new double[values.data().length];
        Arrays.setAll(doubles, i -> values.data()[i]);
        return doubles;
    }

    private static void add(List<Report.Measure> measures, String name, double[] values, String protocol) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double error = Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
        measures.add(new Report.Measure(name, mean, UNIT, "prior", protocol)
                .within(mean - NORMAL_95 * error, mean + NORMAL_95 * error));
        measures.add(new Report.Measure(name + "_standard_error", error, UNIT, "prior", protocol));
    }

    /**
     * Numbers of each epoch of a training.
     *
     * @param epochs counted from 1
     * @param reconstruction error, nats per image
     * @param chosen bound for c
     * @param rest bound for the rest of the code; zeros if there is none
     */
    private record Course(double[] epochs, double[] reconstruction, double[] chosen, double[] rest) {

        static Course of(RunDirectory run) {
            List<MetricsFile.Row> rows;
            try {
                rows = Files.exists(run.metrics()) ? MetricsFile.read(run.metrics()) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            boolean followed = rows.stream()
                    .allMatch(row ->
                            row.values().containsKey("train/mi") && row.values().containsKey("train/reconstruction"));
            List<MetricsFile.Row> used = followed ? rows : List.of();
            return new Course(
                    used.stream().mapToDouble(MetricsFile.Row::epoch).toArray(),
                    column(used, "train/reconstruction"),
                    column(used, "train/mi"),
                    column(used, "train/mi_rest"));
        }

        private static double[] column(List<MetricsFile.Row> rows, String name) {
            return rows.stream()
                    .mapToDouble(row -> row.values().getOrDefault(name, 0.0))
                    .toArray();
        }

        private double[] all() {
            double[] all = new double[epochs.length];
            Arrays.setAll(all, i -> chosen[i] + rest[i]);
            return all;
        }

        Optional<Report.Picture> picture() {
            if (epochs.length == 0) {
                return Optional.empty();
            }
            String axis = "epoch";
            List<Chart> charts = List.of(
                    Chart.of("", axis, "reconstruction error, " + UNIT)
                            .with("", Chart.Kind.LINE, epochs, reconstruction),
                    Chart.of("", axis, "bound for c, " + UNIT).with("", Chart.Kind.LINE, epochs, chosen),
                    Chart.of("", axis, "bound for the rest, " + UNIT).with("", Chart.Kind.LINE, epochs, rest));
            BufferedImage image = Chart.grid(charts, charts.size());
            return Optional.of(new Report.Picture("", image));
        }

        /** Rank correlation: the bounds rise as the error falls, if they are duals, but not in proportion. */
        Optional<Report.Measure> duality() {
            if (epochs.length < LEAST_EPOCHS) {
                return Optional.empty();
            }
            return Optional.of(new Report.Measure(
                    "duality",
                    RankCorrelation.of(reconstruction, all()),
                    "Spearman's rank correlation",
                    "train",
                    "reconstruction error against the bound for all of the code, " + epochs.length + " epochs"));
        }
    }
}
