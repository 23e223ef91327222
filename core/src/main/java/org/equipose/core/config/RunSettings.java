package org.equipose.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.equipose.core.data.Targets;
import org.equipose.core.spi.About;

/**
 * The settings of a run that belong to no component; each is a key of a configuration file and an option of the command
 * line. Components are chosen here by name and configured under {@code <role>.<name>.<key>}.
 */
public record RunSettings(
        @About("data set") String dataset,
        @About("model") String model,
        @About("encoder network") String encoder,
        @About("decoder network") String decoder,

        @About("pose transform, or a sum such as affine+tps; none for models without a pose")
        String transform,

        @About("prior over the code z") String codePrior,
        @About("prior over the pose u") String posePrior,

        @About("bound plus weighted regularisers, such as elbo+0.5*mi; default: the model's own bound")
        String objective,

        @About("what is reproduced: grey, threshold, fixed (one binary draw) or dynamic (a new draw each step)")
        Targets targets,

        @About("training images kept for validation; default: 5000, or a tenth if that is less")
        OptionalInt validation,

        @About("run whose parameters, at its latest checkpoint, are the first ones in place of random ones")
        Optional<Path> initFrom,

        @About("trainings from different seeds, of which the one with the best bound on the validation images is kept")
        int restarts,

        @About("passes over the training images") int epochs,
        @About("images per step") int batchSize,
        @About("adam, adadelta or sgd") OptimizerKind optimizer,

        @About("learning rate; default: 0.001 for adam, 1 for adadelta, 0.01 for sgd")
        OptionalDouble lr,

        @About("learning rate over time: constant, exponential (lr·e^(−epoch/lr-epochs)) or halving (every lr-epochs)")
        LrSchedule lrSchedule,

        @About("time constant of the learning-rate schedule, in epochs")
        int lrEpochs,

        @About("momentum of sgd") double momentum,

        @About("largest norm of the gradient; 0 for no limit")
        double clipNorm,

        @About("seed of everything random") long seed,

        @About("seed of the validation split and of binary targets; default: seed")
        OptionalLong dataSeed,

        @About("operations run at a time, by default one per processor")
        int threads,

        @About("auto, cpu or gpu:N") String device,
        @About("epochs between checkpoints") int checkpointEvery,
        @About("epochs between pictures") int picturesEvery,

        @About("whether to write down the error on test images after every epoch; nothing is chosen by it")
        boolean testEachEpoch,

        @About("evaluators to run at the end, separated by commas")
        List<String> eval) {

    /** TensorFlow makes them all at once, and ends the process where the system has no more. */
    private static final int MOST_THREADS = 1024;

    /** The defaults. */
    public RunSettings() {
        this(
                "mnist",
                "tvae",
                "dense",
                "dense",
                "affine",
                "standard",
                "diagonal",
                "",
                Targets.GREY,
                OptionalInt.empty(),
                Optional.empty(),
                1,
                10,
                100,
                OptimizerKind.ADAM,
                OptionalDouble.empty(),
                LrSchedule.CONSTANT,
                50,
                0.9,
                0,
                1,
                OptionalLong.empty(),
                Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
                "auto",
                1,
                2,
                false,
                List.of("reconstruction", "samples"));
    }

    /** Checks ranges. */
    public RunSettings {
        validation.ifPresent(count -> atLeast("validation", count, 0));
        if (restarts < 1 || restarts > 99) {
            throw new IllegalArgumentException("restarts must be from 1 to 99 but was " + restarts);
        }
        if (restarts > 1 && initFrom.isPresent()) {
            throw new IllegalArgumentException("restarts must be 1 with init-from but was " + restarts
                    + ": a restart is another draw of the first parameters");
        }
        atLeast("epochs", epochs, 1);
        atLeast("batch-size", batchSize, 1);
        atLeast("lr-epochs", lrEpochs, 1);
        atLeast("threads", threads, 1);
        if (threads > MOST_THREADS) {
            throw new IllegalArgumentException("threads must be at most " + MOST_THREADS + " but was " + threads);
        }
        atLeast("checkpoint-every", checkpointEvery, 1);
        atLeast("pictures-every", picturesEvery, 1);
        if (lr.isPresent() && !(lr.getAsDouble() > 0 && lr.getAsDouble() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("lr must be above 0 but was " + lr.getAsDouble());
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum must be in [0, 1) but was " + momentum);
        }
        if (!(clipNorm >= 0)) {
            throw new IllegalArgumentException("clip-norm must be at least 0 but was " + clipNorm);
        }
        if (!device.matches("auto|cpu|gpu:\\d{1,3}")) {
            throw new IllegalArgumentException("device must be auto, cpu or gpu:N but was " + device);
        }
        eval = List.copyOf(eval);
    }

    /** Returns the learning rate to begin with. */
    public double learningRate() {
        return lr.orElse(
                switch (optimizer) {
                    case ADAM -> 1e-3;
                    case ADADELTA -> 1;
                    case SGD -> 1e-2;
                });
    }

    /** Returns the seed of the validation split and of binary targets. */
    public long seedOfData() {
        return dataSeed.orElse(seed);
    }

    private static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + " but was " + value);
        }
    }

    /** Rule that changes the parameters. */
    public enum OptimizerKind {
        /** Kingma and Ba 2015. */
        ADAM,
        /** Zeiler 2012, with rate 1, decay 0.95 and epsilon 1e-6. */
        ADADELTA,
        /** Stochastic gradient descent with momentum. */
        SGD
    }

    /** How the learning rate changes from epoch to epoch. */
    public enum LrSchedule {
        /** Not at all. */
        CONSTANT,
        /** lr·e^(−epoch/lr-epochs). */
        EXPONENTIAL,
        /** Halved every lr-epochs epochs. */
        HALVING
    }
}
