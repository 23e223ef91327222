package org.equipose.core.training;

import java.util.Map;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** A float variable of a graph that can be read and written from outside. */
final class Variable {
    private final String name;
    private final Shape shape;
    private final Operand<TFloat32> read;
    private final Placeholder<TFloat32> written;
    private final Op write;

    /** Adds the operations that read and write a variable. */
    Variable(Ops tf, String name, Operand<? extends TType> handle, Shape shape) {
        this.name = name;
        this.shape = shape;
        read = tf.readVariableOp(handle, TFloat32.class);
        written = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
        write = tf.assignVariableOp(handle, written);
    }

    String name() {
        return name;
    }

    Shape shape() {
        return shape;
    }

    Operand<TFloat32> read() {
        return read;
    }

    /**
     * Returns the value of this variable among those of a checkpoint.
     *
     * @throws IllegalArgumentException if it is missing or has another shape
     */
    Values in(Map<String, Values> checkpoint) {
        Values value = checkpoint.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    name + " is not in the checkpoint: it belongs to another model or optimiser");
        }
        if (!Shape.of(value.shape()).equals(shape)) {
            throw new IllegalArgumentException(name + " has shape " + shape + " here but " + Shape.of(value.shape())
                    + " in the checkpoint: it belongs to another model");
        }
        return value;
    }

    /** Sets the value. */
    void write(GraphSession session, Values value) {
        Session.Runner runner = session.runner();
        try (TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(value.data()))) {
            runner.feed(written, tensor).addTarget(write).run().close();
        }
    }
}
