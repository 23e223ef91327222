package org.equipose.tck;

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
import org.junit.jupiter.api.Test;
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
        assertThrows(AssertionError.class, kit::zeroPoseIsTheIdentity);
        assertThrows(AssertionError.class, kit::zeroPoseDoesNotDisplace);
    }

    @Test
    void catchesOneImageMovedByAnothersPose() {
        PoseTransformTck kit = warping((net, pose, sound) ->
                new Displacement(net.ops().reverse(sound.x(), net.ops().constant(new int[] {0})), sound.y()));
        assertThrows(AssertionError.class, kit::membersOfABatchAreIndependent);
    }

    @Test
    void catchesAnIdleCoordinate() {
        PoseTransformTck kit = kit(new ShiftAndTurn() {
            @Override
            public int poseSize(ImageSpec image) {
                return 7;
            }
        });
        assertThrows(AssertionError.class, kit::everyPoseCoordinateMatters);
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
        assertThrows(AssertionError.class, kit::gradientsAreFiniteDifferences);
    }

    @Test
    void catchesAMissingGradient() {
        PoseTransformTck kit = warping((net, pose, sound) ->
                new Displacement(net.ops().stopGradient(sound.x()), net.ops().stopGradient(sound.y())));
        assertThrows(AssertionError.class, kit::gradientsAreFiniteDifferences);
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
        assertThrows(AssertionError.class, kit::aSecondUseAddsNoParameter);
    }

    @Test
    void catchesAnInverseThatIsNone() {
        assertThrows(AssertionError.class, kit(new ShiftAndTurn() {
            @Override
            public Optional<PoseTransform> inverse() {
                return Optional.empty();
            }
        })::theInverseUndoes);
        assertThrows(AssertionError.class, kit(new ShiftAndTurn() {
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
        assertThrows(AssertionError.class, kit::shiftsToTheRight);
        assertThrows(AssertionError.class, kit::shiftsDown);
        assertThrows(AssertionError.class, kit::turnsClockwise);
        assertThrows(AssertionError.class, kit::growsAboutTheCentre);
        assertThrows(AssertionError.class, kit::scalesThenTurnsThenShifts);
        assertThrows(AssertionError.class, kit::wholePixelShiftsAreExact);
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
        assertThrows(AssertionError.class, kit::scalesThenTurnsThenShifts);
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
        assertThrows(AssertionError.class, sized::theResultHasTheSizeAskedFor);
        PoseTransformTck bordered = kit(new ShiftAndTurn() {
            @Override
            public Operand<TFloat32> apply(
                    Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                return super.apply(net, image, pose, out, Border.ZERO);
            }
        });
        assertThrows(AssertionError.class, bordered::theBorderFillsUpWhatTheImageDoesNotCover);
        assertThrows(AssertionError.class, bordered::wholePixelShiftsAreExact);
    }
}
