package org.equipose.core.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.equipose.core.config.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveExpressionTest {

    @Test
    void readsWeightedSums() {
        assertThat(ObjectiveExpression.parse("elbo + 0.5 * mi+1e+3*mle+0*mmd-2").terms())
                .containsExactly(
                        new ObjectiveExpression.Term(1, "elbo"),
                        new ObjectiveExpression.Term(0.5, "mi"),
                        new ObjectiveExpression.Term(1000, "mle"),
                        new ObjectiveExpression.Term(0, "mmd-2"));
    }

    @ParameterizedTest
    @CsvSource({"elbo,elbo", " elbo+ 0.5*mi ,elbo+0.5*mi", "1*elbo+0.0001*mi,elbo+1.0E-4*mi", "vae+3*mi,vae+3.0*mi"})
    void readsWhatItWrites(String text, String written) {
        ObjectiveExpression expression = ObjectiveExpression.parse(text);
        assertThat(expression).hasToString(written);
        assertThat(ObjectiveExpression.parse(written)).isEqualTo(expression);
    }

    @ParameterizedTest
    @CsvSource({
        "elbo+,'' does not start with an objective",
        "+elbo,'+elbo' does not start",
        "elbo++mi,'+mi' does not start",
        "elbo+x*mi,'x*mi' does not start",
        "elbo+0.5.1*mi,'0.5.1' is not a number",
        "elbo+-1*mi,a weight must be at least 0 but was -1",
        "elbo+1e999*mi,a weight must be",
        "elbo+mi+2*mi,mi is there twice",
        "elbo mi,'elbo mi' does not start",
    })
    void refusesWhatIsMalformed(String text, String message) {
        assertThatThrownBy(() -> ObjectiveExpression.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("objective must be a sum such as elbo+0.5*mi but was '" + text + "': ")
                .hasMessageContaining(message);
    }
}
