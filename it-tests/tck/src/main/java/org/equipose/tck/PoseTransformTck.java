package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What every {@link PoseTransform} promises. Extend, return your transform, and inherit the tests:
 *
 * <pre>{@code
 * class ShearTest extends PoseTransformTck {
 *     @Override
 *     protected PoseTransform transform() {
 *         return new Shear();
 *     }
 * }
 * }</pre>
 */
public abstract class PoseTransformTck {
    private static final int ROWS = 3;
    private static final Motion RIGHT = new Motion(5, 0, 0, 1);
    private static final Motion DOWN = new Motion(0, 4, 0, 1);
    private static final Motion TURN = new Motion(0, 0, 30, 1);
    private static final Motion GROWTH = new Motion(0, 0, 0, 1.2);
    private static final Motion ALL = new Motion(4, -3, 30, 1.2);
    private static final String TURNS = "positive degrees turn clockwise on the screen";

    /** For subclasses. */
    protected PoseTransformTck() {}

    /** Returns the transform under test, built as a user would build it. */
    protected abstract PoseTransform transform();

    /** Returns by how much T_0 may change a pixel; 0, the default, means not by a bit. */
    protected double tolerance() {
        return 0;
    }

    /** Returns by how much T_u⁻¹ T_u may change a pixel of a soft picture: two interpolations blur it by up to 0.05. */
    protected double inverseTolerance() {
        return 0.05;
    }

    /** Says whether the transform has an inverse; true by default. */
    protected boolean hasInverse() {
        return true;
    }

    /**
     * Says whether the family contains that motion of an object in a square picture. By default a transform that implements
     * {@link SpatialTransform#pose} has every motion, and one that does not has none.
     */
    protected boolean contains(Motion motion) {
        try {
            return transform()
                            .getClass()
                            .getMethod("pose", Motion.class, ImageSpec.class)
                            .getDeclaringClass()
                    != SpatialTransform.class;
        } catch (NoSuchMethodException e) {
            return false; // it does not move pixels
        }
    }

    /** Says whether the result may have another size than the image; true by default. */
    protected boolean resizes() {
        return true;
    }

    /** Returns sizes of images to test with: by default square and grey, and not square and in colour. */
    protected List<ImageSpec> images() {
        return List.of(new ImageSpec(33, 33, 1), new ImageSpec(36, 40, 3));
    }

    /** Checks that S is not negative and always the same. */
    @Test
    public void poseSizeIsFixed() {
        for (ImageSpec image : images()) {
            int size = transform().poseSize(image);
            assertTrue(size >= 0, () -> "poseSize(" + image + ") is not negative but was " + size);
            assertEquals(size, transform().poseSize(image), "poseSize(" + image + ") is the same every time");
            ImageSpec larger = new ImageSpec(image.height() + 7, image.width() + 4, image.channels());
            assertEquals(size, transform().poseSize(larger), "poseSize does not depend on height and width");
        }
    }

    /** Checks that u = 0 changes nothing. */
    @Test
    public void zeroPoseIsTheIdentity() {
        for (ImageSpec image : images()) {
            float[] pixels = Pictures.noise(ROWS, image);
            for (Border border : List.of(Border.ZERO, Border.EDGE)) {
                float[] moved = apply(image, pixels, new float[ROWS * size(image)], image, border);
                String promise = "u = 0 is the identity on " + image + " with border " + border
                        + (tolerance() == 0 ? ", bit for bit" : " up to the declared tolerance");
                Check.close(promise, pixels, moved, tolerance());
            }
        }
    }

