package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalInt;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Prior;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.PriorTck;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class MlpPriorTest extends PriorTck {
    @Override
    protected Prior prior() {
        return new MlpPrior();
    }

    /** u = W₂ tanh(W₁ v + b₁) + b₂, by hand for one unit. */
    @Test
    void thePoseIsTheNetsImageOfTheLatent() {
        MlpPrior prior = new MlpPrior(new MlpPrior.Settings(OptionalInt.of(2), 1, 0.2));
        try (GraphFixture graph = new GraphFixture()) {
            Net net = graph.net().sub("prior");
            Operand<TFloat32> u = prior.push(net, graph.input(new float[] {0.5f, -1}, 1, 2), 3);
            Initializer any = Initializer.constant(0);
            graph.set(net.sub("hidden").parameter("weights", any, 2, 1), new float[] {2, 0.25f});
            graph.set(net.sub("hidden").parameter("bias", any, 1), new float[] {-0.5f});
            graph.set(net.sub("output").parameter("weights", any, 1, 3), new float[] {1, -2, 0});
            graph.set(net.sub("output").parameter("bias", any, 3), new float[] {0, 1, 7});
            double t = Math.tanh(2 * 0.5 - 0.25 - 0.5);
            float[] found = graph.fetch(u);
            double[] expected = {t, 1 - 2 * t, 7};
            for (int i = 0; i < 3; i++) {
                assertThat((double) found[i]).isCloseTo(expected[i], within(1e-6));
            }
        }
    }

    /** The spread is set on average over the nets that may come out, and one with 2000 units is close to the average. */
    @Test
    void aFreshPriorHasTheSetSpread() {
        MlpPrior prior = new MlpPrior(new MlpPrior.Settings(OptionalInt.of(18), 2000, 0.3));
        try (GraphFixture graph = new GraphFixture()) {
            float[] poses = graph.fetch(Latent.fromPrior(graph.net(), "u", prior, 18, 4000)
                    .orElseThrow()
                    .parameters());
            double squares = 0;
            for (float value : poses) {
                squares += value * value;
            }
            assertThat(Math.sqrt(squares / poses.length)).isCloseTo(0.3, within(0.03));
        }
    }

    @Test
    void theLatentIsNoLargerThanThePose() {
        assertThat(new MlpPrior().latentSize(18)).isEqualTo(6);
        assertThat(new MlpPrior().latentSize(2)).isEqualTo(2);
        MlpPrior five = new MlpPrior(new MlpPrior.Settings(OptionalInt.of(5), 32, 0.2));
        assertThat(five.latentSize(18)).isEqualTo(5);
        assertThat(five.refuses(4).orElse("")).contains("mlp", "rank 5", "only 4 parameters");
        assertThat(five.refuses(5)).isEmpty();
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new MlpPrior.Settings(OptionalInt.of(0), 32, 0.2))
                .hasMessageContaining("rank must be at least 1");
        assertThatThrownBy(() -> new MlpPrior.Settings(OptionalInt.empty(), 0, 0.2))
                .hasMessageContaining("hidden must be at least 1");
        assertThatThrownBy(() -> new MlpPrior.Settings(OptionalInt.empty(), 32, 0))
                .hasMessageContaining("scale must be above 0");
    }
}
