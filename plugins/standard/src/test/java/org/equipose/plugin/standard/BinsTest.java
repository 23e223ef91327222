package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BinsTest {

    @Test
    void edgesAreMultiplesOfARoundNumber() {
        Bins bins = Bins.over(-0.63, 0.71);
        assertThat(bins.width()).isCloseTo(0.05, within(1e-12));
        assertThat(bins.edges()[0]).isCloseTo(-0.65, within(1e-9));
        assertThat(bins.edges()[bins.count()]).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void theAreaOfAHistogramIsTheShareOfTheValuesInside() {
        Bins bins = new Bins(0, 2, 0.5);
        double[] density = bins.density(new float[] {0.1f, 0.2f, 0.7f, 3});
        assertThat(density).containsExactly(1, 0.5, 0);
    }

    @Test
    void aConstantHasOneBin() {
        assertThat(Bins.over(2, 2).count()).isEqualTo(1);
    }
}
