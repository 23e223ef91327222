package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.PoseReading;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Turns test images by known angles and compares them with the angles that the pose says ({@link PoseReading}, at posterior means).
 * Images whose true turn is known are turned on from there, so that each is seen at the angles of the scale. They are interpolated
 * once more than those a model was trained on, and a little softer; the protocol says so.
 *
 * <p>The floor is a linear regression of the sine and cosine of the angle on the code z, fitted on every other image and tested on
 * the rest: it says how much of the turn is still in the code, and is all there is for a model without a pose. A code that knows
 * nothing scores about half of the range.
 */
@Named("pose-recovery")
@About("angles read off the pose against known turns")
public final class PoseRecoveryEvaluator implements Evaluator {

    /** Settings. */
    public record Settings(
            @About("test images") int images,

            @About("angles each is turned by, evenly spaced")
            int angles,

            @About("largest turn either way, degrees") double range,

            @About(
                    "classes left out of the share of images that follow, those that look alike when turned: 0,1,8 of digits")
            List<Integer> symmetric,

            @About("seed of the choice of images") long seed) {
        /** The defaults. */
        public Settings() {
            this(1000, 13, 60, List.of(), 1);
        }

        /** Checks ranges. */
        public Settings {
            if (images < 2) {
                throw new IllegalArgumentException("images must be at least 2 but was " + images);
            }
            if (angles < 2 || angles > 361) {
                throw new IllegalArgumentException("angles must be from 2 to 361 but was " + angles);
            }
            if (!(range > 0 && range <= 180)) {
                throw new IllegalArgumentException("range must be above 0 and at most 180 degrees but was " + range);
            }
            symmetric = List.copyOf(symmetric);
        }
    }

    /** What {@link AngleRecovery#follows} asks of an image. */
    private static final String FOLLOWS =
            "slope in [0.9, 1.1] and median residual of the image at most " + number(AngleRecovery.MOST_RESIDUAL) + "°";

    /** Images in the picture of canvases. */
    private static final int SHOWN = 4;

    /** Columns of that picture, at most. */
    private static final int COLUMNS = 13;

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public PoseRecoveryEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public PoseRecoveryEvaluator(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        Split chosen = chosen(data.test());
        double[] truth = new double[settings.angles()];
        Arrays.setAll(truth, a -> settings.range() * (2.0 * a / (truth.length - 1) - 1));
        Split turned = turned(model, chosen, truth);
        List<Values> found = model.map(turned, (net, batch) -> {
            Pass pass = model.model().pass(net.noiseless(), batch, 1);
            List<Operand<TFloat32>> results = new ArrayList<>();
            results.add(Code.in(pass.latents()).parameters());
            Latent pose = pass.latents().get("u");
            if (pose != null) {
                model.transform()
                        .flatMap(transform ->
                                PoseReading.fit(net.sub("reading"), transform, pose.parameters(), batch.spec()))
                        .ifPresent(results::add);
            }
            return results;
        });
        List<Report.Measure> measures = new ArrayList<>();
        List<Report.Picture> pictures = new ArrayList<>();
        if (found.size() > 1) {
            AngleRecovery pose = AngleRecovery.of(truth, angles(found.get(1), model.image(), truth.length));
            measures.addAll(measures(pose, chosen, "", "angle of the pose"));
            measures.addAll(failures(pose, chosen));
            pictures.add(new Report.Picture("", chart(pose, chosen).image()));
            int[] shown = shown(chosen);
            if (shown.length > 0) {
                pictures.add(new Report.Picture(
                        "turned", canvases(model, chosen.select(shown), truth).image()));
            }
        }
        int[] tested = every(1, chosen.count());
        AngleRecovery code = AngleRecovery.of(truth, regression(found.get(0), truth, chosen.count()));
        measures.addAll(measures(
                code,
                chosen.select(tested),
                "_from_code",
                "linear regression on z, fitted on " + (chosen.count() - tested.length) + " of the images, tested on "
                        + tested.length));
        return new Report(measures, pictures);
    }

