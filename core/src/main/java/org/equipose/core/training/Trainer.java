package org.equipose.core.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.Progress;
import org.equipose.core.data.Seeds;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Device;
import org.equipose.core.run.Checkpoints;
import org.equipose.core.run.MetricsFile;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Values;
import org.equipose.core.wiring.Components;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;

/**
 * Trains a model in a run directory, from its latest checkpoint on if there is one. Everything is a function of the
 * settings, the data and the number of steps made, so that a training that was cut off ends with the same bits as one
 * that was not.
 */
public final class Trainer {
    private static final Logger LOG = LogManager.getLogger(Trainer.class);

    /** Two: if the newest were damaged, there is one to go back to. */
    private static final int KEPT = 2;

    private final RunSettings settings;
    private final Components components;
    private final DataSets data;
    private final Device device;
    private final RunDirectory run;
    private final Optional<InitialParameters> initial;
    private final Progress progress;
    private final BooleanSupplier stop;
    private final Checkpoints checkpoints;
    private final int stepsPerEpoch;

    /**
     * How a training ended.
     *
     * @param epochs passes over the training images completed
     * @param steps steps made
     * @param finished whether all epochs were made; otherwise it was asked to stop
     * @param metrics of the last epoch, by column of metrics.csv
     * @param trained the model as it now is
     */
    public record Outcome(
            int epochs, long steps, boolean finished, Map<String, Double> metrics, TrainedModel trained) {}

    /**
     * Prepares a training.
     *
     * @param data with targets prepared and a validation split, which may be empty
     * @param device where to compute
     * @param initial what to begin with in place of random parameters; a run that has a checkpoint goes on from that
     * @param progress hears of every step
     * @param stop asked after every step; once true, the state is saved and the training ends
     * @throws TrainingFailure if there are fewer training images than one batch
     */
    public Trainer(
            RunSettings settings,
            Components components,
            DataSets data,
            Device device,
            RunDirectory run,
            Optional<InitialParameters> initial,
            Progress progress,
            BooleanSupplier stop) {
        this.settings = settings;
        this.components = components;
        this.data = data;
        this.device = device;
        this.run = run;
        this.initial = initial;
        this.progress = progress;
        this.stop = stop;
        checkpoints = new Checkpoints(run.checkpoints());
        stepsPerEpoch = stepsPerEpoch(settings, data);
    }

    /**
     * Returns how many whole batches there are.
     *
     * @throws TrainingFailure if there are fewer training images than one batch
     */
    public static int stepsPerEpoch(RunSettings settings, DataSets data) {
        int steps = data.train().count() / settings.batchSize();
        if (steps == 0) {
            throw new TrainingFailure("there are only " + data.train().count() + " training images for a batch of "
                    + settings.batchSize() + "; lower batch-size or validation");
        }
        return steps;
    }

    /**
     * Trains until all epochs are made or a stop is asked for.
     *
     * @throws IOException if the run directory cannot be written
     * @throws TrainingFailure if a term is not finite, or the checkpoint belongs to another model
     */
    public Outcome train() throws IOException {
        try (TrainingGraph graph = new TrainingGraph(settings, components, data.train(), device);
                Validation validation = new Validation(settings, components, data.validation(), device);
                TestCurve test = new TestCurve(settings, components.model(), data.test(), device)) {
            List<String> columns = new ArrayList<>();
            graph.names().forEach(name -> columns.add("train/" + name));
            validation.names().forEach(name -> columns.add("val/" + name));
            columns.addAll(test.names());
            TrainingState state = start(graph);
            int epochsDone = (int) (state.step() / stepsPerEpoch);
            Map<String, Double> row = lastRow(epochsDone);
            LOG.info("{} steps per epoch; at step {}", stepsPerEpoch, state.step());
            try (EpochRecords records = new EpochRecords(run, columns, epochsDone, state.step())) {
                for (int epoch = epochsDone; epoch < settings.epochs(); epoch++) {
                    Elapsed started = Elapsed.now();
                    long images = (stepsPerEpoch - state.step() % stepsPerEpoch) * settings.batchSize();
                    state = steps(graph, epoch, state);
                    Finite.check(state, this::failure);
                    if (state.step() < (epoch + 1L) * stepsPerEpoch) { // asked to stop
                        checkpoints.write(state.step(), state.arrays(), KEPT);
                        return new Outcome(epoch, state.step(), false, row, trained(state));
                    }
                    Elapsed elapsed = Elapsed.now().since(started);
                    List<Double> measured = new ArrayList<>(validation.measure(state.variables()));
                    measured.addAll(test.measure(state.variables()));
                    row = row(columns, state.sums(), measured);
                    Finite.check(inNats(row, graph), state.step(), this::failure);
                    LOG.info("epoch {} {}", epoch + 1, row);
                    records.numbers(epoch + 1, state.step(), row, elapsed, images);
                    state = state.withoutSums();
                    boolean last = epoch + 1 == settings.epochs();
                    if (last || (epoch + 1) % settings.picturesEvery() == 0) {
                        Split shown = data.validation().count() > 0 ? data.validation() : data.train();
                        records.pictures(epoch + 1, state.step(), trained(state), shown, data.train());
                    }
                    boolean stopping = stop.getAsBoolean();
                    if (last || stopping || (epoch + 1) % settings.checkpointEvery() == 0) {
                        checkpoints.write(state.step(), state.arrays(), KEPT);
                    }
                    if (stopping && !last) {
                        return new Outcome(epoch + 1, state.step(), false, row, trained(state));
                    }
                }
            }
            return new Outcome(settings.epochs(), state.step(), true, row, trained(state));
        }
    }

