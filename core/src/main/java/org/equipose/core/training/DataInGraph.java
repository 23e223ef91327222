package org.equipose.core.training;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.spi.Batch;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** A split held in the variables of a graph: bytes for the pixels, so that 60,000 digits take 47 MB. */
final class DataInGraph {
    private final ImageSpec spec;
    private final VarHandleOp pixels;
    private final Optional<VarHandleOp> labels;

    /** Loads the split. */
    DataInGraph(GraphSession session, Split split) {
        spec = split.spec();
        Ops tf = session.ops();
        Shape shape = Shape.of(split.count(), spec.size());
        pixels = tf.varHandleOp(TUint8.class, shape, VarHandleOp.sharedName("data/pixels"));
        Placeholder<TUint8> bytes = tf.placeholder(TUint8.class, Placeholder.shape(shape));
        try (TUint8 tensor = TUint8.tensorOf(shape, DataBuffers.of(split.pixels(), true, false))) {
            session.runner()
                    .feed(bytes, tensor)
                    .addTarget(tf.assignVariableOp(pixels, bytes))
                    .run()
                    .close();
        }
        labels = split.labels().map(classes -> load(session, tf, classes));
    }

    private static VarHandleOp load(GraphSession session, Ops tf, int[] classes) {
        Shape shape = Shape.of(classes.length);
        VarHandleOp handle = tf.varHandleOp(TInt32.class, shape, VarHandleOp.sharedName("data/labels"));
        Placeholder<TInt32> values = tf.placeholder(TInt32.class, Placeholder.shape(shape));
        try (TInt32 tensor = TInt32.tensorOf(shape, DataBuffers.of(classes))) {
            session.runner()
                    .feed(values, tensor)
                    .addTarget(tf.assignVariableOp(handle, values))
                    .run()
                    .close();
        }
        return handle;
    }

    /** Gathers the images with the given numbers, {@code [batch]}. */
    Batch batch(Ops tf, Operand<TInt32> index) {
        Operand<TUint8> bytes = tf.resourceGather(pixels, index, TUint8.class);
        Operand<TFloat32> values = tf.math.div(tf.dtypes.cast(bytes, TFloat32.class), tf.constant(255f));
        long[] shape = {index.shape().get(0), spec.height(), spec.width(), spec.channels()};
        Optional<Operand<TInt32>> classes = labels.map(handle -> tf.resourceGather(handle, index, TInt32.class));
        return new Batch(tf.reshape(values, tf.constant(shape)), classes, List.of());
    }
}
