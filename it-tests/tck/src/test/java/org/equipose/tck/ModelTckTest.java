package org.equipose.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The kit passes its own toy model, and catches each of these faults. */
class ModelTckTest extends ModelTck {
    @Override
    protected Model model() {
        return new ToyModel();
    }

    private static class Faulty implements Model {
        private final Model sound = new ToyModel();

        @Override
        public Pass pass(Net net, Batch batch, int samples) {
            return sound.pass(net, batch, samples);
        }

        @Override
        public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
            return sound.prior(net, rows, image);
        }

        @Override
        public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
            return sound.generate(net, values, image);
        }
    }

    private static ModelTck kit(Model faulty) {
        return new ModelTck() {
            @Override
            protected Model model() {
                return faulty;
            }
        };
    }

    @Test
    void catchesAParameterForEveryPass() {
        ModelTck kit = kit(new Faulty() {
            private int passes;

            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                net.parameter("pass" + passes++, Initializer.constant(0));
                return super.pass(net, batch, samples);
            }
        });
        assertThrows(AssertionError.class, kit::aSecondPassFromAnyCallerAddsNoParameter);
        assertThrows(AssertionError.class, kit::theGradientReachesEveryParameter);
    }

    @Test
    void catchesAParameterOutsideThePlace() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return super.pass(net.at("elsewhere"), batch, samples);
            }
        });
        assertThrows(AssertionError.class, kit::aSecondPassFromAnyCallerAddsNoParameter);
    }

    @Test
    void catchesAParameterOnlyGenerateHas() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
                return super.generate(net.sub("generator"), values, image);
            }
        });
        assertThrows(AssertionError.class, kit::aSecondPassFromAnyCallerAddsNoParameter);
        assertThrows(AssertionError.class, kit::generatingFromThePassGivesItsMeans);
    }

    @Test
    void catchesNoiseThatIsNotTheNets() {
        ModelTck frozen = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return super.pass(net.noiseless(), batch, samples);
            }
        });
        assertThrows(AssertionError.class, frozen::drawsDependOnTheStep);
        ModelTck noisy = kit(new Faulty() {
            private Net root;

            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                root = Net.root(net.ops(), 5, net.step(), false);
                Operand<TFloat32> jitter = root.normal(batch.image().shape().asArray());
                return super.pass(net, new Batch(net.ops().math.add(batch.image(), jitter)), samples);
            }
        });
        assertThrows(AssertionError.class, noisy::aNoiselessPassIsDeterministic);
    }

    @Test
    void catchesOneDrawForAllSamples() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return super.pass(net, batch, 1);
            }
        });
        assertThrows(AssertionError.class, kit::shapesOfAPass);
    }

    @Test
    void catchesAScoreOfSomethingElse() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                Pass pass = super.pass(net, batch, samples);
                return new Pass(
                        pass.batch(),
                        pass.samples(),
                        pass.canvas(),
                        pass.likelihood(),
                        pass.latents(),
                        net.ops().math.mul(pass.logLikelihood(), net.ops().constant(0.9f)),
                        pass.divergence());
            }
        });
        assertThrows(AssertionError.class, kit::theLogLikelihoodIsTheLikelihoodOfTheBatch);
    }

    @Test
    void catchesAPriorOfTheWrongRowsOrNames() {
        ModelTck short1 = kit(new Faulty() {
            @Override
            public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
                return super.prior(net, 1, image);
            }
        });
        assertThrows(AssertionError.class, short1::thePriorsCanBeDrawnFrom);
        ModelTck missing = kit(new Faulty() {
            @Override
            public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
                return new LinkedHashMap<>();
            }
        });
        assertThrows(AssertionError.class, missing::thePriorsCanBeDrawnFrom);
    }
}
