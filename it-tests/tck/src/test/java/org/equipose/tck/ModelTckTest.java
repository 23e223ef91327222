package org.equipose.tck;

import static org.equipose.tck.Faults.caught;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The kit passes its own toy model, and catches each of these faults. */
class ModelTckTest extends ModelTck {
    @Override
    protected Model model() {
        return new ToyModel();
    }

    @Override
    protected boolean takesColour() {
        return true;
    }

    private static class Faulty implements Model {
        private final Model sound;

        Faulty() {
            this(new ToyModel());
        }

        Faulty(Model sound) {
            this.sound = sound;
        }

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
        caught("a second pass, from any caller, adds no parameter", kit::aSecondPassFromAnyCallerAddsNoParameter);
        caught("the gradient reaches every parameter", kit::theGradientReachesEveryParameter);
    }

    @Test
    void catchesAParameterOutsideThePlace() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return super.pass(net.at("elsewhere"), batch, samples);
            }
        });
        caught("lie where it was placed, not at elsewhere", kit::aSecondPassFromAnyCallerAddsNoParameter);
    }

    @Test
    void catchesAParameterOnlyGenerateHas() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
                return super.generate(net.sub("generator"), values, image);
            }
        });
        caught("generating adds no parameter", kit::aSecondPassFromAnyCallerAddsNoParameter);
        caught("generate() gives the means of the pass", kit::generatingFromThePassGivesItsMeans);
    }

    @Test
    void catchesNoiseThatIsNotTheNets() {
        ModelTck frozen = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return super.pass(net.noiseless(), batch, samples);
            }
        });
        caught("another step draws anew, z", frozen::drawsDependOnTheStep);
        ModelTck noisy = kit(new Faulty() {
            private Net root;

            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                root = Net.root(net.ops(), 5, net.step(), false);
                Operand<TFloat32> jitter = root.normal(batch.image().shape().asArray());
                return super.pass(net, new Batch(net.ops().math.add(batch.image(), jitter)), samples);
            }
        });
        caught("a noiseless pass does not depend on the step", noisy::aNoiselessPassIsDeterministic);
    }

    @Test
    void catchesOneDrawForAllSamples() {
        ModelTck kit = kit(new Faulty() {
            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return super.pass(net, batch, 1);
            }
        });
        caught("a pass says how many draws it made", kit::shapesOfAPass);
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
        caught("logLikelihood is likelihood.logProb(batch)", kit::theLogLikelihoodIsTheLikelihoodOfTheBatch);
    }

    @Test
    void catchesAPriorOfTheWrongRowsOrNames() {
        ModelTck short1 = kit(new Faulty() {
            @Override
            public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
                return super.prior(net, 1, image);
            }
        });
        caught("drawn latents have the rows asked for, z", short1::thePriorsCanBeDrawnFrom);
        ModelTck missing = kit(new Faulty() {
            @Override
            public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
                return new LinkedHashMap<>();
            }
        });
        caught("every latent with a prior can be drawn from it", missing::thePriorsCanBeDrawnFrom);
    }

    @Test
    void catchesColourThatIsNotAsDeclared() {
        caught("refuses() is as takesColour() declares it", kit(new ToyModel())::colourIsTakenOrRefused);
        caught("names what is refused, '3 channels'", refusing("no; thanks")::colourIsTakenOrRefused);
        caught("the refusal is one line", refusing("3 channels\nno; thanks")::colourIsTakenOrRefused);
        caught("tells the remedy", refusing("it takes no 3 channels")::colourIsTakenOrRefused);
        refusing("it takes no 3 channels; choose a grey data set").colourIsTakenOrRefused();
    }

    private static ModelTck refusing(String message) {
        return kit(new Faulty() {
            @Override
            public Optional<String> refuses(ImageSpec image) {
                return image.channels() == 1 ? Optional.empty() : Optional.of(message);
            }
        });
    }

    @Test
    void catchesAMissingPoseThatIsSomethingElse() {
        ModelTck kit = kit(new Faulty(ToyModel.withAPointPose()) {
            @Override
            public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
                Map<String, Operand<TFloat32>> posed = new LinkedHashMap<>(values);
                posed.computeIfAbsent("u", name -> {
                    long[] shape = {values.get("z").shape().get(0), 1};
                    return net.ops().fill(net.ops().constant(shape), net.ops().constant(0.5f));
                });
                return super.generate(net, posed, image);
            }
        });
        kit.generatingFromThePassGivesItsMeans();
        caught("a missing pose is the identity", kit::aMissingPoseIsTheIdentity);
    }

    @Nested
    class WithAPointPose extends ModelTck {
        @Override
        protected Model model() {
            return ToyModel.withAPointPose();
        }

        @Override
        protected boolean takesColour() {
            return true;
        }
    }
}
