package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Split;
import org.equipose.core.graph.Net;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.equipose.tck.FreshModel;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class CodeTest {
    private static final ImageSpec IMAGE = new ImageSpec(8, 8, 1);

    /** A toy whose only latent is called s. */
    private record Foreign(ToyModel toy) implements Model {
        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            Pass pass = toy.pass(net, batch, samples);
            Latent s = pass.latents().get("z");
            return Pass.of(
                    net.ops(),
                    batch,
                    samples,
                    generate(net.sub("again"), Map.of("s", s.parameters()), batch.spec()),
                    Map.of("s", s));
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return Map.of("s", toy.prior(net, rows, image).get("z"));
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            return toy.generate(net, Map.of("z", values.get("s")), image);
        }
    }

    static Stream<Evaluator> evaluatorsOfCodes() {
        return Stream.of(
                new CollapseEvaluator(),
                new LatentScatterEvaluator(),
                new LinearSvmEvaluator(),
                new PoseRecoveryEvaluator(),
                new SamplesEvaluator());
    }

    @ParameterizedTest
    @MethodSource("evaluatorsOfCodes")
    void aModelWithoutACodeIsToldSo(Evaluator evaluator, @TempDir Path folder) {
        int[] labels = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
        Split images = new Split(IMAGE, new byte[10 * IMAGE.size()], Optional.of(labels), Optional.empty());
        assertThatThrownBy(() -> evaluator.evaluate(
                        new FreshModel(new Foreign(new ToyModel()), IMAGE),
                        new DataSets(images, images),
                        RunDirectory.create(folder.resolve("run"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the model has no code z");
    }

    @Test
    void theCodeIsFoundAmongOthers() {
        assertThat(Code.in(Map.of("u", 1, "z", 2))).isEqualTo(2);
    }
}