    /** Makes the steps of an epoch that are left, or those until a stop is asked for before its last one. */
    private TrainingState steps(TrainingGraph graph, int epoch, TrainingState state) {
        int[] order = DataSets.shuffled(data.train().count(), Seeds.derive(settings.seed(), "shuffle:" + epoch));
        double rate = Optimizer.rate(settings, epoch);
        double[] sums = state.sums().clone();
        long step = state.step();
        long end = (epoch + 1L) * stepsPerEpoch;
        while (step < end) {
            int from = (int) (step % stepsPerEpoch) * settings.batchSize();
            float[] terms = step(graph, Arrays.copyOfRange(order, from, from + settings.batchSize()), rate, step);
            step++;
            if (step == 1) {
                LOG.info("first step made");
            }
            Finite.check(graph.namesInNats(), terms, step, this::failure);
            for (int i = 0; i < terms.length; i++) {
                sums[i] += terms[i];
            }
            progress.at(
                    "training",
                    step,
                    (long) settings.epochs() * stepsPerEpoch,
                    () -> describe(epoch, graph.namesInNats(), terms));
            if (stop.getAsBoolean() && step < end) {
                break;
            }
        }
        return new TrainingState(step, graph.read(), sums);
    }

    /** Returns the first line of what an exception says. */
    static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    /** Goes to the latest checkpoint; without one, saves the state before the first step. */
    private TrainingState start(TrainingGraph graph) throws IOException {
        Optional<Checkpoints.Checkpoint> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            if (initial.isPresent()) {
                Map<String, Values> first = new LinkedHashMap<>(graph.read());
                first.putAll(initial.get().values());
                graph.write(first, 0);
            }
            TrainingState state =
                    new TrainingState(0, graph.read(), new double[graph.names().size()]);
            checkpoints.write(0, state.arrays(), KEPT);
            return state;
        }
        TrainingState state = TrainingState.of(latest.get());
        try {
            graph.write(state.variables(), state.step());
        } catch (IllegalArgumentException e) {
            throw TrainingState.foreign(latest.get(), e.getMessage());
        }
        if (state.sums().length != graph.names().size()) {
            throw TrainingState.foreign(latest.get(), "it was made with another objective than " + graph.names());
        }
        return state;
    }

    private Map<String, Double> lastRow(int epoch) throws IOException {
        if (epoch == 0) {
            return Map.of();
        }
        List<MetricsFile.Row> rows = MetricsFile.read(run.metrics());
        return rows.stream()
                .filter(row -> row.epoch() == epoch)
                .map(MetricsFile.Row::values)
                .findFirst()
                .orElse(Map.of());
    }

    /** A pose that is not a number, say, makes TensorFlow refuse the step before a term can be looked at. */
    private float[] step(TrainingGraph graph, int[] images, double rate, long step) {
        try {
            return graph.step(images, rate);
        } catch (RuntimeException e) {
            LOG.info("step {} failed", step + 1, e); // the console gets the message below
            // What a pose that is not a number looks like to TensorFlow.
            if (e instanceof TFInvalidArgumentException && firstLine(e).contains("out of bounds")) {
                throw failure((step + 1) + ": the numbers have run away, " + largest(graph.read()));
            }
            throw new TrainingFailure("training stopped at step " + (step + 1) + ": TensorFlow says: " + firstLine(e)
                    + (e instanceof TFResourceExhaustedException
                            ? "; a smaller batch-size, smaller layers or fewer samples need less memory"
                            : "; where it happened is in " + run.log()));
        }
    }

    private static String largest(Map<String, Values> variables) {
        String name = "";
        float largest = -1;
        for (Map.Entry<String, Values> variable : variables.entrySet()) {
            for (float value : variable.getValue().data()) {
                if (Math.abs(value) > largest) {
                    largest = Math.abs(value);
                    name = variable.getKey();
                }
            }
        }
        return name + " is up to " + largest;
    }

    private TrainingFailure failure(String what) {
        return new TrainingFailure("training stopped at step " + what + remedy());
    }

    private String remedy() {
        return "; the last good checkpoint is in " + run.checkpoints()
                + ", but a run keeps its settings: begin another with --config " + run.config()
                + " and a lower --lr or a --clip-norm";
    }

    /** Returns the columns that say how the training goes; nothing is trained by the others. */
    private static Map<String, Double> inNats(Map<String, Double> row, TrainingGraph graph) {
        List<String> diagnostics =
                graph.names().subList(graph.namesInNats().size(), graph.names().size());
        Map<String, Double> terms = new LinkedHashMap<>(row);
        terms.keySet().removeIf(column -> diagnostics.contains(column.substring(column.indexOf('/') + 1)));
        return terms;
    }

    private String describe(int epoch, List<String> names, float[] terms) {
        StringBuilder text =
                new StringBuilder("epoch ").append(epoch + 1).append('/').append(settings.epochs());
        for (int i = 1; i < names.size(); i++) {
            text.append(String.format(Locale.ROOT, "  %s %.1f", names.get(i), terms[i]));
        }
        return text.toString();
    }

    private Map<String, Double> row(List<String> columns, double[] sums, List<Double> measured) {
        Map<String, Double> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), i < sums.length ? sums[i] / stepsPerEpoch : measured.get(i - sums.length));
        }
        return row;
    }

    private TrainedModel trained(TrainingState state) {
        return new TrainedModel(
                components.model(),
                components.transform(),
                data.spec(),
                settings.targets(),
                settings.seed(),
                device,
                state.variables());
    }
}
