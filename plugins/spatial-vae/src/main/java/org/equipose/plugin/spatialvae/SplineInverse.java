package org.equipose.plugin.spatialvae;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * Undoes a spline. Where the spline displaces a point p by d(p), its inverse displaces a point q by the e with e + d(q + e) = 0.
 * That is solved by Newton's method, a fixed-point iteration: e ← e − (I + d'(q + e))⁻¹ (e + d(q + e)), begun with the inverse
 * of the spline's affine part. Plain iteration, e ← −d(q + e), needs many more steps and fails where |d'| reaches one.
 *
 * <p>That is done on a lattice of nodes, through which another spline is laid, the same for all images: solving for every
 * pixel would take most of a training step. The residual says what this costs.
 *
 * <p>The gradient is that of the last step alone, with all but the spline's coefficients held fixed. At the solution this
 * is the derivative of the implicit function, ∂e/∂u = −(I + d')⁻¹ ∂d/∂u, so that it need not be followed through the
 * iteration.
 */
final class SplineInverse implements SpatialTransform {
    /** U(r) = r² log r² vanishes with r; without a floor its parts would be 0 · ∞. */
    private static final float LEAST_SQUARE = 1e-12f;

    /** Longest step along an axis, in half-widths of the image. */
    private static final float LONGEST_STEP = 0.5f;

    private final ThinPlateSpline forward;
    private final SplineSystem system;
    private final int nodes;
    private final int steps;

    /**
     * Makes the inverse of a spline.
     *
     * @param nodes along each side
     */
    SplineInverse(ThinPlateSpline forward, SplineSystem system, int nodes, int steps) {
        this.forward = forward;
        this.system = system;
        this.nodes = nodes;
        this.steps = steps;
    }

    @Override
    public int poseSize(ImageSpec image) {
        return forward.poseSize(image);
    }

    @Override
    public Optional<PoseTransform> inverse() {
        return Optional.of(forward);
    }

    @Override
    public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
        Ops tf = net.ops();
        Displacement e = solve(tf, splines(tf, pose), new Grid(nodes, nodes));
        double[][] basis = new SplineSystem(nodes).basis(points);
        float[][] between = new float[nodes * nodes][points.points()];
        for (int p = 0; p < points.points(); p++) {
            for (int i = 0; i < between.length; i++) {
                between[i][p] = (float) basis[p][i];
            }
        }
        Operand<TFloat32> toPoints = tf.constant(between);
        return new Displacement(tf.linalg.matMul(e.x(), toPoints), tf.linalg.matMul(e.y(), toPoints));
    }

    private Displacement solve(Ops tf, Splines splines, Grid points) {
        Displacement e = AffineMap.displacement(tf, AffineMap.inverse(tf, splines.affine()), points);
        for (int i = 0; i < steps; i++) {
            Displacement fixed = new Displacement(tf.stopGradient(e.x()), tf.stopGradient(e.y()));
            e = step(tf, splines, fixed, points);
        }
        return e;
    }

    /**
     * The residual |e + d(q + e)|, averaged over points between the nodes: two lattices that differ by one point along each
     * side have only their corners in common.
     */
    @Override
    public List<Diagnostic> diagnostics(Net net, Operand<TFloat32> pose, ImageSpec out) {
        Ops tf = net.ops();
        Grid lattice = new Grid(nodes - 1, nodes - 1);
        Displacement e = warp(net, pose, lattice);
        Local d = local(tf, splines(tf, pose), e, lattice);
        Operand<TFloat32> squares =
                tf.math.add(tf.math.square(tf.math.add(e.x(), d.x())), tf.math.square(tf.math.add(e.y(), d.y())));
        return List.of(
                new Diagnostic("inverse_residual", "half-widths", tf.math.mean(tf.math.sqrt(squares), tf.constant(1))));
    }

    /**
     * The coefficients of the splines of a batch.
     *
     * @param affine a₁, a₂ and a₀ along x, then along y, {@code [rows, 6]}
     * @param plane the same as factors of (x, y, x² + y², 1), {@code [rows, 2, 4]}
     * @param weights w_j times 1, x_j, y_j and |c_j|² along x, then along y, {@code [rows, 8, controls]}
     */
    private record Splines(Operand<TFloat32> affine, Operand<TFloat32> plane, Operand<TFloat32> weights) {}

    private Splines splines(Ops tf, Operand<TFloat32> pose) {
        int controls = system.controls();
        double[][] coefficients = system.coefficients();
        float[][] affine = new float[2 * controls][6];
        float[][] plane = new float[2 * controls][8];
        float[][] weights = new float[2 * controls][8 * controls];
        for (int axis = 0; axis < 2; axis++) {
            for (int i = 0; i < controls; i++) {
                float[] map = {
                    (float) coefficients[controls + 1][i],
                    (float) coefficients[controls + 2][i],
                    (float) coefficients[controls][i]
                };
                System.arraycopy(map, 0, affine[2 * i + axis], 3 * axis, 3);
                System.arraycopy(new float[] {map[0], map[1], 0, map[2]}, 0, plane[2 * i + axis], 4 * axis, 4);
                for (int j = 0; j < controls; j++) {
                    double[] factors = {1, system.x(j), system.y(j), square(j)};
                    for (int k = 0; k < 4; k++) {
                        weights[2 * i + axis][(4 * axis + k) * controls + j] =
                                (float) (coefficients[j][i] * factors[k]);
                    }
                }
            }
        }
        return new Splines(
                tf.linalg.matMul(pose, tf.constant(affine)),
                tf.reshape(tf.linalg.matMul(pose, tf.constant(plane)), tf.constant(new int[] {-1, 2, 4})),
                tf.reshape(tf.linalg.matMul(pose, tf.constant(weights)), tf.constant(new int[] {-1, 8, controls})));
    }

    private double square(int control) {
        return system.x(control) * system.x(control) + system.y(control) * system.y(control);
    }

    /** A displacement and its derivatives, each {@code [rows, points]}. */
    private record Local(
            Operand<TFloat32> x,
            Operand<TFloat32> y,
            Operand<TFloat32> xByX,
            Operand<TFloat32> xByY,
            Operand<TFloat32> yByX,
            Operand<TFloat32> yByY) {}

    /** Makes a step from a place without a gradient. */
    private Displacement step(Ops tf, Splines splines, Displacement e, Grid points) {
        Local d = local(tf, splines, e, points);
        Operand<TFloat32> one = tf.constant(1f);
        Operand<TFloat32> a = tf.math.add(tf.stopGradient(d.xByX()), one);
        Operand<TFloat32> b = tf.stopGradient(d.xByY());
        Operand<TFloat32> c = tf.stopGradient(d.yByX());
        Operand<TFloat32> h = tf.math.add(tf.stopGradient(d.yByY()), one);
        // Where the spline folds, it has no inverse, but the numbers stay finite.
        Operand<TFloat32> determinant = AffineMap.awayFromZero(
                tf, tf.math.sub(tf.math.mul(a, h), tf.math.mul(b, c)), AffineMap.LEAST_DETERMINANT);
        Operand<TFloat32> x = tf.math.add(e.x(), d.x());
        Operand<TFloat32> y = tf.math.add(e.y(), d.y());
        Operand<TFloat32> alongX = tf.math.sub(tf.math.mul(h, x), tf.math.mul(b, y));
        Operand<TFloat32> alongY = tf.math.sub(tf.math.mul(a, y), tf.math.mul(c, x));
        return new Displacement(
                tf.math.sub(e.x(), limited(tf, tf.math.div(alongX, determinant))),
                tf.math.sub(e.y(), limited(tf, tf.math.div(alongY, determinant))));
    }

    /** A few points of a strongly bent spline would otherwise be thrown far away by their first step. */
    private static Operand<TFloat32> limited(Ops tf, Operand<TFloat32> step) {
        return tf.clipByValue(step, tf.constant(-LONGEST_STEP), tf.constant(LONGEST_STEP));
    }

    /**
     * Returns what the splines do at the points q + e. With L_j = log |p − c_j|² and sums over the control points,
     * Σ w_j U_j = |p|² Σ w_j L_j − 2 x Σ w_j x_j L_j − 2 y Σ w_j y_j L_j + Σ w_j |c_j|² L_j, and its derivative by x is
     * 2 x Σ w_j L_j − 2 Σ w_j x_j L_j, because Σ w_j (p − c_j) = 0: one logarithm for each point and control point serves all.
     */
    private Local local(Ops tf, Splines splines, Displacement e, Grid points) {
        int controls = system.controls();
        float[] qx = new float[points.points()];
        float[] qy = new float[points.points()];
        for (int i = 0; i < points.points(); i++) {
            qx[i] = (float) points.x(i);
            qy[i] = (float) points.y(i);
        }
        float[][] distance = new float[controls][];
        for (int j = 0; j < controls; j++) {
            distance[j] = new float[] {(float) (-2 * system.x(j)), (float) (-2 * system.y(j)), 1, (float) square(j)};
        }
        Operand<TFloat32> x = tf.math.add(e.x(), tf.constant(qx));
        Operand<TFloat32> y = tf.math.add(e.y(), tf.constant(qy));
        Operand<TFloat32> squares = tf.math.add(tf.math.square(x), tf.math.square(y));
        Operand<TFloat32> ones = tf.fill(tf.constant(x.shape()), tf.constant(1f));
        Operand<TFloat32> place = tf.stack(List.of(x, y, squares, ones), Stack.axis(1L));
        Operand<TFloat32> apart = tf.train.batchMatMul(tf.constant(distance), place, TFloat32.class);
        Operand<TFloat32> logs = tf.math.log(tf.math.maximum(apart, tf.constant(LEAST_SQUARE)));
        List<Operand<TFloat32>> sums = lines(tf, tf.train.batchMatMul(splines.weights(), logs, TFloat32.class), 8);
        List<Operand<TFloat32>> flat = lines(tf, tf.train.batchMatMul(splines.plane(), place, TFloat32.class), 2);
        List<Operand<TFloat32>> slope = AffineMap.columns(tf, splines.affine(), 6);
        List<Operand<TFloat32>> found = new ArrayList<>();
        for (int axis = 0; axis < 2; axis++) {
            List<Operand<TFloat32>> sum = sums.subList(4 * axis, 4 * axis + 4);
            Operand<TFloat32> byX = tf.math.sub(tf.math.mul(x, sum.get(0)), sum.get(1));
            Operand<TFloat32> byY = tf.math.sub(tf.math.mul(y, sum.get(0)), sum.get(2));
            found.add(tf.math.addN(List.of(
                    flat.get(axis),
                    tf.math.mul(x, tf.math.sub(byX, sum.get(1))),
                    tf.math.mul(y, tf.math.sub(byY, sum.get(2))),
                    sum.get(3))));
            found.add(tf.math.add(tf.math.add(byX, byX), slope.get(3 * axis)));
            found.add(tf.math.add(tf.math.add(byY, byY), slope.get(3 * axis + 1)));
        }
        return new Local(found.get(0), found.get(3), found.get(1), found.get(2), found.get(4), found.get(5));
    }

    /** Splits {@code [rows, count, points]} into {@code [rows, points]}. */
    private static List<Operand<TFloat32>> lines(Ops tf, Operand<TFloat32> stacked, long count) {
        return List.copyOf(tf.unstack(stacked, count, Unstack.axis(1L)).output());
    }
}