    private Split chosen(Split test) {
        if (test.count() < 2) {
            throw new IllegalArgumentException("pose-recovery needs at least 2 test images, not " + test.count());
        }
        int count = Math.min(settings.images(), test.count());
        int[] indices = Arrays.copyOf(DataSets.shuffled(test.count(), settings.seed()), count);
        Arrays.sort(indices);
        return test.select(indices);
    }

    /** Returns every image at every angle, image by image. */
    private Split turned(Trained model, Split images, double[] truth) {
        int size = images.spec().size();
        byte[] pixels = new byte[images.count() * truth.length * size];
        for (int i = 0; i < images.count(); i++) {
            byte[] image = Arrays.copyOfRange(images.pixels(), i * size, (i + 1) * size);
            double already = turn(images, i);
            for (int a = 0; a < truth.length; a++) {
                byte[] moved = new Motion(0, 0, truth[a] - already, 1).move(image, images.spec());
                System.arraycopy(moved, 0, pixels, (i * truth.length + a) * size, size);
            }
        }
        Split turned = new Split(images.spec(), pixels, Optional.empty(), Optional.empty());
        // Binary images are grey once they are turned, and the model knows no such images.
        return model.targets().prepared(turned, settings.seed());
    }

    /** Returns the turn of an image in the data, where known. */
    private static double turn(Split images, int image) {
        return images.poses()
                .filter(poses -> poses[image].length > 2)
                .map(poses -> poses[image][2])
                .orElse(0f);
    }

    private static double[][] angles(Values fits, ImageSpec image, int angles) {
        double[][] recovered = new double[fits.rows() / angles][angles];
        for (int row = 0; row < fits.rows(); row++) {
            recovered[row / angles][row % angles] =
                    PoseReading.of(fits.row(row), image).turn();
        }
        return recovered;
    }

    /** Returns the numbers from {@code first} in steps of two. */
    private static int[] every(int first, int count) {
        int[] numbers = new int[(count - first + 1) / 2];
        Arrays.setAll(numbers, i -> first + 2 * i);
        return numbers;
    }

