package org.equipose.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFResourceExhaustedException;

class ShortageTest {
    @Test
    void memoryIsNamedHoweverDeepItLies() {
        for (Throwable thrown : new Throwable[] {
            new OutOfMemoryError("Java heap space"),
            new ExceptionInInitializerError(new OutOfMemoryError("Java heap space")),
            new IllegalStateException(new RuntimeException(new OutOfMemoryError("Java heap space")))
        }) {
            assertThat(Shortage.explain(thrown))
                    .hasValue("out of memory (Java heap space): give Java more with EQUIPOSE_JAVA_OPTS=-Xmx8g,"
                            + " or use a smaller --batch-size, smaller layers or fewer images");
        }
        assertThat(Shortage.explain(new RuntimeException(new TFResourceExhaustedException(
                        "OOM when allocating tensor with shape[30000,30000]\n\t [[{{node x}}]]\nHint: more"))))
                .hasValue("out of memory (TensorFlow: OOM when allocating tensor with shape[30000,30000]):"
                        + " use a smaller --batch-size, smaller layers or fewer samples");
    }

    @Test
    void aLibraryThatCannotBeLoadedIsNamedWithTheInnermostReason() {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("no jnitensorflow in java.library.path");
        error.initCause(new UnsatisfiedLinkError("libtensorflow_cc.so.2: failed to map segment"));
        assertThat(Shortage.explain(error).orElseThrow())
                .startsWith(
                        "TensorFlow's native library cannot be loaded: libtensorflow_cc.so.2: failed to map segment;")
                .contains("EQUIPOSE_NATIVE_CACHE");
    }

    @Test
    void otherFaultsAreNotShortages() {
        assertThat(Shortage.explain(new IllegalStateException(new NullPointerException())))
                .isEmpty();
    }
}
