package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;
import org.tensorflow.op.Ops;
import picocli.CommandLine.Model.CommandSpec;

/** Shows what a model makes of a user's own pictures. */
final class Reconstruct implements Verb {
    private static final int MOST = 30;

    @Override
    public String name() {
        return "reconstruct";
    }

    @Override
    public String about() {
        return "encode pictures of your own and decode them again";
    }

    @Override
    public void describe(CommandSpec spec) {
        TrainedRun.addTo(spec);
        OwnPictures.addTo(spec);
        spec.addOption(
                Arguments.option("to", "PNG", "where to (default: reconstructions/own/<first picture> in the run)"));
        TrainedRun.addPlugins(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        if (arguments.paths("image").isEmpty()) {
            throw new ConfigurationException("say which pictures: --image my.png, or a folder of them");
        }
        TrainedRun run = TrainedRun.open(arguments, terminal);
        Trained trained = run.loaded().trained();
        OwnPictures pictures = OwnPictures.read(arguments, trained, MOST, terminal);
        Values errors = trained.map(pictures.images(), (net, batch) -> {
                    Ops tf = net.ops();
                    Pass pass = trained.model().pass(net.noiseless(), batch, 1);
                    return List.of(
                            tf.math.neg(tf.reshape(pass.logLikelihood(), tf.constant(new int[] {batch.size()}))));
                })
                .get(0);
        terminal.out().println("reconstruction error at the posterior mean, nats per image");
        for (int i = 0; i < pictures.files().size(); i++) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            "  %10.2f  %s%n",
                            errors.data()[i],
                            pictures.files().get(i));
        }
        Path to = arguments
                .path("to")
                .orElse(run.directory()
                        .reconstructions()
                        .resolve("own")
                        .resolve(stem(pictures.files().get(0)) + ".png"));
        Pictures.reconstructions(trained, pictures.images(), pictures.files().size())
                .write(to);
        terminal.out().println(to);
        return 0;
    }

    private static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
