package org.equipose.core.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Net;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Two transforms as one, {@code a+b}: the pose u holds the parameters of both, in this order, and T_u = T_a T_b: on the canvas b
 * acts first. The image in between has the size of the canvas. Each of them interpolates, and what b moves out of the
 * frame is lost to a.
 */
public final class ComposedTransform implements PoseTransform {
    private final PoseTransform a;
    private final PoseTransform b;

    /** False in an inverse, where it is a that acts first, while the pose is the same. */
    private final boolean lastActsFirst;

    private ComposedTransform(PoseTransform a, PoseTransform b, boolean lastActsFirst) {
        this.a = a;
        this.b = b;
        this.lastActsFirst = lastActsFirst;
    }

    /**
     * Composes transforms in the order in which they are written.
     *
     * @param transforms at least one
     */
    public static PoseTransform of(List<PoseTransform> transforms) {
        PoseTransform first = transforms.get(0);
        return transforms.size() == 1
                ? first
                : new ComposedTransform(first, of(transforms.subList(1, transforms.size())), true);
    }

    @Override
    public int poseSize(ImageSpec image) {
        return a.poseSize(image) + b.poseSize(image);
    }

    @Override
    public Operand<TFloat32> apply(
            Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
        ImageSpec between =
                new ImageSpec((int) image.shape().get(1), (int) image.shape().get(2), out.channels());
        Operand<TFloat32> ofA = ofA(net.ops(), pose, out);
        Operand<TFloat32> ofB = ofB(net.ops(), pose, out);
        if (lastActsFirst) {
            Operand<TFloat32> moved = b.apply(net.sub("b"), image, ofB, between, border);
            return a.apply(net.sub("a"), moved, ofA, out, border);
        }
        Operand<TFloat32> moved = a.apply(net.sub("a"), image, ofA, between, border);
        return b.apply(net.sub("b"), moved, ofB, out, border);
    }

    /** T_u⁻¹ = T_b⁻¹ T_a⁻¹, if both have one. */
    @Override
    public Optional<PoseTransform> inverse() {
        return a.inverse().flatMap(ofA -> b.inverse().map(ofB -> new ComposedTransform(ofA, ofB, !lastActsFirst)));
    }

    @Override
    public List<Diagnostic> diagnostics(Net net, Operand<TFloat32> pose, ImageSpec out) {
        List<Diagnostic> all = new ArrayList<>(a.diagnostics(net.sub("a"), ofA(net.ops(), pose, out), out));
        for (Diagnostic found : b.diagnostics(net.sub("b"), ofB(net.ops(), pose, out), out)) {
            int same = all.stream().map(Diagnostic::name).toList().indexOf(found.name());
            if (same < 0) {
                all.add(found);
            } else { // the larger one tells what may be wrong
                all.set(
                        same,
                        new Diagnostic(
                                found.name(),
                                found.unit(),
                                net.ops().math.maximum(all.get(same).value(), found.value())));
            }
        }
        return all;
    }

    /** Returns what {@link PoseReading#fit} promises; the second map takes the points where the first has looked. */
    Optional<Operand<TFloat32>> fit(Net net, Operand<TFloat32> pose, ImageSpec image) {
        Ops tf = net.ops();
        return PoseReading.fit(net.sub("a"), a, ofA(tf, pose, image), image)
                .flatMap(mapOfA -> PoseReading.fit(net.sub("b"), b, ofB(tf, pose, image), image)
                        .map(mapOfB -> lastActsFirst
                                ? oneAfterTheOther(tf, mapOfA, mapOfB)
                                : oneAfterTheOther(tf, mapOfB, mapOfA)));
    }

    /**
     * Of maps p + F p and p + G p, each two rows of two factors and a constant, this is F + G + G F, in which the factors of G take
     * all of F; remainders add up.
     */
    private static Operand<TFloat32> oneAfterTheOther(Ops tf, Operand<TFloat32> first, Operand<TFloat32> second) {
        List<Operand<TFloat32>> parts = new ArrayList<>();
        for (int row = 0; row < 6; row += 3) {
            Operand<TFloat32> sum = tf.math.add(columns(tf, first, row, 3), columns(tf, second, row, 3));
            for (int axis = 0; axis < 2; axis++) {
                sum = tf.math.add(
                        sum, tf.math.mul(columns(tf, second, row + axis, 1), columns(tf, first, 3 * axis, 3)));
            }
            parts.add(sum);
        }
        parts.add(tf.math.add(columns(tf, first, 6, 1), columns(tf, second, 6, 1)));
        return tf.concat(parts, tf.constant(1));
    }

    private Operand<TFloat32> ofA(Ops tf, Operand<TFloat32> pose, ImageSpec image) {
        int size = poseSize(image);
        if (pose.shape().numDimensions() != 2 || pose.shape().get(1) != size) {
            throw new IllegalArgumentException(
                    "these transforms together need a pose [rows, " + size + "] but got " + pose.shape());
        }
        return columns(tf, pose, 0, a.poseSize(image));
    }

    private Operand<TFloat32> ofB(Ops tf, Operand<TFloat32> pose, ImageSpec image) {
        return columns(tf, pose, a.poseSize(image), b.poseSize(image));
    }

    private static Operand<TFloat32> columns(Ops tf, Operand<TFloat32> pose, int from, int count) {
        return tf.slice(pose, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, count}));
    }
}
