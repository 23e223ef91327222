package org.equipose.plugin.mutualinformation;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.data.DataSets;
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
 * bound on all of the code follows the reconstruction term, its dual (section 4). A bound below zero only says that the encoder is a
 * worse guess than the prior.
 */
@Named("mutual-information")
@About(value = "bound on the information of code and image, by part", paper = "Ducau and Trénous 2017, figure 2")
public final class MutualInformationEvaluator implements Evaluator {
    private static final double NORMAL_95 = 1.959964;

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

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        RoundTrip.Way way = settings.asIn(model.settings());
        Map<String, double[]> bounds = bounds(model, data, way);
        String poses = model.transform().isEmpty() ? "" : ", " + poses(bounds.containsKey("mi_pose"), way.poseDraw());
        String protocol = "lower bound, " + data.test().count() + " codes from the prior, recognised by their "
                + way.image().words() + poses;
        List<Report.Measure> measures = new ArrayList<>();
        bounds.forEach((name, values) -> add(measures, name, values, protocol));
        Course course = Course.of(run);
        course.duality().ifPresent(measures::add);
        return new Report(measures, course.picture().stream().toList());
    }

    /** Returns the bound of each code by part; as many codes as there are test images, which lend their poses if need be. */
    private static Map<String, double[]> bounds(Trained model, DataSets data, RoundTrip.Way way) {
        List<String> names = new ArrayList<>();
        List<Values> parts = model.map(data.test(), (net, batch) -> {
            Pass pass = model.model().pass(net.sub("pass"), batch, 1);
            RoundTrip trip = RoundTrip.of(net.sub("trip"), model.model(), pass, way);
            Map<String, Operand<TFloat32>> byName = new LinkedHashMap<>();
            byName.put("mi_c", trip.chosen());
            trip.rest().ifPresent(rest -> byName.put("mi_rest", rest));
            byName.put(
                    "mi_all",
                    trip.rest()
                            .<Operand<TFloat32>>map(rest -> net.ops().math.add(trip.chosen(), rest))
                            .orElse(trip.chosen()));
            trip.pose().ifPresent(pose -> byName.put("mi_pose", pose));
            names.clear(); // the section may be built more than once
            names.addAll(byName.keySet());
            return List.copyOf(byName.values());
        });
        Map<String, double[]> bounds = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            bounds.put(names.get(i), doubles(parts.get(i)));
        }
        return bounds;
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
        measures.add(new Report.Measure(name, mean, Course.UNIT, "prior", protocol)
                .within(mean - NORMAL_95 * error, mean + NORMAL_95 * error));
        measures.add(new Report.Measure(name + "_standard_error", error, Course.UNIT, "prior", protocol));
    }
}