    /** Fits on images 0, 2, … and returns the angles predicted for images 1, 3, …. */
    private static double[][] regression(Values codes, double[] truth, int images) {
        int[] fitted = every(0, images);
        float[][] x = new float[fitted.length * truth.length][];
        double[][] y = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            double angle = Math.toRadians(truth[row % truth.length]);
            x[row] = codes.row(fitted[row / truth.length] * truth.length + row % truth.length);
            y[row] = new double[] {Math.sin(angle), Math.cos(angle)};
        }
        LinearRegression regression = LinearRegression.fit(x, y);
        int[] tested = every(1, images);
        double[][] predicted = new double[tested.length][truth.length];
        for (int i = 0; i < tested.length; i++) {
            for (int a = 0; a < truth.length; a++) {
                double[] direction = regression.predict(codes.row(tested[i] * truth.length + a));
                predicted[i][a] = Math.toDegrees(Math.atan2(direction[0], direction[1]));
            }
        }
        return predicted;
    }

    private String scale() {
        return settings.angles() + " angles in ±" + number(settings.range()) + "°";
    }

    /** Writes a number of degrees with at most one decimal. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private List<Report.Measure> measures(AngleRecovery recovery, Split images, String suffix, String how) {
        String known = IntStream.range(0, images.count()).anyMatch(i -> turn(images, i) != 0)
                ? ", turned on from their known turns and so interpolated twice"
                : "";
        String protocol =
                images.count() + " images × " + scale() + known + ", circular mean of each image removed, " + how;
        List<Report.Measure> measures = new ArrayList<>();
        measures.add(
                new Report.Measure("median_residual" + suffix, recovery.medianResidual(), "degrees", "test", protocol));
        IntPredicate telling = telling(images);
        if (IntStream.range(0, images.count()).anyMatch(telling)) {
            boolean all = images.labels().isEmpty() || settings.symmetric().isEmpty();
            measures.add(new Report.Measure(
                    "slope_near_one" + suffix,
                    recovery.following(telling),
                    "percent of images",
                    "test",
                    protocol + ", " + FOLLOWS + (all ? "" : ", classes other than " + settings.symmetric())));
        }
        return measures;
    }

    /** Says which images are not of a class that looks alike when turned. */
    private IntPredicate telling(Split images) {
        return images.labels()
                .<IntPredicate>map(labels -> i -> !settings.symmetric().contains(labels[i]))
                .orElse(i -> true);
    }

    private List<Report.Measure> failures(AngleRecovery recovery, Split images) {
        List<Report.Measure> measures = new ArrayList<>();
        int[] labels = images.labels().orElse(new int[0]);
        TreeSet<Integer> classes = new TreeSet<>();
        Arrays.stream(labels).forEach(classes::add);
        for (int label : classes) {
            measures.add(new Report.Measure(
                    "failures_class_" + label,
                    100 - recovery.following(i -> labels[i] == label),
                    "percent of images",
                    "test",
                    "images that do not follow: " + FOLLOWS + ", " + scale()));
        }
        return measures;
    }

    private Chart chart(AngleRecovery recovery, Split images) {
        double[] truth = recovery.truth();
        IntPredicate telling = telling(images);
        double limit = settings.range() * 1.05;
        double step = truth[1] - truth[0];
        Chart chart = Chart.of(
                        "angle of the pose against the true turn",
                        "true turn, degrees clockwise (points spread sideways)",
                        "recovered, degrees clockwise, offset of each image removed")
                .with("perfect", Chart.Kind.LINE, new double[] {-limit, limit}, new double[] {-limit, limit});
        for (boolean wanted : new boolean[] {false, true}) {
            List<double[]> points = new ArrayList<>();
            for (int i = 0; i < images.count(); i++) {
                for (int a = 0; a < truth.length && telling.test(i) == wanted; a++) {
                    double aside = step * 0.7 * ((double) i / images.count() - 0.5);
                    points.add(new double[] {truth[a] + aside, truth[a] + recovery.residual()[i][a]});
                }
            }
            if (!points.isEmpty()) {
                chart = chart.with(
                        name(wanted),
                        Chart.Kind.POINTS,
                        points.stream().mapToDouble(point -> point[0]).toArray(),
                        points.stream().mapToDouble(point -> point[1]).toArray());
            }
        }
        return chart.squared();
    }

    private String name(boolean telling) {
        if (!telling) {
            return "classes " + settings.symmetric();
        }
        return settings.symmetric().isEmpty() ? "test images" : "other classes";
    }

    /** Shows images at a few angles, with what the model makes of them below. */
    private ImageGrid canvases(Trained model, Split images, double[] truth) {
        int columns = Math.min(COLUMNS, truth.length);
        double[] angles = new double[columns];
        Arrays.setAll(angles, c -> truth[(int) Math.round((double) c * (truth.length - 1) / (columns - 1))]);
        List<float[]> tiles = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        for (int image = 0; image < images.count(); image++) {
            ImageGrid rows =
                    Pictures.reconstructions(model, turned(model, images.select(new int[] {image}), angles), columns);
            tiles.addAll(List.of(rows.images()));
            captions.addAll(rows.rowCaptions());
        }
        return new ImageGrid(images.spec(), tiles.toArray(new float[0][]), columns)
                .title("test images by their true turn, degrees clockwise")
                .columnCaptions(Arrays.stream(angles)
                        .mapToObj(PoseRecoveryEvaluator::number)
                        .toArray(String[]::new))
                .rowCaptions(captions.toArray(new String[0]));
    }

    /** Returns one image of each of the first telling classes. */
    private int[] shown(Split images) {
        IntPredicate telling = telling(images);
        Set<Integer> seen = new HashSet<>();
        return IntStream.range(0, images.count())
                .filter(i -> telling.test(i)
                        && images.labels().map(labels -> seen.add(labels[i])).orElse(true))
                .limit(SHOWN)
                .toArray();
    }
}
