package org.equipose.core.inference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.equipose.core.graph.GraphSession;
import org.equipose.core.graph.Parameter;
import org.equipose.core.run.RunDirectoryException;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.TensorFlow;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * A model in TensorFlow's SavedModel format, with a signature for each function of an {@link InferenceGraph}: other programs, in
 * any language, load it without Equipose. Written by hand, since the exporter of TensorFlow Java leaves out resource variables
 * without a word.
 */
public final class SavedModelFolder {
    private static final String TAG = "serve";
    private static final String METHOD = "tensorflow/serving/predict";

    private SavedModelFolder() {}

    /**
     * Writes a graph with its parameters into a new folder, loads it back and compares it with the original. The folder appears
     * when all of that has gone well.
     *
     * @return names of the functions
     * @throws RunDirectoryException if the folder exists or cannot be written
     * @throws IOException if what was loaded back gives other numbers
     */
    public static List<String> write(Path folder, InferenceGraph inference) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new RunDirectoryException(folder + " exists already; delete it, or choose another folder with --to");
        }
        Path whole = folder.toAbsolutePath();
        Path unfinished = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(unfinished);
            writeInto(unfinished, inference);
            compare(unfinished, inference);
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new RunDirectoryException("cannot export to " + folder, e);
        } catch (TensorFlowException e) {
            throw new RunDirectoryException("cannot export to " + folder + ": TensorFlow says: " + e.getMessage());
        } finally {
            remove(unfinished);
        }
        return List.copyOf(inference.functions().keySet());
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Calls every function of both with the same numbers. */
    private static void compare(Path folder, InferenceGraph inference) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        try (Loaded loaded = new Loaded(folder)) {
            for (String function : inference.functions().keySet()) {
                Map<String, Tensor> inputs = new LinkedHashMap<>();
                inference.inputs(function).forEach((name, shape) -> inputs.put(name, probe(shape, random)));
                try {
                    if (!same(inference.call(function, inputs), loaded.call(function, inputs))) {
                        throw new IOException("loaded back, " + function + " gives other numbers");
                    }
                } finally {
                    inputs.values().forEach(Tensor::close);
                }
            }
        }
    }

    /** The one scalar is the number of a draw. */
    private static Tensor probe(Shape shape, SplittableRandom random) {
        return shape.numDimensions() == 0
                ? TInt64.scalarOf(random.nextLong(1000))
                : TFloat32.tensorOf(
                        shape,
                        values -> values.scalars().forEach(value -> value.setFloat((float) random.nextDouble())));
    }

    private static boolean same(Map<String, Values> one, Map<String, Values> other) {
        return one.keySet().equals(other.keySet())
                && one.keySet().stream()
                        .allMatch(name -> Arrays.equals(
                                        one.get(name).data(), other.get(name).data())
                                && Arrays.equals(
                                        one.get(name).shape(), other.get(name).shape()));
    }

    private static void writeInto(Path folder, InferenceGraph inference) throws IOException {
        GraphSession session = inference.session();
        List<Parameter> parameters = inference.parameters();
        Ops tf = session.ops().withSubScope("save");
        Placeholder<TString> prefix = tf.placeholder(TString.class);
        String[] names = parameters.stream().map(Parameter::path).toArray(String[]::new);
        Operand<TString> whole = tf.fill(tf.constant(new int[] {names.length}), tf.constant(""));
        List<Operand<?>> values = new ArrayList<>();
        List<Class<? extends TType>> types = new ArrayList<>();
        parameters.forEach(parameter -> {
            values.add(parameter.value());
            types.add(TFloat32.class);
        });
        Op save = tf.train.save(prefix, tf.constant(NdArrays.vectorOfObjects(names)), whole, values);
        Operand<TString> saved = tf.withControlDependencies(save).identity(prefix);
        Restore restored = tf.train.restore(prefix, tf.constant(NdArrays.vectorOfObjects(names)), whole, types);
        List<Op> assigned = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            assigned.add(tf.assignVariableOp(
                    parameters.get(i).handle(), restored.tensors().get(i)));
        }
        Op restore = tf.withControlDependencies(assigned).noOp();

        Path variables = Files.createDirectory(folder.resolve("variables"));
        try (TString name = TString.scalarOf(variables.resolve("variables").toString())) {
            session.runner().feed(prefix, name).addTarget(save).run().close();
        }
        MetaGraphDef.Builder graph = MetaGraphDef.newBuilder()
                .setMetaInfoDef(
                        MetaGraphDef.MetaInfoDef.newBuilder().addTags(TAG).setTensorflowVersion(TensorFlow.version()))
                .setGraphDef(session.graph().toGraphDef())
                .setSaverDef(SaverDef.newBuilder()
                        .setVersion(SaverDef.CheckpointFormatVersion.V2)
                        .setFilenameTensorName(name(prefix.asOutput()))
                        .setSaveTensorName(name(saved.asOutput()))
                        .setRestoreOpName(restore.op().name()))
                .putCollectionDef("variables", variables(parameters, assigned));
        inference.functions().forEach((name, function) -> graph.putSignatureDef(name, signature(function)));
        Files.write(
                folder.resolve("saved_model.pb"),
                SavedModel.newBuilder()
                        .setSavedModelSchemaVersion(1)
                        .addMetaGraphs(graph)
                        .build()
                        .toByteArray());
    }

    /** Python asks the collection of variables what there is to be restored. */
    private static CollectionDef variables(List<Parameter> parameters, List<Op> assigned) {
        CollectionDef.BytesList.Builder list = CollectionDef.BytesList.newBuilder();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            list.addValue(VariableDef.newBuilder()
                    .setVariableName(name(parameter.handle().asOutput()))
                    .setInitialValueName(name(parameter.initial().asOutput()))
                    .setInitializerName(assigned.get(i).op().name())
                    .setSnapshotName(name(parameter.value().asOutput()))
                    .setIsResource(true)
                    .setTrainable(true)
                    .build()
                    .toByteString());
        }
        return CollectionDef.newBuilder().setBytesList(list).build();
    }

    private static SignatureDef signature(InferenceGraph.Function function) {
        SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
        function.inputs().forEach((name, operand) -> signature.putInputs(name, info(operand.asOutput())));
        function.outputs().forEach((name, operand) -> signature.putOutputs(name, info(operand.asOutput())));
        return signature.build();
    }

    private static TensorInfo info(Output<?> output) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long size : output.shape().asArray()) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder()
                .setName(name(output))
                .setDtype(DataType.forNumber(output.dataType().getNumber()))
                .setTensorShape(shape)
                .build();
    }

    private static String name(Output<?> output) {
        return output.op().name() + ":" + output.index();
    }

    /** A model that was loaded from a folder, as another program would. */
    public static final class Loaded implements AutoCloseable {
        private final SavedModelBundle bundle;

        /**
         * Loads a folder.
         *
         * @throws org.tensorflow.exceptions.TensorFlowException if it holds no model
         */
        public Loaded(Path folder) {
            bundle = SavedModelBundle.loader(folder.toString()).withTags(TAG).load();
        }

        /** Returns the names of the functions. */
        public List<String> functions() {
            return bundle.metaGraphDef().getSignatureDefMap().keySet().stream()
                    .filter(name -> !name.startsWith("_"))
                    .sorted()
                    .toList();
        }

        /** Calls a function. */
        public Map<String, Values> call(String function, Map<String, ? extends Tensor> inputs) {
            SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get(function);
            Session.Runner runner = bundle.session().runner();
            inputs.forEach((name, tensor) ->
                    runner.feed(signature.getInputsMap().get(name).getName(), tensor));
            Map<String, String> outputs = signature.getOutputsMap().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().getName(), (a, b) -> a, LinkedHashMap::new));
            outputs.values().forEach(runner::fetch);
            try (Result result = runner.run()) {
                return InferenceGraph.values(new ArrayList<>(outputs.keySet()), result::get);
            }
        }

        @Override
        public void close() {
            bundle.close();
        }
    }
}
