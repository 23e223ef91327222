package org.equipose.tck;

import java.util.ArrayList;
import java.util.Arrays;
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

    @Override
    public List<Values> map(Split split, BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        List<Values> result = new ArrayList<>();
        for (int first = 0; first < split.count(); first += ROWS) {
            int start = first;
            int[] indices = new int[Math.min(ROWS, split.count() - first)];
            Arrays.setAll(indices, i -> start + i);
            List<Values> part = batch(split.select(indices), first / ROWS, section);
            if (result.isEmpty()) {
                result.addAll(part);
            } else {
                for (int i = 0; i < part.size(); i++) {
                    result.set(i, joined(result.get(i), part.get(i)));
                }
            }
        }
        return result;
    }

    private List<Values> batch(Split split, int number, BiFunction<Net, Batch, List<Operand<TFloat32>>> section) {
        try (GraphFixture graph = new GraphFixture()) {
            graph.step(number);
            float[] pixels = new float[split.count() * image.size()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = split.value(i / image.size(), i % image.size());
            }
            Operand<TFloat32> images =
                    graph.input(pixels, split.count(), image.height(), image.width(), image.channels());
            Optional<Operand<TInt32>> labels =
                    split.labels().map(l -> graph.tf().constant(l));
            return fetched(graph, section.apply(graph.net(), new Batch(images, labels, List.of())));
        }
    }

    private static Values joined(Values a, Values b) {
        long[] shape = a.shape().clone();
        shape[0] += b.shape()[0];
        float[] data = Arrays.copyOf(a.data(), a.data().length + b.data().length);
        System.arraycopy(b.data(), 0, data, a.data().length, b.data().length);
        return new Values(shape, data);
    }

    @Override
    public List<Values> run(Function<Net, List<Operand<TFloat32>>> section) {
        try (GraphFixture graph = new GraphFixture()) {
            return fetched(graph, section.apply(graph.net()));
        }
    }

    private static List<Values> fetched(GraphFixture graph, List<Operand<TFloat32>> operands) {
        List<float[]> data = graph.fetch(operands);
        List<Values> values = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            values.add(new Values(operands.get(i).shape().asArray(), data.get(i)));
        }
        return values;
    }
}
