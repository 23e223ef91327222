package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Net;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Measures on the test images how well they are reconstructed, with latents at their posterior means and drawn, the
 * divergences and the bound; what parts of the model tell of how well they work; and, where images have labels and poses, how far the pose has left the canvas: the spread of the
 * digits' slant within a class, in x and in y'.
 */
@Named("reconstruction")
@About(value = "reconstruction error, divergences and bound on test images", paper = "Vivé 2017, figure 5")
public final class ReconstructionEvaluator implements Evaluator {
    private static final String NATS = "nats per image";

    /** Settings. */
    public record Settings(
            @About("images in the picture") int columns,

            @About("classes whose spread of the principal axis is measured: those that have one axis")
            List<Integer> axisClasses) {
        /** The defaults. */
        public Settings() {
            this(12, List.of(1, 4, 7, 9));
        }

        /** Checks ranges. */
        public Settings {
            if (columns < 1 || columns > 100) {
                throw new IllegalArgumentException("columns must be from 1 to 100 but was " + columns);
            }
            axisClasses = List.copyOf(axisClasses);
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public ReconstructionEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public ReconstructionEvaluator(Settings settings) {
        this.settings = settings;
    }

    /** What was measured on every test image, by name; names are known once the graph is built. */
    private record Found(List<Name> names, List<Values> values, boolean posed) {
        Values of(String name) {
            return values.get(names.stream().map(Name::name).toList().indexOf(name));
        }
    }

    private record Name(String name, String unit) {}

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        String targets = model.targets().name().toLowerCase(Locale.ROOT) + " targets";
        Found drawn = measure(model, data.test(), false);
        Found mean = measure(model, data.test(), true);
        List<Report.Measure> measures = new ArrayList<>();
        for (int i = 0; i < drawn.names().size(); i++) {
            measures.add(measure(drawn.names().get(i), drawn.values().get(i), "latents drawn once, " + targets));
        }
        Name atMean = new Name("reconstruction_at_mean", NATS);
        measures.add(measure(atMean, mean.of("reconstruction"), "latents at posterior means, " + targets));
        if (mean.posed() && data.test().labels().isPresent() && data.spec().channels() == 1) {
            measures.addAll(axes(data.test(), mean.of("canvas")));
        }
        return new Report(
                measures,
                List.of(new Report.Picture(
                        "",
                        Pictures.reconstructions(model, data.test(), settings.columns())
                                .image())));
    }

    private static Found measure(Trained model, Split split, boolean atMean) {
        List<Name> names = new ArrayList<>();
        boolean[] posed = new boolean[1];
        List<Values> values = model.map(split, (net, batch) -> {
            Pass pass = model.model().pass(atMean ? net.noiseless() : net, batch, 1);
            posed[0] = pass.latents().containsKey("u");
            return results(net, batch, pass, atMean && posed[0], names);
        });
        return new Found(names, values, posed[0]);
    }

    private static List<Operand<TFloat32>> results(
            Net net, Batch batch, Pass pass, boolean withCanvas, List<Name> names) {
        Ops tf = net.ops();
        List<Operand<TFloat32>> results = new ArrayList<>();
        Operand<TFloat32> bound = perImage(tf, pass.logLikelihood(), batch);
        names.clear(); // the section may be built more than once
        names.add(new Name("reconstruction", NATS));
        results.add(tf.math.neg(bound));
        for (var divergence : pass.divergence().entrySet()) {
            Operand<TFloat32> kl = perImage(tf, divergence.getValue(), batch);
            names.add(new Name("kl_" + divergence.getKey(), NATS));
            results.add(kl);
            bound = tf.math.sub(bound, kl);
        }
        names.add(0, new Name("elbo" + pass.qualifier(), NATS));
        results.add(0, bound);
        for (Diagnostic diagnostic : pass.diagnostics()) {
            names.add(new Name(diagnostic.name(), diagnostic.unit()));
            results.add(diagnostic.value());
        }
        if (withCanvas) {
            names.add(new Name("canvas", "probabilities"));
            results.add(pass.canvas());
        }
        return results;
    }

    /** There is one sample: {@code [1, batch]} to {@code [batch]}. */
    private static Operand<TFloat32> perImage(Ops tf, Operand<TFloat32> value, Batch batch) {
        return tf.reshape(value, tf.constant(new int[] {batch.size()}));
    }

    /** Returns the mean over test images in nats per image, with a normal interval. */
    static Report.Measure measure(String name, Values values, String protocol) {
        return measure(new Name(name, NATS), values, protocol);
    }

    private static Report.Measure measure(Name what, Values values, String protocol) {
        double mean = values.mean();
        double squares = 0;
        for (float value : values.data()) {
            squares += (value - mean) * (value - mean);
        }
        double error = 1.96 * Math.sqrt(squares) / values.data().length;
        return new Report.Measure(what.name(), mean, what.unit(), "test", protocol).within(mean - error, mean + error);
    }

    private List<Report.Measure> axes(Split test, Values canvas) {
        ImageSpec canvasSpec = new ImageSpec((int) canvas.shape()[1], (int) canvas.shape()[2], (int) canvas.shape()[3]);
        Optional<Double> before = spread(test, settings.axisClasses(), i -> image(test, i), test.spec());
        Optional<Double> after = spread(test, settings.axisClasses(), canvas::row, canvasSpec);
        if (before.isEmpty() || after.isEmpty()) {
            return List.of();
        }
        String protocol = "spread of the principal axis within classes " + settings.axisClasses()
                + ", x and y' at posterior means";
        return List.of(
                new Report.Measure("axis_spread_input", before.get(), "degrees", "test", protocol),
                new Report.Measure("axis_spread_canvas", after.get(), "degrees", "test", protocol),
                new Report.Measure(
                        "axis_spread_reduction", 100 * (1 - after.get() / before.get()), "percent", "test", protocol));
    }

    /** Returns the mean over classes of the standard deviation of the axis; empty if a class has no images. */
    private static Optional<Double> spread(
            Split test, List<Integer> classes, java.util.function.IntFunction<float[]> images, ImageSpec spec) {
        int[] labels = test.labels().orElseThrow();
        double sum = 0;
        for (int wanted : classes) {
            List<Double> angles = new ArrayList<>();
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == wanted) {
                    angles.add(PrincipalAxis.angle(images.apply(i), spec));
                }
            }
            if (angles.size() < 2) {
                return Optional.empty();
            }
            sum += PrincipalAxis.standardDeviation(angles);
        }
        return classes.isEmpty() ? Optional.empty() : Optional.of(sum / classes.size());
    }

    private static float[] image(Split split, int index) {
        float[] values = new float[split.spec().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = split.value(index, i);
        }
        return values;
    }
}
