package com.example.blobs;

import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Term;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Sum of the differences between neighbouring pixels of the canvas: draws it smooth. */
@Named("total-variation")
@About("differences between neighbouring pixels of the canvas")
public final class TotalVariation implements Objective {

    /** Makes the objective. */
    public TotalVariation() {}

    @Override
    public Role role() {
        return Role.REGULARISER;
    }

    @Override
    public List<Term> terms(Net net, Model model, Pass pass) {
        Ops tf = net.ops();
        Operand<TFloat32> each = tf.math.add(differences(tf, pass.canvas(), 1), differences(tf, pass.canvas(), 2));
        // Rows are samples·batch; a term has one value per image.
        int[] samplesAndBatch = {pass.samples(), pass.batch().size()};
        Operand<TFloat32> perImage = tf.math.mean(tf.reshape(each, tf.constant(samplesAndBatch)), tf.constant(0));
        return List.of(Term.of(tf, "total_variation", perImage));
    }

    /** Σ |next − this| along an axis, {@code [rows]}. */
    private static Operand<TFloat32> differences(Ops tf, Operand<TFloat32> canvas, int axis) {
        // TensorFlow has no gradient of a slice whose start and size are longs.
        int[] size = Arrays.stream(canvas.shape().asArray())
                .mapToInt(Math::toIntExact)
                .toArray();
        int[] start = new int[size.length];
        size[axis]--;
        Operand<TFloat32> here = tf.slice(canvas, tf.constant(start), tf.constant(size));
        start[axis]++;
        Operand<TFloat32> next = tf.slice(canvas, tf.constant(start), tf.constant(size));
        return tf.sum(tf.math.abs(tf.math.sub(next, here)), tf.constant(new int[] {1, 2, 3}));
    }
}
