package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Family;
import org.equipose.core.spi.Prior;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The kit passes sound priors, and catches each of these faults. */
class PriorTckTest {

    /** Two numbers behind all parameters. */
    private static class LowRank implements Prior {
        @Override
        public int latentSize(int parameters) {
            return 2;
        }

        @Override
        public Optional<Distribution> over(Net net, int latentSize) {
            return Optional.of(new Normal(
                    net.parameter("mean", Initializer.constant(0.5f), 1, latentSize),
                    net.parameter("log-scale", Initializer.constant(-1), 1, latentSize)));
        }

        @Override
        public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
            return Layers.dense(net.sub("push"), latent, parameters, Activation.LINEAR);
        }
    }

    private static final class Improper implements Prior {
        @Override
        public Family posterior() {
            return Family.DELTA;
        }

        @Override
        public Optional<Distribution> over(Net net, int latentSize) {
            return Optional.empty();
        }
    }

    @Nested
    class Proper extends PriorTck {
        @Override
        protected Prior prior() {
            return new LowRank();
        }
    }

    @Nested
    class WithoutALaw extends PriorTck {
        @Override
        protected Prior prior() {
            return new Improper();
        }
    }

    private static PriorTck kit(Prior faulty) {
        return new PriorTck() {
            @Override
            protected Prior prior() {
                return faulty;
            }
        };
    }

    @Test
    void catchesASpreadPosteriorWithoutALaw() {
        assertThrows(AssertionError.class, kit((net, size) -> Optional.empty())::anImproperPriorGoesWithAPoint);
    }

    @Test
    void catchesALawOfTheWrongSize() {
        PriorTck kit = kit((net, size) -> Optional.of(Normal.standard(net.ops(), size + 1)));
        assertThrows(AssertionError.class, kit::theLawIsOneRow);
        assertThrows(AssertionError.class, kit::drawsKnowTheirDensity);
    }

    @Test
    void catchesParametersThatAreNotShared() {
        PriorTck kit = kit(new LowRank() {
            private int uses;

            @Override
            public Optional<Distribution> over(Net net, int latentSize) {
                return super.over(net.sub("use" + uses++), latentSize);
            }
        });
        assertThrows(AssertionError.class, kit::aSecondUseAddsNoParameter);
    }

    @Test
    void catchesAPushThatForgetsOrMixes() {
        PriorTck forgetting = kit((net, size) -> Optional.of(Normal.standard(net.ops(), size)));
        forgetting.pushMakesParameters();
        PriorTck short1 = kit(new LowRank() {
            @Override
            public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
                return latent;
            }
        });
        assertThrows(AssertionError.class, short1::pushMakesParameters);
        PriorTck mixing = kit(new LowRank() {
            @Override
            public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
                Operand<TFloat32> pushed = super.push(net, latent, parameters);
                return net.ops()
                        .math
                        .sub(pushed, net.ops().math.mean(pushed, net.ops().constant(0)));
            }
        });
        assertThrows(AssertionError.class, mixing::pushMakesParameters);
    }
}
