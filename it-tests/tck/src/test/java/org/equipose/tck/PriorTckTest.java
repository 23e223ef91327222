package org.equipose.tck;

import static org.equipose.tck.Faults.caught;

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

        @Override
        protected boolean proper() {
            return false;
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
        PriorTck kit = new WithoutALaw() {
            @Override
            protected Prior prior() {
                return (net, size) -> Optional.empty();
            }
        };
        caught("an improper prior asks for a DELTA posterior", kit::anImproperPriorGoesWithAPoint);
    }

    @Test
    void catchesALawOfTheWrongSize() {
        PriorTck kit = kit((net, size) -> Optional.of(Normal.standard(net.ops(), size + 1)));
        caught("over() is one row", kit::theLawIsOneRow);
        caught("draws are [rows, latentSize]", kit::drawsKnowTheirDensity);
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
        caught("a second use of a prior adds no parameter", kit::aSecondUseAddsNoParameter);
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
        caught("push makes [rows, parameters]", short1::pushMakesParameters);
        PriorTck mixing = kit(new LowRank() {
            @Override
            public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
                Operand<TFloat32> pushed = super.push(net, latent, parameters);
                return net.ops()
                        .math
                        .sub(pushed, net.ops().math.mean(pushed, net.ops().constant(0)));
            }
        });
        caught("parameters depend on their own latent only", mixing::pushMakesParameters);
    }

    @Test
    void catchesALawThatIsNotAsDeclared() {
        String reason = "over() is as proper() declares it";
        caught(reason, kit(new Improper())::anImproperPriorGoesWithAPoint);
        caught(reason, kit(new Improper())::drawsKnowTheirDensity);
        PriorTck proper = new WithoutALaw() {
            @Override
            protected Prior prior() {
                return new LowRank();
            }
        };
        caught(reason, proper::anImproperPriorGoesWithAPoint);
    }

    @Test
    void catchesAParameterThatCannotLearn() {
        PriorTck kit = kit(new LowRank() {
            @Override
            public Optional<Distribution> over(Net net, int latentSize) {
                return super.over(net, latentSize)
                        .map(law -> new Normal(net.ops().stopGradient(law.mean(net.ops())), ((Normal) law).logScale()));
            }
        });
        caught("the gradient reaches every parameter, prior/mean", kit::theGradientReachesEveryParameter);
    }
}
