package org.equipose.tck;

import static org.equipose.tck.Faults.caught;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.Term;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The kit passes a plain bound of two draws, and catches each of these faults. */
class ObjectiveTckTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new Bound();
    }

    private static class Bound implements Objective {
        @Override
        public Role role() {
            return Role.BOUND;
        }

        @Override
        public int samples() {
            return 2;
        }

        @Override
        public List<Term> terms(Net net, Model model, Pass pass) {
            Ops tf = net.ops();
            List<Term> terms = new ArrayList<>();
            terms.add(Term.of(tf, "reconstruction", tf.math.neg(tf.math.mean(pass.logLikelihood(), tf.constant(0)))));
            pass.divergence()
                    .forEach((name, kl) -> terms.add(Term.of(tf, "kl_" + name, tf.math.mean(kl, tf.constant(0)))));
            return terms;
        }
    }

    private static ObjectiveTck kit(Objective faulty) {
        return new ObjectiveTck() {
            @Override
            protected Objective objective() {
                return faulty;
            }
        };
    }

    @FunctionalInterface
    private interface Change {
        Operand<TFloat32> of(Ops tf, Operand<TFloat32> value);
    }

    private static ObjectiveTck changing(Change change) {
        return kit(new Bound() {
            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                return super.terms(net, model, pass).stream()
                        .map(term -> Term.of(net.ops(), term.name(), change.of(net.ops(), term.value())))
                        .toList();
            }
        });
    }

    @Test
    void catchesATermThatIsNotFinite() {
        ObjectiveTck kit = changing((tf, value) -> tf.math.log(tf.math.neg(tf.math.abs(value))));
        caught("term reconstruction is finite in step 0", kit::termsAreFinite);
        // The root of zero: finite itself, with an infinite slope.
        ObjectiveTck steep =
                changing((tf, value) -> tf.math.sqrt(tf.math.abs(tf.math.sub(value, tf.stopGradient(value)))));
        steep.termsAreFinite();
        caught("gradients are finite", steep::somethingFlowsToTheModel);
    }

    @Test
    void catchesThatTheOrderCounts() {
        ObjectiveTck kit = changing((tf, value) -> tf.math.mul(value, tf.constant(new float[] {1, 2, 3, 4})));
        caught("the total does not depend on the order of the images", kit::theOrderOfTheBatchDoesNotCount);
    }

    @Test
    void catchesThatNothingFlows() {
        caught(
                "a gradient flows from the objective to the model",
                changing(Ops::stopGradient)::somethingFlowsToTheModel);
    }

    @Test
    void catchesAGradientThatIsNotThatOfTheValue() {
        ObjectiveTck kit = changing((tf, value) -> tf.math.mul(value, tf.stopGradient(value)));
        kit.somethingFlowsToTheModel();
        caught("the gradient of the total is the finite difference", kit::theGradientIsTheFiniteDifference);
        kit(new Bound()).theGradientIsTheFiniteDifference();
    }

    @Test
    void catchesAParameterAddedToTheModel() {
        ObjectiveTck kit = kit(new Bound() {
            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                new ToyModel().pass(net.at("model/other"), pass.batch(), 1);
                return super.terms(net, model, pass);
            }
        });
        caught("an objective adds no parameter to the model", kit::doesNotDisturbTheModel);
    }

    /** Another pass from a net of its own is no fault. */
    @Test
    void passesAnObjectiveThatRunsTheModelAgain() {
        ObjectiveTck kit = kit(new Bound() {
            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                Pass again = model.pass(net.sub("again"), new Batch(pass.batch().image()), 3);
                return super.terms(net, model, again);
            }
        });
        kit.doesNotDisturbTheModel();
        kit.theSameStepGivesTheSameTerms();
        kit.somethingFlowsToTheModel();
    }

    @Test
    void catchesTermsOfWrongNameOrShape() {
        ObjectiveTck shapeless = changing((tf, value) -> tf.expandDims(value, tf.constant(0)));
        caught("a term is [batch] or a scalar", shapeless::termsAreNamedAndPerImage);
        ObjectiveTck named = kit(new Bound() {
            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                List<Term> terms = super.terms(net, model, pass);
                return List.of(terms.get(0), terms.get(0));
            }
        });
        caught("two terms are both called reconstruction", named::termsAreNamedAndPerImage);
    }

    @Test
    void catchesAnObjectiveThatRefusesItsModel() {
        ObjectiveTck kit = kit(new Bound() {
            @Override
            public Optional<String> refuses(Model model, Map<String, Prior> priors) {
                return Optional.of("no");
            }
        });
        caught("the objective accepts the model it is tested with", kit::acceptsTheModel);
    }

    /** The root of zero again: only a point has no divergence. */
    @Test
    void catchesAPointThatIsNeitherTakenNorRefused() {
        ObjectiveTck infinite = kit(new Bound() {
            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                Ops tf = net.ops();
                return super.terms(net, model, pass).stream()
                        .map(term -> term.name().equals("kl_u") ? Term.of(tf, "kl_u", tf.math.log(term.value())) : term)
                        .toList();
            }
        });
        infinite.termsAreFinite();
        caught("term kl_u is finite with a pose that is a point", infinite::aPointIsTakenOrRefused);
        caught("refuses() is as takesPoints() declares it", refusing("no points", true)::aPointIsTakenOrRefused);
        caught("names what is refused, 'pose-prior'", refusing("no; choose another", false)::aPointIsTakenOrRefused);
        caught("tells the remedy", refusing("no pose-prior", false)::aPointIsTakenOrRefused);
        refusing("it scores no points; choose --pose-prior diagonal", false).aPointIsTakenOrRefused();
    }

    private static ObjectiveTck refusing(String message, boolean declaredToTake) {
        return new ObjectiveTck() {
            @Override
            protected Objective objective() {
                return new Bound() {
                    @Override
                    public Optional<String> refuses(Model model, Map<String, Prior> priors) {
                        return priors.containsKey("pose-prior") ? Optional.of(message) : Optional.empty();
                    }
                };
            }

            @Override
            protected boolean takesPoints() {
                return declaredToTake;
            }
        };
    }
}
