package org.equipose.core.inference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Device;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Values;
import org.equipose.core.training.Tensors;
import org.equipose.core.training.TrainedModel;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;

/**
 * A trained model as a handful of functions that share one graph, for a fixed number of rows:
 *
 * <ul>
 *   <li>{@code encode}: {@code image} to the parameters of every latent at its posterior mean, by name ({@code z}, {@code u});
 *   <li>{@code decode}: all latents to {@code image} and {@code canvas};
 *   <li>{@code sample}: {@code draw}, a number that chooses the noise, to {@code image}, {@code canvas} and the latents drawn;
 *       a pose whose prior cannot be drawn from is the identity;
 *   <li>{@code warp}: {@code image} and pose {@code u} to {@code image}, black outside; only where there is a pose.
 * </ul>
 *
 * <p>Images are {@code [rows, height, width, channels]} with values in [0, 1], latents {@code [rows, size]}.
 */
public final class InferenceGraph implements AutoCloseable {
    /** From images to latents. */
    public static final String ENCODE = "encode";
    /** From latents to images. */
    public static final String DECODE = "decode";
    /** From nothing to images. */
    public static final String SAMPLE = "sample";
    /** From images and poses to images. */
    public static final String WARP = "warp";

    /** Name of images among inputs and outputs. */
    public static final String IMAGE = "image";
    /** Name of the pose. */
    public static final String POSE = "u";
    /** Name of the number that chooses the noise of {@link #SAMPLE}. */
    public static final String DRAW = "draw";

    private static final String CANVAS = "canvas";

    /** What goes in and what comes out, by name. */
    record Function(Map<String, Operand<? extends TType>> inputs, Map<String, Operand<TFloat32>> outputs) {}

    private final int rows;
    private final ImageSpec image;
    private final GraphSession session;
    private final List<Parameter> parameters;
    private final Map<String, Function> functions = new LinkedHashMap<>();

