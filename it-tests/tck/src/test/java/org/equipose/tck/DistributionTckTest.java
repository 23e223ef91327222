package org.equipose.tck;

import static org.equipose.tck.Faults.caught;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.equipose.core.distribution.Bernoulli;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Laplace;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Net;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The distributions of the core keep the contract, and the kit catches each of these faults. */
class DistributionTckTest {

    /** Two laws on the plane with a location and a log-scale. */
    private abstract static class OnThePlane extends DistributionTck {
        @Override
        protected int size() {
            return 2;
        }

        @Override
        protected List<float[]> parameters() {
            return List.of(new float[] {0.3f, -1, 2, 0.5f}, new float[] {0.2f, -0.7f, 0, 0.4f});
        }
    }

    private static class NormalLaw extends OnThePlane {
        @Override
        protected Distribution law(Ops tf, List<Operand<TFloat32>> parameters) {
            return new Normal(parameters.get(0), parameters.get(1));
        }

        @Override
        protected Optional<Distribution> reference(Ops tf) {
            return Optional.of(Normal.standard(tf, size()));
        }
    }

    @Nested
    class OfNormal extends NormalLaw {}

    @Nested
    class OfLaplace extends OnThePlane {
        @Override
        protected Distribution law(Ops tf, List<Operand<TFloat32>> parameters) {
            return new Laplace(parameters.get(0), parameters.get(1));
        }

        @Override
        protected Optional<Distribution> reference(Ops tf) {
            return Optional.of(Laplace.standard(tf, size()));
        }
    }

    @Nested
    class OfNormalOnTheLine extends DistributionTck {
        @Override
        protected int size() {
            return 1;
        }

        @Override
        protected List<float[]> parameters() {
            return List.of(new float[] {3, -2}, new float[] {-1, 1});
        }

        @Override
        protected Distribution law(Ops tf, List<Operand<TFloat32>> parameters) {
            return new Normal(parameters.get(0), parameters.get(1));
        }
    }

    private abstract static class Pixels extends DistributionTck {
        @Override
        protected int size() {
            return 2;
        }

        @Override
        protected float[] support() {
            return new float[] {0, 1};
        }

        @Override
        protected boolean hasDivergence() {
            return false;
        }

        @Override
        protected boolean hasMarginals() {
            return false;
        }
    }

    @Nested
    class OfBernoulliByProbability extends Pixels {
        @Override
        protected List<float[]> parameters() {
            return List.of(new float[] {0.2f, 0.9f, 0.5f, 0.03f});
        }

        @Override
        protected Distribution law(Ops tf, List<Operand<TFloat32>> parameters) {
            return Bernoulli.ofProbabilities(parameters.get(0));
        }
    }

    @Nested
    class OfBernoulliByLogit extends Pixels {
        @Override
        protected List<float[]> parameters() {
            return List.of(new float[] {-2, 1.5f, 0, -4});
        }

        /** A draw follows its probability, not its logit. */
        @Override
        protected OptionalInt location() {
            return OptionalInt.empty();
        }

        @Override
        protected Distribution law(Ops tf, List<Operand<TFloat32>> parameters) {
            return Bernoulli.ofLogits(parameters.get(0));
        }
    }

    /** A sound normal law, for faults to be planted in. */
    private static class Faulty implements Distribution {
        final Normal sound;

        Faulty(Normal sound) {
            this.sound = sound;
        }

        @Override
        public Draw draw(Net net, int times) {
            return sound.draw(net, times);
        }

        @Override
        public Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value) {
            return sound.logProb(tf, value);
        }

        @Override
        public Operand<TFloat32> mean(Ops tf) {
            return sound.mean(tf);
        }

