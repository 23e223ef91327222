package org.equipose.core.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Device;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Values;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Follows the reconstruction error of the test images, latents at their posterior means, over the epochs. Published records
 * name its best epoch; to compare with them needs the curve. Nothing is chosen by it.
 */
final class TestCurve implements AutoCloseable {
    private final Split test;
    private final Optional<Program> program;

    /** Builds the graph, if the settings ask for the curve. */
    TestCurve(RunSettings settings, Model model, Split test, Device device) {
        this.test = test;
        program = settings.testEachEpoch() ? Optional.of(program(settings, model, test, device)) : Optional.empty();
    }

    private static Program program(RunSettings settings, Model model, Split test, Device device) {
        int rows = Math.min(test.count(), Program.ROWS);
        return new Program(test.spec(), rows, test.labels().isPresent(), settings.seed(), device, (net, batch) -> {
            Pass pass = model.at("model").pass(net.noiseless(), batch, 1);
            Operand<TFloat32> logLikelihood =
                    net.ops().reshape(pass.logLikelihood(), net.ops().constant(new int[] {batch.size()}));
            return List.of(net.ops().math.neg(logLikelihood));
        });
    }

    /** Returns what is measured. */
    List<String> names() {
        return program.isPresent() ? List.of("test/reconstruction_at_mean") : List.of();
    }

    /** Returns the mean over the test images in nats per image. */
    List<Double> measure(Map<String, Values> parameters) {
        program.ifPresent(graph -> graph.assign(parameters));
        return program.stream().map(graph -> graph.map(test).get(0).mean()).toList();
    }

    @Override
    public void close() {
        program.ifPresent(Program::close);
    }
}