    /**
     * Builds the graph and gives it the trained parameters.
     *
     * @param rows images at a time
     * @throws IllegalArgumentException if the parameters belong to another model
     */
    public InferenceGraph(TrainedModel trained, int rows, Device device) {
        this.rows = rows;
        image = trained.image();
        session = new GraphSession(device);
        try {
            Placeholder<TInt64> draw =
                    session.ops().withSubScope(DRAW).placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
            Net net = Net.root(session.ops(), trained.seed(), draw, false);
            Map<String, Long> sizes = encode(net.sub(ENCODE), trained.model());
            decode(net.sub(DECODE), trained.model(), sizes);
            sample(net.sub(SAMPLE), trained.model(), draw);
            if (trained.transform().isPresent() && sizes.containsKey(POSE)) {
                warp(net.sub(WARP), trained.transform().get(), sizes.get(POSE));
            }
            parameters = List.copyOf(net.parameters());
            trained.assign(session, parameters);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Returns the parameters of every latent at its posterior mean, {@code [batch, size]}, by name. */
    public static Map<String, Operand<TFloat32>> latents(Model model, Net net, Batch batch) {
        Map<String, Operand<TFloat32>> parameters = new LinkedHashMap<>();
        model.pass(net.noiseless(), batch, 1)
                .latents()
                .forEach((name, latent) -> parameters.put(name, latent.parameters()));
        return parameters;
    }

    private Map<String, Long> encode(Net net, Model model) {
        Operand<TFloat32> input = images(net);
        Map<String, Operand<TFloat32>> outputs = latents(model, net, new Batch(input));
        Map<String, Long> sizes = new LinkedHashMap<>();
        outputs.forEach((name, latent) -> sizes.put(name, latent.shape().get(1)));
        add(net, ENCODE, Map.of(IMAGE, input), outputs);
        return sizes;
    }

    private void decode(Net net, Model model, Map<String, Long> sizes) {
        Map<String, Operand<TFloat32>> inputs = new LinkedHashMap<>();
        sizes.forEach((name, size) -> inputs.put(name, placeholder(net, name, rows, size)));
        Generated generated = model.generate(net, inputs, image);
        add(net, DECODE, inputs, outputs(generated, Map.of()));
    }

    private void sample(Net net, Model model, Operand<TInt64> draw) {
        Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
        Map<String, Latent> latents = model.prior(net, rows, image);
        latents.forEach((name, latent) -> values.put(name, latent.parameters()));
        add(net, SAMPLE, Map.of(DRAW, draw), outputs(model.generate(net, values, image), values));
    }

    private void warp(Net net, PoseTransform transform, long poseSize) {
        Operand<TFloat32> input = images(net);
        Operand<TFloat32> pose = placeholder(net, POSE, rows, poseSize);
        Operand<TFloat32> moved = transform.apply(net, input, pose, image, Border.ZERO);
        add(net, WARP, Map.of(IMAGE, input, POSE, pose), Map.of(IMAGE, moved));
    }

    private static Map<String, Operand<TFloat32>> outputs(Generated generated, Map<String, Operand<TFloat32>> latents) {
        Map<String, Operand<TFloat32>> outputs = new LinkedHashMap<>();
        outputs.put(IMAGE, generated.image());
        outputs.put(CANVAS, generated.canvas());
        outputs.putAll(latents);
        return outputs;
    }

    private Operand<TFloat32> images(Net net) {
        return placeholder(net, IMAGE, rows, image.height(), image.width(), image.channels());
    }

    private static Operand<TFloat32> placeholder(Net net, String name, long... shape) {
        return net.ops().withSubScope(name).placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
    }

    /** An output may be an input or that of another function, and nothing can be both fed and fetched. */
    private void add(
            Net net,
            String name,
            Map<String, ? extends Operand<? extends TType>> inputs,
            Map<String, Operand<TFloat32>> outputs) {
        Ops tf = net.ops();
        Map<String, Operand<TFloat32>> own = new LinkedHashMap<>();
        outputs.forEach((output, value) -> own.put(output, tf.identity(value)));
        functions.put(name, new Function(new LinkedHashMap<>(inputs), own));
    }

    /** Returns the functions by name. */
    Map<String, Function> functions() {
        return functions;
    }

    /** Returns the session, for whoever saves it. */
    GraphSession session() {
        return session;
    }

    /** Returns the parameters in the graph. */
    List<Parameter> parameters() {
        return parameters;
    }

    /** Returns whether there is a function of that name. */
    public boolean has(String function) {
        return functions.containsKey(function);
    }

    /** Returns the shape of an input, {@code [rows, ...]}, or of the scalar {@link #DRAW}. */
    public Map<String, Shape> inputs(String function) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        functions.get(function).inputs().forEach((name, operand) -> shapes.put(name, operand.shape()));
        return shapes;
    }

    /** Draws images. */
    public Map<String, Values> sample(long draw) {
        try (TInt64 number = TInt64.scalarOf(draw)) {
            return call(SAMPLE, Map.of(DRAW, number));
        }
    }

    /**
     * Calls a function.
     *
     * @param inputs one tensor for each of {@link #inputs}; not closed
     */
    public Map<String, Values> call(String function, Map<String, ? extends Tensor> inputs) {
        Function called = functions.get(function);
        Session.Runner runner = session.runner();
        called.inputs().forEach((name, operand) -> runner.feed(operand, inputs.get(name)));
        called.outputs().values().forEach(runner::fetch);
        try (Result result = runner.run()) {
            return values(new ArrayList<>(called.outputs().keySet()), result::get);
        }
    }

    /** Copies results by name. */
    static Map<String, Values> values(List<String> names, java.util.function.IntFunction<Tensor> result) {
        Map<String, Values> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), Tensors.values(result.apply(i)));
        }
        return values;
    }

    @Override
    public void close() {
        session.close();
    }
}
