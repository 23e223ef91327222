package org.equipose.core.training;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** A piece of graph around trained parameters, in a session of its own. The number of the batch keys its noise. */
final class Program implements AutoCloseable {
    /** Images per batch where there are enough. The noise of an image depends on it. */
    static final int ROWS = 100;

    private static final Logger LOG = LogManager.getLogger(Program.class);

    /** What takes longer says now and then how far it is. */
    private static final long NANOS_BETWEEN_REMARKS = 10_000_000_000L;

    private final ImageSpec spec;
    private final int rows;
    private final GraphSession session;
    private final Placeholder<TInt64> number;
    private final Placeholder<TFloat32> image;
    private final Placeholder<TInt32> label;
    private final List<Operand<TFloat32>> results;
    private final List<Variable> parameters = new ArrayList<>();

    /**
     * Builds the graph.
     *
     * @param rows images per batch
     * @param labels whether a batch has labels
     */
    Program(
            ImageSpec spec,
            int rows,
            boolean labels,
            long seed,
            Device device,
            BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        this.spec = spec;
        this.rows = rows;
        session = new GraphSession(device);
        try {
            Ops tf = session.ops();
            Shape shape = Shape.of(rows, spec.height(), spec.width(), spec.channels());
            number = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
            image = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
            label = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(rows)));
            Net net = Net.root(tf, seed, number, false);
            List<Operand<TFloat32>> built = section.apply(
                    net.sub("evaluation"), new Batch(image, labels ? Optional.of(label) : Optional.empty(), List.of()));
            // A section may return its input, but nothing can be both fed and fetched.
            results = built.stream().<Operand<TFloat32>>map(tf::identity).toList();
            net.parameters().forEach(p -> parameters.add(new Variable(tf, p.path(), p.handle(), p.shape())));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Returns the shapes of the parameters that the graph uses, by path. */
    Map<String, long[]> parameters() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        parameters.forEach(
                parameter -> shapes.put(parameter.name(), parameter.shape().asArray()));
        return shapes;
    }

    /**
     * Sets the parameters that the graph uses.
     *
     * @throws IllegalArgumentException if one is missing or has another shape
     */
    void assign(Map<String, Values> values) {
        for (Variable parameter : parameters) {
            parameter.write(session, parameter.in(values));
        }
    }

    /**
     * Compares the parameters that the graph uses with those of a checkpoint.
     *
     * @param prefix of the names of which none may be left over
     * @return what does not fit, if there is anything
     */
    Optional<String> mismatch(Map<String, Values> values, String prefix) {
        Set<String> used = new HashSet<>();
        for (Variable parameter : parameters) {
            try {
                parameter.in(values);
            } catch (IllegalArgumentException e) {
                return Optional.of(e.getMessage());
            }
            used.add(parameter.name());
        }
        return values.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !used.contains(name))
                .findFirst()
                .map(name -> name + " is in the checkpoint: it belongs to another model");
    }

    /** Runs once, with empty images. */
    List<Values> run() {
        return batch(new float[rows * spec.size()], new int[rows], 0);
    }

    /** Runs over a split, batch by batch; the last batch is filled up and what was filled in is dropped. */
    List<Values> map(Split split) {
        if (results.isEmpty()) {
            return List.of(); // TensorFlow refuses to run nothing
        }
        int count = split.count();
        List<float[]> stacked = new ArrayList<>();
        List<long[]> shapes = new ArrayList<>();
        long remarked = System.nanoTime();
        for (int start = 0; start < count; start += rows) {
            if (System.nanoTime() - remarked > NANOS_BETWEEN_REMARKS) {
                remarked = System.nanoTime();
                LOG.info("evaluation: {} of {} rows", start, count);
            }
            int here = Math.min(rows, count - start);
            List<Values> part = batch(pixels(split, start, here), labels(split, start, here), start / rows);
            for (int i = 0; i < part.size(); i++) {
                Values values = part.get(i);
                if (values.shape().length == 0 || values.shape()[0] != rows) {
                    throw new IllegalArgumentException("result " + i + " has shape " + Shape.of(values.shape())
                            + " but must have one row for each of the " + rows + " images");
                }
                if (start == 0) {
                    stacked.add(new float[count * values.rowSize()]);
                    shapes.add(values.shape().clone());
                    shapes.get(i)[0] = count;
                }
                System.arraycopy(values.data(), 0, stacked.get(i), start * values.rowSize(), here * values.rowSize());
            }
        }
        List<Values> result = new ArrayList<>();
        for (int i = 0; i < stacked.size(); i++) {
            result.add(new Values(shapes.get(i), stacked.get(i)));
        }
        return result;
    }

    private float[] pixels(Split split, int start, int count) {
        float[] values = new float[rows * spec.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = split.value(start + Math.min(i / spec.size(), count - 1), i % spec.size());
        }
        return values;
    }

    private int[] labels(Split split, int start, int count) {
        int[] values = new int[rows];
        split.labels().ifPresent(classes -> System.arraycopy(classes, start, values, 0, count));
        return values;
    }

    private List<Values> batch(float[] pixels, int[] labels, long batchNumber) {
        Shape shape = Shape.of(rows, spec.height(), spec.width(), spec.channels());
        Session.Runner runner = session.runner();
        results.forEach(runner::fetch);
        try (TFloat32 images = TFloat32.tensorOf(shape, DataBuffers.of(pixels));
                TInt32 classes = TInt32.tensorOf(Shape.of(rows), DataBuffers.of(labels));
                TInt64 count = TInt64.scalarOf(batchNumber);
                Result result = runner.feed(image, images)
                        .feed(label, classes)
                        .feed(number, count)
                        .run()) {
            List<Values> values = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                values.add(Tensors.values(result.get(i)));
            }
            return values;
        } catch (TFInvalidArgumentException e) {
            // What a pose that is not a number looks like to TensorFlow.
            String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            TrainingFailure failure = new TrainingFailure("the trained model cannot be run: "
                    + (what.contains("out of bounds")
                            ? "its numbers have run away; try a lower lr or a clip-norm"
                            : "TensorFlow says: " + what));
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