        @Override
        public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
            return sound.kl(tf, prior instanceof Faulty other ? other.sound : prior);
        }

        @Override
        public Optional<Distribution> marginal(Ops tf, int from, int to) {
            return sound.marginal(tf, from, to);
        }
    }

    @FunctionalInterface
    private interface Fault {
        Distribution in(Normal sound);
    }

    private static DistributionTck kit(Fault fault) {
        return new NormalLaw() {
            @Override
            protected Distribution law(Ops tf, List<Operand<TFloat32>> parameters) {
                return fault.in(new Normal(parameters.get(0), parameters.get(1)));
            }
        };
    }

    @Test
    void catchesADensityThatIsOff() {
        DistributionTck kit = kit(sound -> new Faulty(sound) {
            @Override
            public Operand<TFloat32> logProb(Ops tf, Operand<TFloat32> value) {
                return tf.math.add(super.logProb(tf, value), tf.constant(0.01f));
            }
        });
        caught("law 0 is normalised", kit::theLawIsNormalised);
        caught("a draw's log-density is that of its value", kit::drawsKnowTheirDensity);
        caught("the log-densities of the marginals add up to the whole", kit::marginalsAddUp);
    }

    @Test
    void catchesADivergenceThatIsOff() {
        DistributionTck wrong = kit(sound -> new Faulty(sound) {
            @Override
            public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
                return super.kl(tf, prior).map(kl -> tf.math.mul(kl, tf.constant(1.1f)));
            }
        });
        caught("the closed form of the divergence is that of the draws", wrong::theDivergenceIsThatOfTheDraws);
        DistributionTck flat = kit(sound -> new Faulty(sound) {
            @Override
            public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
                return super.kl(tf, prior).map(tf::stopGradient);
            }
        });
        caught("the derivative of the divergence", flat::gradientsAreFiniteDifferences);
    }

    @Test
    void catchesDrawsThatDoNotFollow() {
        DistributionTck cut = kit(sound -> new Faulty(sound) {
            @Override
            public Draw draw(Net net, int times) {
                Draw draw = super.draw(net, times);
                return new Draw(net.ops().stopGradient(draw.value()), draw.logProb());
            }
        });
        caught("a gradient flows from draws to their location", cut::drawsAreReparametrised);
        DistributionTck scaleCut = kit(sound -> new Faulty(sound) {
            @Override
            public Draw draw(Net net, int times) {
                return new Normal(sound.loc(), net.ops().stopGradient(sound.logScale())).draw(net, times);
            }
        });
        caught("the derivative of the draws with fixed noise by parameter 1", scaleCut::drawsAreReparametrised);
    }

    @Test
    void catchesAWrongMeanAndAWrongOrder() {
        DistributionTck wrongMean = kit(sound -> new Faulty(sound) {
            @Override
            public Operand<TFloat32> mean(Ops tf) {
                return tf.math.add(super.mean(tf), tf.constant(0.1f));
            }
        });
        caught("the mean of draws is the mean", wrongMean::theMeanIsThatOfTheDraws);
        DistributionTck rowMajor = kit(sound -> new Faulty(sound) {
            @Override
            public Draw draw(Net net, int times) {
                Ops tf = net.ops();
                Draw draw = super.draw(net, times);
                long[] apart = {times, draw.value().shape().get(0) / times, 2};
                Operand<TFloat32> swapped = tf.linalg.transpose(
                        tf.reshape(draw.value(), tf.constant(apart)), tf.constant(new int[] {1, 0, 2}));
                return new Draw(
                        tf.reshape(swapped, tf.constant(draw.value().shape().asArray())), draw.logProb());
            }
        });
        caught("the mean of draws is the mean", rowMajor::theMeanIsThatOfTheDraws);
        caught("a draw's log-density is that of its value", rowMajor::drawsKnowTheirDensity);
    }

    @Test
    void catchesNoiseThatIsNotTheNets() {
        DistributionTck frozen = kit(sound -> new Faulty(sound) {
            @Override
            public Draw draw(Net net, int times) {
                return super.draw(net.noiseless(), times);
            }
        });
        caught("the next step draws anew", frozen::drawsDependOnTheStep);
    }

    @Test
    void catchesWhatIsNotAsDeclared() {
        DistributionTck kit = kit(sound -> new Faulty(sound) {
            @Override
            public Optional<Operand<TFloat32>> kl(Ops tf, Distribution prior) {
                return Optional.empty();
            }

            @Override
            public Optional<Distribution> marginal(Ops tf, int from, int to) {
                return Optional.empty();
            }
        });
        caught("kl() is as hasDivergence() declares it", kit::theDivergenceIsThatOfTheDraws);
        caught("marginal() is as hasMarginals() declares it", kit::marginalsAddUp);
    }
}
