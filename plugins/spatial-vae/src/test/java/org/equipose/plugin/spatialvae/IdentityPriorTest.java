package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.spi.Prior;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.PriorTck;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class IdentityPriorTest extends PriorTck {
    @Override
    protected Prior prior() {
        return new IdentityPrior();
    }

    /** KL(N(m, σ²) ‖ N(0, τ²)) = ½ (σ² + m²)/τ² − ½ − log(σ/τ), worked out for m = 0.3, σ = 0.1, τ = 0.2. */
    @Test
    void theDivergenceIsThatFromANormalAboutTheIdentity() {
        try (GraphFixture graph = new GraphFixture()) {
            Distribution prior = prior().over(graph.net().sub("prior"), 1).orElseThrow();
            Operand<TFloat32> mean = graph.input(new float[] {0.3f}, 1, 1);
            Operand<TFloat32> logScale = graph.input(new float[] {(float) Math.log(0.1)}, 1, 1);
            Optional<Operand<TFloat32>> kl = new Normal(mean, logScale).kl(graph.tf(), prior);
            assertThat((double) graph.fetch(kl.orElseThrow())[0])
                    .isCloseTo(0.5 * 0.1 / 0.04 - 0.5 + Math.log(2), within(1e-5));
        }
    }

    @Test
    void onlyTheStandardDeviationsAreFitted() {
        try (GraphFixture graph = new GraphFixture()) {
            Distribution law = prior().over(graph.net().sub("prior"), 3).orElseThrow();
            assertThat(graph.parameterPaths()).containsExactly("prior/log-scale");
            assertThat(graph.fetch(law.mean(graph.tf()))).containsExactly(0, 0, 0);
        }
    }

    @Test
    void aScaleThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new ScaleSettings(0)).hasMessageContaining("scale must be above 0");
        assertThatThrownBy(() -> new ScaleSettings(Double.NaN)).hasMessageContaining("scale must be above 0");
    }
}
