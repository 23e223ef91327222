package org.equipose.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.data.Targets;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A model that has learned nothing yet: its parameters have their first values. Good enough to try evaluators on. */
public final class FreshModel implements Trained {
    private static final int ROWS = 8;

    private final Model model;
    private final ImageSpec image;

    /** Makes it; every instance for one model has the same parameters. */
    public FreshModel(Model model, ImageSpec image) {
        this.model = model.at("model");
        this.image = image;
    }

    @Override
    public Model model() {
        return model;
    }

    @Override
    public ImageSpec image() {
        return image;
    }

    @Override
    public Targets targets() {
        return Targets.FIXED;
    }

    /** Builds the section once; the last batch is filled up with images that are dropped again. */
    @Override
    public List<Values> map(Split split, BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        int rows = Math.min(ROWS, split.count());
        try (GraphFixture graph = new GraphFixture()) {
            long[] shape = {rows, image.height(), image.width(), image.channels()};
            Operand<TFloat32> images = graph.input(new float[rows * image.size()], shape);
            Operand<TFloat32> classes = graph.input(new float[rows], rows);
            Operand<TInt32> label = graph.tf().dtypes.cast(classes, TInt32.class);
            Optional<Operand<TInt32>> labels = split.labels().map(known -> label);
            List<Operand<TFloat32>> operands = section.apply(graph.net(), new Batch(images, labels, List.of()));
            List<float[]> data = new ArrayList<>();
            operands.forEach(
                    operand -> data.add(new float[(int) (operand.shape().size() / rows * split.count())]));
            for (int first = 0; first < split.count(); first += rows) {
                graph.step(first / rows);
                graph.set(images, pixels(split, first, rows));
                graph.set(classes, classes(split, first, rows));
                List<float[]> found = graph.fetch(operands);
                for (int i = 0; i < found.size(); i++) {
                    int size = found.get(i).length / rows;
                    int kept = Math.min(rows, split.count() - first);
                    System.arraycopy(found.get(i), 0, data.get(i), first * size, kept * size);
                }
            }
            List<Values> result = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                long[] whole = operands.get(i).shape().asArray().clone();
                whole[0] = split.count();
                result.add(new Values(whole, data.get(i)));
            }
            return result;
        }
    }

    private float[] pixels(Split split, int first, int rows) {
        float[] pixels = new float[rows * image.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = split.value((first + i / image.size()) % split.count(), i % image.size());
        }
        return pixels;
    }

    private static float[] classes(Split split, int first, int rows) {
        float[] classes = new float[rows];
        for (int i = 0; i < rows; i++) {
            int index = (first + i) % split.count();
            classes[i] = split.labels().map(labels -> labels[index]).orElse(0);
        }
        return classes;
    }

    @Override
    public List<Values> run(Function<Net, List<Operand<TFloat32>>> section) {
        try (GraphFixture graph = new GraphFixture()) {
            List<Operand<TFloat32>> operands = section.apply(graph.net());
            List<float[]> data = graph.fetch(operands);
            List<Values> values = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                values.add(new Values(operands.get(i).shape().asArray(), data.get(i)));
            }
            return values;
        }
    }
}
