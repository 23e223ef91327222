package org.equipose.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {

    @ParameterizedTest
    @CsvSource({"adam,adam,0", "adm,adam,1", "adma,adam,1", "sgd,adam,4", "'',adam,4", "grid-sise,grid-size,1"})
    void countsWhatHasToBeTyped(String a, String b, int distance) {
        assertThat(DidYouMean.distance(a, b)).isEqualTo(distance);
        assertThat(DidYouMean.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void offersTheNearestNameOrAllThereAre() {
        assertThat(DidYouMean.among("adm", List.of("sgd", "adam"))).isEqualTo("; did you mean 'adam'?");
        assertThat(DidYouMean.among("rprop", List.of("sgd", "adam"))).isEqualTo("; available: adam, sgd");
        assertThat(DidYouMean.among("rprop", List.of())).isEqualTo("; there is none");
    }

    @Test
    void knowsAKeyByItsLastName() {
        assertThat(DidYouMean.nearest("grid-size", List.of("seed", "transform.tps.grid-size")))
                .contains("transform.tps.grid-size");
    }
}
