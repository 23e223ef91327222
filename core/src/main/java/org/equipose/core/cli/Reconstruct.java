package org.equipose.core.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.data.ImageFile;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
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
        spec.addOption(Arguments.options("image", "FILE", "a PNG or JPEG; repeatable"))
                .addOption(Arguments.flag("resize", "bring pictures of another size to that of the model"))
                .addOption(Arguments.flag("invert", "swap black and white: models of digits know white on black"))
                .addOption(Arguments.option(
                        "to", "PNG", "where to (default: reconstructions/<first picture> in the run)"));
        TrainedRun.addPlugins(spec);
    }

    @Override
    public int run(Arguments arguments, Terminal terminal) throws IOException {
        List<String> files = arguments.all("image");
        if (files.isEmpty() || files.size() > MOST) {
            throw new ConfigurationException("say which pictures: --image my.png, up to " + MOST + " times");
        }
        TrainedRun run = TrainedRun.open(arguments, terminal);
        Trained trained = run.loaded().trained();
        // What the model was trained on went the same way.
        Split pictures = trained.targets()
                .prepared(
                        read(files, trained.image(), arguments.has("resize"), arguments.has("invert")),
                        RunData.TEST_TARGETS);
        Values errors = trained.map(pictures, (net, batch) -> {
                    Ops tf = net.ops();
                    Pass pass = trained.model().pass(net.noiseless(), batch, 1);
                    return List.of(
                            tf.math.neg(tf.reshape(pass.logLikelihood(), tf.constant(new int[] {batch.size()}))));
                })
                .get(0);
        terminal.out().println("reconstruction error at the posterior mean, nats per image");
        for (int i = 0; i < files.size(); i++) {
            terminal.out().printf(Locale.ROOT, "  %10.2f  %s%n", errors.data()[i], files.get(i));
        }
        Path to = arguments.path("to").orElse(run.directory().reconstructions().resolve(stem(files.get(0)) + ".png"));
        Pictures.reconstructions(trained, pictures, files.size()).write(to);
        terminal.out().println(to);
        return 0;
    }

    private static Split read(List<String> files, ImageSpec spec, boolean resize, boolean invert) throws IOException {
        byte[] pixels = new byte[files.size() * spec.size()];
        for (int i = 0; i < files.size(); i++) {
            byte[] picture = ImageFile.read(Path.of(files.get(i)), spec, resize, invert);
            System.arraycopy(picture, 0, pixels, i * spec.size(), spec.size());
        }
        return new Split(spec, pixels, Optional.empty(), Optional.empty());
    }

    private static String stem(String file) {
        return Path.of(file).getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }
}
