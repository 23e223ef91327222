package org.equipose.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.equipose.core.spi.Trained;
import org.junit.jupiter.api.Test;

class WatchedTest {
    /** A method with a default would not be missed by the compiler, and an evaluator would be told of no transform, say. */
    @Test
    void everythingIsPassedOn() {
        assertThat(Arrays.stream(Watched.class.getDeclaredMethods()).map(Method::getName))
                .containsAll(Arrays.stream(Trained.class.getDeclaredMethods())
                        .map(Method::getName)
                        .toList());
    }
}
