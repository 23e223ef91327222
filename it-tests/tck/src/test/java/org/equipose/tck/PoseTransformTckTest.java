package org.equipose.tck;

import static org.equipose.tck.Faults.caught;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.CustomGradient;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Initializer;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.SpatialTransform;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The kit passes a sound transform, and catches each of these faults. */
class PoseTransformTckTest extends PoseTransformTck {
    @Override
    protected PoseTransform transform() {
        return new ShiftAndTurn();
    }

    private static PoseTransformTck kit(PoseTransform faulty) {
        return new PoseTransformTck() {
            @Override
            protected PoseTransform transform() {
                return faulty;
            }
        };
    }

    private static PoseTransformTck warping(Warp warp) {
        return kit(new ShiftAndTurn() {
            @Override
            public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
                return warp.of(net, pose, super.warp(net, pose, points));
            }
        });
    }

    @FunctionalInterface
    private interface Warp {
        Displacement of(Net net, Operand<TFloat32> pose, Displacement sound);
    }

    @Test
    void catchesAnIdentityThatIsOff() {
        PoseTransformTck kit = warping((net, pose, sound) ->
                new Displacement(net.ops().math.add(sound.x(), net.ops().constant(1e-7f)), sound.y()));
        caught("u = 0 is the identity on", kit::zeroPoseIsTheIdentity);
        caught("u = 0 displaces by exactly zero", kit::zeroPoseDoesNotDisplace);
    }

    @Test
    void catchesOneImageMovedByAnothersPose() {
        PoseTransformTck kit = warping((net, pose, sound) ->
                new Displacement(net.ops().reverse(sound.x(), net.ops().constant(new int[] {0})), sound.y()));
        caught("image 0 of a batch moves as it would alone", kit::membersOfABatchAreIndependent);
    }

    @Test
    void catchesAnIdleCoordinate() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public int poseSize(ImageSpec image) {
                return 7;
            }
        });
        caught("every coordinate of the pose changes the image, but u[6] does not", kit::everyPoseCoordinateMatters);
    }

    @Test
    void catchesAWrongGradient() {
        PoseTransformTck kit = warping((net, pose, sound) -> {
            Operand<TFloat32> x = CustomGradient.of(
                    net.ops(),
                    sound.x(),
                    List.of(sound.x()),
                    (t, gradient) -> List.of(t.math.mul(gradient, t.constant(1.05f))));
            return new Displacement(x, sound.y());
        });
        caught("the derivative by the pose is the finite difference", kit::gradientsAreFiniteDifferences);
    }

    @Test
    void catchesAMissingGradient() {
        PoseTransformTck kit = warping((net, pose, sound) ->
                new Displacement(net.ops().stopGradient(sound.x()), net.ops().stopGradient(sound.y())));
        caught("a gradient flows to the pose", kit::gradientsAreFiniteDifferences);
    }

    @Test
    void catchesAParameterOfItsOwnForEveryUse() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            private int uses;

            @Override
            public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
                net.parameter("gain" + uses++, Initializer.constant(1));
                return super.warp(net, pose, points);
            }
        });
        caught("a second use of a transform adds no parameter", kit::aSecondUseAddsNoParameter);
    }

    @Test
    void catchesAnInverseThatIsNone() {
        caught("inverse() is as hasInverse() declares it", kit(new ShiftAndTurn() {
            @Override
            public Optional<PoseTransform> inverse() {
                return Optional.empty();
            }
        })::theInverseUndoes);
        caught("T_u⁻¹ undoes T_u", kit(new ShiftAndTurn() {
            @Override
            public Optional<PoseTransform> inverse() {
                return Optional.of(new ShiftAndTurn());
            }
        })::theInverseUndoes);
    }

    @Test
    void catchesAPoseOfTheWrongDirection() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public Optional<float[]> pose(Motion m, ImageSpec image) {
                return super.pose(new Motion(-m.right(), -m.down(), -m.turn(), 1 / m.scale()), image);
            }
        });
        caught("positive pixels go to the right", kit::shiftsToTheRight);
        caught("positive pixels go down", kit::shiftsDown);
        caught("positive degrees turn clockwise", kit::turnsClockwise);
        caught("a scale above 1 is larger", kit::growsAboutTheCentre);
        caught("first scaled, then turned, then shifted", kit::scalesThenTurnsThenShifts);
        caught("3 pixels right and 2 up", kit::wholePixelShiftsAreExact);
    }

    /** Shifting first and turning then is right for each motion alone, and wrong for both together. */
    @Test
    void catchesAWrongOrder() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public Optional<float[]> pose(Motion m, ImageSpec image) {
                double cos = Math.cos(Math.toRadians(m.turn()));
                double sin = Math.sin(Math.toRadians(m.turn()));
                double right = m.right() * cos - m.down() * sin;
                double down = m.right() * sin + m.down() * cos;
                return super.pose(new Motion(right, down, m.turn(), m.scale()), image);
            }
        });
        kit.shiftsToTheRight();
        kit.turnsClockwise();
        caught("first scaled, then turned, then shifted", kit::scalesThenTurnsThenShifts);
    }

    @Test
    void catchesAResultOfTheWrongSizeOrBorder() {
        PoseTransformTck sized = kit(new ShiftAndTurn() {
            @Override
            public Operand<TFloat32> apply(
                    Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                ImageSpec own = new ImageSpec(
                        (int) image.shape().get(1), (int) image.shape().get(2), out.channels());
                return super.apply(net, image, pose, own, border);
            }
        });
        caught("apply makes [rows, out.height, out.width, channels]", sized::theResultHasTheSizeAskedFor);
        PoseTransformTck bordered = kit(new ShiftAndTurn() {
            @Override
            public Operand<TFloat32> apply(
                    Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                return super.apply(net, image, pose, out, Border.ZERO);
            }
        });
        caught(
                "a white image with its edges continued stays white",
                bordered::theBorderFillsUpWhatTheImageDoesNotCover);
        caught("whole pixels, edge border", bordered::wholePixelShiftsAreExact);
    }

    @Test
    void catchesAnInverseWithAWrongGradient() {
        PoseTransform inverse = new ShiftAndTurn().inverse().orElseThrow();
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public Optional<PoseTransform> inverse() {
                return Optional.of(new ShiftAndTurn() {
                    @Override
                    public Operand<TFloat32> apply(
                            Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                        return inverse.apply(net, image, net.ops().stopGradient(pose), out, border);
                    }
                });
            }
        });
        kit.theInverseUndoes();
        caught("a gradient flows to the pose", kit::gradientsOfTheInverseAreFiniteDifferences);
    }

    @Test
    void catchesMotionsThatAreNotAsDeclared() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public Optional<float[]> pose(Motion motion, ImageSpec image) {
                return motion.turn() == 0 ? super.pose(motion, image) : Optional.empty();
            }
        });
        kit.shiftsToTheRight();
        caught(
                "pose() is as contains() declares it, for Motion[right=0.0, down=0.0, turn=30.0",
                kit::posesAreAsDeclared);
        caught("this family declares that it has the motion", kit::turnsClockwise);
    }

    @Test
    void catchesASizeThatIsNotRefused() {
        PoseTransformTck kit = new PoseTransformTck() {
            @Override
            protected PoseTransform transform() {
                return new ShiftAndTurn();
            }

            @Override
            protected boolean resizes() {
                return false;
            }
        };
        caught("a transform that does not resize refuses another size", kit::theResultHasTheSizeAskedFor);
    }

    @Test
    void catchesAPoseOfAnotherSizeThatIsTaken() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public Operand<TFloat32> apply(
                    Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                int[] own = {(int) image.shape().get(0), 6};
                Operand<TFloat32> cut = net.ops()
                        .slice(pose, net.ops().constant(new int[2]), net.ops().constant(own));
                return super.apply(net, image, cut, out, border);
            }
        });
        caught("a transform refuses a pose [3, 7]", kit::refusesAPoseOfAnotherSize);
    }

    /** Whoever does not implement pose() need not say that there is none. */
    @Test
    void passesATransformWithoutMotions() {
        PoseTransform bare = new SpatialTransform() {
            @Override
            public int poseSize(ImageSpec image) {
                return 6;
            }

            @Override
            public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
                return new ShiftAndTurn().warp(net, pose, points);
            }
        };
        kit(bare).posesAreAsDeclared();
        assertThrows(TestAbortedException.class, kit(bare)::shiftsToTheRight);
    }
}