    /** Checks the shape of the result, of the image's own size and of another, or that another is refused in words. */
    @Test
    public void theResultHasTheSizeAskedFor() {
        for (ImageSpec image : images()) {
            ImageSpec other = new ImageSpec(image.height() + 7, image.width() - 9, image.channels());
            if (!resizes()) {
                refuses(image, other);
            }
            for (ImageSpec out : resizes() ? List.of(image, other) : List.of(image)) {
                try (GraphFixture graph = new GraphFixture()) {
                    Operand<TFloat32> moved = transform()
                            .apply(
                                    graph.net(),
                                    input(graph, Pictures.blobs(ROWS, image), image),
                                    graph.input(pose(image, 0.1, 1), ROWS, size(image)),
                                    out,
                                    Border.ZERO);
                    String promise = "apply makes [rows, out.height, out.width, channels] of " + image;
                    Check.shape(promise, moved, ROWS, out.height(), out.width(), image.channels());
                    float[] values = graph.fetch(moved);
                    assertEquals(ROWS * out.size(), values.length, promise);
                    Check.finite("pixels are finite", values);
                }
            }
        }
    }

    private void refuses(ImageSpec image, ImageSpec other) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> apply(image, Pictures.blobs(1, image), new float[size(image)], other, Border.ZERO),
                "a transform that does not resize refuses another size");
        assertTrue(
                String.valueOf(refusal.getMessage()).contains(other.toString()),
                () -> "the refusal names the size asked for, " + other + ", but says: " + refusal.getMessage());
    }

    /** Checks that a pose of another size is refused when the graph is built, in words. */
    @Test
    public void refusesAPoseOfAnotherSize() {
        ImageSpec image = images().get(0);
        long[] shape = {ROWS, size(image) + 1};
        String found = java.util.Arrays.toString(shape);
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> pixels = input(graph, Pictures.blobs(ROWS, image), image);
            Operand<TFloat32> wide = graph.input(new float[(int) (shape[0] * shape[1])], shape);
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> transform().apply(graph.net(), pixels, wide, image, Border.ZERO),
                    "a transform refuses a pose " + found + ", which is not [rows, S]");
            assertTrue(
                    String.valueOf(refusal.getMessage()).contains(found),
                    () -> "the refusal names the shape found, " + found + ", but says: " + refusal.getMessage());
        }
    }

    /** Checks that an image is moved by its own pose, whatever else is in the batch. */
    @Test
    public void membersOfABatchAreIndependent() {
        for (ImageSpec image : images()) {
            float[] pixels = Pictures.blobs(ROWS, image);
            float[] pose = pose(image, 0.1, 2);
            float[] together = apply(image, pixels, pose, image, Border.ZERO);
            for (int row = 0; row < ROWS; row++) {
                float[] alone = apply(image, row(pixels, row), row(pose, row), image, Border.ZERO);
                Check.close("image " + row + " of a batch moves as it would alone", alone, row(together, row), 1e-4);
            }
        }
    }

    /** Checks that no coordinate of the pose is idle. */
    @Test
    public void everyPoseCoordinateMatters() {
        for (ImageSpec image : images()) {
            float[] pixels = Pictures.blobs(1, image);
            float[] still = apply(image, pixels, new float[size(image)], image, Border.ZERO);
            for (int j = 0; j < size(image); j++) {
                float[] pose = new float[size(image)];
                pose[j] = 0.2f;
                float[] moved = apply(image, pixels, pose, image, Border.ZERO);
                String message =
                        Check.promise("every coordinate of the pose changes the image, but u[" + j + "] does not");
                assertTrue(Check.distance(still, moved) > 1e-3, message);
            }
        }
    }

    /** Checks the derivative with respect to pose and image against central differences. */
    @Test
    public void gradientsAreFiniteDifferences() {
        slopes(transform());
    }

    /** Checks the same of the inverse. */
    @Test
    public void gradientsOfTheInverseAreFiniteDifferences() {
        slopes(inverse());
    }

    private void slopes(PoseTransform transform) {
        for (ImageSpec image : images()) {
            float[] pixels = Pictures.blobs(1, image);
            float[] weights = Pictures.blobs(2, image); // the second is not the image: nothing cancels by symmetry
            float[] weight = row(weights, 1, 2);
            float[] pose = Check.normal(size(image), 0.1, 3);
            try (GraphFixture graph = new GraphFixture()) {
                Operand<TFloat32> x = input(graph, pixels, image);
                Operand<TFloat32> u = graph.input(pose, 1, size(image));
                Operand<TFloat32> moved = transform.apply(graph.net(), x, u, image, Border.ZERO);
                Operand<TFloat32> sum = graph.tf().math.mul(moved, input(graph, weight, image));
                List<Optional<float[]>> gradients = graph.gradients(sum, List.of(u, x));
                for (int seed = 0; seed < 4; seed++) {
                    if (size(image) > 0) {
                        float[] direction = Check.normal(pose.length, 1, 20 + seed);
                        // Small, so that few points cross from one pixel to the next, where the slope jumps.
                        double h = 5e-5;
                        graph.set(u, Check.along(pose, h, direction));
                        double up = Check.product(graph.fetch(moved), weight);
                        graph.set(u, Check.along(pose, -h, direction));
                        double down = Check.product(graph.fetch(moved), weight);
                        graph.set(u, pose);
                        String promise = "the derivative by the pose is the finite difference, direction " + seed;
                        Check.slope(promise, flows(gradients.get(0), "pose"), direction, (up - down) / (2 * h));
                    }
                    float[] direction = Check.normal(pixels.length, 1, 30 + seed);
                    double h = 1e-2;
                    graph.set(x, Check.along(pixels, h, direction));
                    double up = Check.product(graph.fetch(moved), weight);
                    graph.set(x, Check.along(pixels, -h, direction));
                    double down = Check.product(graph.fetch(moved), weight);
                    graph.set(x, pixels);
                    String promise = "the derivative by the image is the finite difference, direction " + seed;
                    Check.slope(promise, flows(gradients.get(1), "image"), direction, (up - down) / (2 * h));
                }
            }
        }
    }

    private static float[] flows(Optional<float[]> gradient, String where) {
        return gradient.orElseGet(() -> fail(Check.promise("a gradient flows to the " + where)));
    }

    /** Checks that using the transform again in one net makes no new parameter. */
    @Test
    public void aSecondUseAddsNoParameter() {
        ImageSpec image = images().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("transform");
            Operand<TFloat32> x = input(graph, Pictures.blobs(ROWS, image), image);
            Operand<TFloat32> u = graph.input(pose(image, 0.1, 1), ROWS, size(image));
            transform().apply(net, x, u, image, Border.ZERO);
            List<String> before = graph.parameterPaths();
            transform().apply(net.again("once-more"), x, u, image, Border.ZERO);
            assertEquals(before, graph.parameterPaths(), "a second use of a transform adds no parameter");
        }
    }

    /** Checks that T_u⁻¹ T_u gives the image back, for small poses. */
    @Test
    public void theInverseUndoes() {
        assertEquals(hasInverse(), transform().inverse().isPresent(), "inverse() is as hasInverse() declares it");
        PoseTransform inverse = inverse();
        for (ImageSpec image : images()) {
            assertEquals(size(image), inverse.poseSize(image), "the inverse takes the same u");
            float[] pixels = Pictures.blobs(ROWS, image);
            float[] noise = Pictures.noise(ROWS, image);
            try (GraphFixture graph = new GraphFixture()) {
                Operand<TFloat32> none = graph.input(new float[ROWS * size(image)], ROWS, size(image));
                Operand<TFloat32> still =
                        inverse.apply(graph.net(), input(graph, noise, image), none, image, Border.ZERO);
                Check.close("the inverse of u = 0 is the identity", noise, graph.fetch(still), tolerance());
                for (int seed = 40; seed < 44; seed++) {
                    Operand<TFloat32> u = graph.input(pose(image, 0.06, seed), ROWS, size(image));
                    Net net = graph.net().sub("pose-" + seed);
                    Operand<TFloat32> there =
                            transform().apply(net.sub("there"), input(graph, pixels, image), u, image, Border.ZERO);
                    Operand<TFloat32> back = inverse.apply(net.sub("back"), there, u, image, Border.ZERO);
                    Check.close("T_u⁻¹ undoes T_u, pose " + seed, pixels, graph.fetch(back), inverseTolerance());
                }
            }
        }
    }

    /** Checks that there is one finite number of each name for each image. */
    @Test
    public void diagnosticsAreNumbersOfImages() {
        for (PoseTransform transform :
                List.of(transform(), transform().inverse().orElseGet(this::transform))) {
            for (ImageSpec image : images()) {
                try (GraphFixture graph = new GraphFixture()) {
                    Operand<TFloat32> u = graph.input(pose(image, 0.1, 6), ROWS, size(image));
                    List<Diagnostic> numbers = transform.diagnostics(graph.net(), u, image);
                    assertEquals(
                            numbers.size(),
                            numbers.stream().map(Diagnostic::name).distinct().count(),
                            "diagnostics have different names");
                    for (Diagnostic number : numbers) {
                        assertTrue(
                                number.name().matches("[a-z][a-z0-9_]*"),
                                () -> "a diagnostic's name is lower case with underscores, not " + number.name());
                        Check.shape("a diagnostic is [rows], " + number.name(), number.value(), ROWS);
                        Check.finite("diagnostics are finite, " + number.name(), graph.fetch(number.value()));
                    }
                }
            }
        }
    }

    private PoseTransform inverse() {
        assumeTrue(hasInverse(), "this transform declares that it has no inverse");
        return transform().inverse().orElseGet(() -> fail("inverse() is as hasInverse() declares it"));
    }

    /** Checks that a zero pose displaces by exactly zero. */
    @Test
    public void zeroPoseDoesNotDisplace() {
        SpatialTransform spatial = spatial();
        ImageSpec image = images().get(0);
        try (GraphFixture graph = new GraphFixture()) {
            Grid grid = new Grid(19, 23);
            Operand<TFloat32> none = graph.input(new float[ROWS * size(image)], ROWS, size(image));
            Displacement displacement = spatial.warp(graph.net(), none, grid);
            for (Operand<TFloat32> axis : List.of(displacement.x(), displacement.y())) {
                Check.shape("a displacement is [rows, points]", axis, ROWS, grid.points());
                Check.same("u = 0 displaces by exactly zero", new float[ROWS * grid.points()], graph.fetch(axis));
            }
        }
    }

    /** Checks that the interpolation weights add up to one, whatever the pose, and the border is what lies outside. */
    @Test
    public void theBorderFillsUpWhatTheImageDoesNotCover() {
        spatial();
        for (ImageSpec image : images()) {
            float[] ones = new float[ROWS * image.size()];
            java.util.Arrays.fill(ones, 1);
            float[] pose = pose(image, 0.4, 5);
            float[] edge = apply(image, ones, pose, image, Border.EDGE);
            Check.close("a white image with its edges continued stays white", ones, edge, 1e-5);
            float[] zero = apply(image, ones, pose, image, Border.ZERO);
            try (GraphFixture graph = new GraphFixture()) {
                Operand<TFloat32> u = graph.input(pose, ROWS, size(image));
                Border background = new Border.Background(graph.tf().constant(0.25f));
                float[] mixed =
                        graph.fetch(transform().apply(graph.net(), input(graph, ones, image), u, image, background));
                for (int i = 0; i < mixed.length; i++) {
                    assertTrue(
                            zero[i] >= -1e-5 && zero[i] <= 1 + 1e-5,
                            Check.promise("a white image with nothing around it stays in [0, 1]"));
                    assertEquals(
                            zero[i] + 0.25f * (1 - zero[i]),
                            mixed[i],
                            1e-5,
                            Check.promise("the background shows where the image does not"));
                }
            }
        }
    }

    /** Checks that a shift by whole pixels copies them, with every border. */
    @Test
    public void wholePixelShiftsAreExact() {
        Motion motion = new Motion(3, -2, 0, 1);
        for (ImageSpec image : images()) {
            declared(motion, image).ifPresent(pose -> comparePixels(image, pose));
        }
    }

    private void comparePixels(ImageSpec image, float[] pose) {
        float[] pixels = Pictures.noise(1, image);
        float[] zero = apply(image, pixels, pose, image, Border.ZERO);
        float[] edge = apply(image, pixels, pose, image, Border.EDGE);
        for (int i = 0; i < image.height(); i++) {
            for (int j = 0; j < image.width(); j++) {
                int row = Math.min(Math.max(i + 2, 0), image.height() - 1);
                int column = Math.min(Math.max(j - 3, 0), image.width() - 1);
                boolean inside = row == i + 2 && column == j - 3;
                for (int c = 0; c < image.channels(); c++) {
                    float nearest = pixels[Pictures.at(image, row, column) + c];
                    int at = Pictures.at(image, i, j) + c;
                    String where = " at row " + i + ", column " + j + ", 3 pixels right and 2 up";
                    assertEquals(
                            inside ? nearest : 0, zero[at], 1e-5, Check.promise("whole pixels, zero border" + where));
                    assertEquals(nearest, edge[at], 1e-5, Check.promise("whole pixels, edge border" + where));
                }
            }
        }
    }

    /** Checks that the motions the family declares are those it has a pose for. */
    @Test
    public void posesAreAsDeclared() {
        ImageSpec square = new ImageSpec(33, 33, 1);
        for (Motion motion : List.of(RIGHT, DOWN, TURN, GROWTH, ALL)) {
            assertEquals(
                    contains(motion),
                    spatial().pose(motion, square).isPresent(),
                    () -> "pose() is as contains() declares it, for " + motion);
        }
    }

    /** Checks that a letter moves to the right. */
    @Test
    public void shiftsToTheRight() {
        movesAsAPersonSays(RIGHT, "positive pixels go to the right");
    }

    /** Checks that a letter moves down. */
    @Test
    public void shiftsDown() {
        movesAsAPersonSays(DOWN, "positive pixels go down");
    }

    /** Checks that a letter turns clockwise. */
    @Test
    public void turnsClockwise() {
        movesAsAPersonSays(TURN, TURNS);
    }

    /** Checks that a letter grows about the centre of the image. */
    @Test
    public void growsAboutTheCentre() {
        movesAsAPersonSays(GROWTH, "a scale above 1 is larger, about the image centre");
    }

    /** Checks the order of the three. */
    @Test
    public void scalesThenTurnsThenShifts() {
        movesAsAPersonSays(ALL, "first scaled, then turned, then shifted");
    }

    private void movesAsAPersonSays(Motion motion, String promise) {
        for (ImageSpec image : images()) {
            declared(motion, image).ifPresent(pose -> {
                float[] before = Pictures.letter(image);
                compare(motion, promise, image, before, apply(image, before, pose, image, Border.ZERO));
            });
        }
    }

    private static void compare(Motion motion, String promise, ImageSpec image, float[] before, float[] after) {
        double centreX = (image.width() - 1) / 2.0;
        double centreY = (image.height() - 1) / 2.0;
        double cos = Math.cos(Math.toRadians(motion.turn()));
        double sin = Math.sin(Math.toRadians(motion.turn()));
        Moments from = Moments.of(image, before);
        Moments to = Moments.of(image, after);
        // The object's own centre, followed by hand: scaled, turned, shifted. y points down, so this turn is clockwise.
        double x = motion.scale() * (from.x - centreX);
        double y = motion.scale() * (from.y - centreY);
        String said = Check.promise(promise + " (" + motion + " on " + image + ")");
        assertEquals(centreX + x * cos - y * sin + motion.right(), to.x, 0.1, said + ": centre of mass, x");
        assertEquals(centreY + x * sin + y * cos + motion.down(), to.y, 0.1, said + ": centre of mass, y");
        assertEquals(1, to.mass / (from.mass * motion.scale() * motion.scale()), 0.03, said + ": area");
        double turned = Math.IEEEremainder(to.angle - from.angle - Math.toRadians(motion.turn()), Math.PI);
        assertEquals(0, turned, 0.03, said + ": direction of the longer axis");
        for (int i = 0; i < image.height(); i++) {
            for (int j = 0; j < image.width(); j++) {
                double dx = (j - centreX - motion.right()) / motion.scale();
                double dy = (i - centreY - motion.down()) / motion.scale();
                double sourceX = centreX + dx * cos + dy * sin;
                double sourceY = centreY - dx * sin + dy * cos;
                for (int c = 0; c < image.channels(); c++) {
                    assertEquals(
                            Pictures.read(before, image, sourceX, sourceY, c),
                            after[Pictures.at(image, i, j) + c],
                            1e-3,
                            said + ": pixel in row " + i + ", column " + j);
                }
            }
        }
    }

    /** Where an image's mass is, and the direction of its longer axis in radians, clockwise from the right. */
    private record Moments(double mass, double x, double y, double angle) {
        static Moments of(ImageSpec image, float[] pixels) {
            double mass = 0;
            double x = 0;
            double y = 0;
            double xx = 0;
            double xy = 0;
            double yy = 0;
            for (int i = 0; i < image.height(); i++) {
                for (int j = 0; j < image.width(); j++) {
                    double m = pixels[Pictures.at(image, i, j)];
                    mass += m;
                    x += m * j;
                    y += m * i;
                    xx += m * j * j;
                    xy += m * i * j;
                    yy += m * i * i;
                }
            }
            x /= mass;
            y /= mass;
            double angle = 0.5 * Math.atan2(2 * (xy / mass - x * y), xx / mass - x * x - yy / mass + y * y);
            return new Moments(mass, x, y, angle);
        }
    }

    private SpatialTransform spatial() {
        PoseTransform transform = transform();
        assumeTrue(transform instanceof SpatialTransform, "this transform does not move pixels");
        return (SpatialTransform) transform;
    }

    /** Asks the family for a pose it declares to have; a picture that is not square may still be too much for it. */
    private Optional<float[]> declared(Motion motion, ImageSpec image) {
        SpatialTransform spatial = spatial();
        assumeTrue(contains(motion), "this family declares that it does not have that motion");
        Optional<float[]> pose = spatial.pose(motion, image);
        if (image.height() == image.width()) {
            assertTrue(
                    pose.isPresent(),
                    () -> "this family declares that it has the motion " + motion + ", but pose() is empty");
        }
        pose.ifPresent(u -> assertEquals(size(image), u.length, "a pose has S numbers"));
        return pose;
    }

    private int size(ImageSpec image) {
        return transform().poseSize(image);
    }

    private float[] pose(ImageSpec image, double deviation, long salt) {
        return Check.normal(ROWS * size(image), deviation, salt);
    }

    private static float[] row(float[] values, int row) {
        return row(values, row, ROWS);
    }

    private static float[] row(float[] values, int row, int rows) {
        int size = values.length / rows;
        return java.util.Arrays.copyOfRange(values, row * size, (row + 1) * size);
    }

    private static Operand<TFloat32> input(GraphFixture graph, float[] pixels, ImageSpec image) {
        return graph.input(pixels, pixels.length / image.size(), image.height(), image.width(), image.channels());
    }

    private float[] apply(ImageSpec image, float[] pixels, float[] pose, ImageSpec out, Border border) {
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> u = graph.input(pose, pixels.length / image.size(), size(image));
            return graph.fetch(transform().apply(graph.net(), input(graph, pixels, image), u, out, border));
        }
    }
}
