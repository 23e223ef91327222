package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Parameter;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.BorderKind;
import org.equipose.core.spi.ComposedTransform;
import org.equipose.core.spi.Diagnostic;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Motion;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.plugin.standard.DenseDecoder;
import org.equipose.plugin.standard.DenseEncoder;
import org.equipose.plugin.standard.DenseSettings;
import org.equipose.plugin.standard.StandardPrior;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.ModelTck;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class DtvaeTest {
    private static final ImageSpec IMAGE = new ImageSpec(28, 28, 1);

    private static Dtvae dtvae(PoseTransform transform, Prior posePrior, OptionalInt canvas, OptionalDouble bound) {
        return new Dtvae(
                new PosedSettings(3, canvas, BorderKind.EDGE, -6, bound),
                new DenseEncoder(new DenseSettings(List.of(16), Activation.RELU)),
                new DenseEncoder(new DenseSettings(List.of(16), Activation.RELU)),
                new DenseDecoder(new DenseSettings(List.of(16), Activation.RELU)),
                transform,
                new StandardPrior(),
                posePrior);
    }

    @Nested
    class WithAffinePoses extends ModelTck {
        @Override
        protected Model model() {
            return dtvae(new Affine(), new DiagonalPrior(), OptionalInt.empty(), OptionalDouble.empty());
        }
    }

    @Nested
    class WithSplinesOnALargerCanvas extends ModelTck {
        @Override
        protected Model model() {
            return dtvae(new ThinPlateSpline(), new DiagonalPrior(), OptionalInt.of(20), OptionalDouble.empty());
        }
    }

    @Nested
    class WithABoundedDeterministicPose extends ModelTck {
        @Override
        protected Model model() {
            return dtvae(new Affine5(), new NoPrior(), OptionalInt.empty(), OptionalDouble.of(0.5));
        }
    }

    @Nested
    class WithComposedPoses extends ModelTck {
        @Override
        protected Model model() {
            PoseTransform both = ComposedTransform.of(List.of(new Translation(), new ThinPlateSpline()));
            return dtvae(both, new DiagonalPrior(), OptionalInt.empty(), OptionalDouble.empty());
        }
    }

    /** An L off the centre is moved by a known pose; a localisation net that always answers with it brings the L back. */
    @ParameterizedTest
    @ValueSource(strings = {"affine", "affine5", "homography", "tps"})
    void theCorrectedImageIsInReferencePose(String name) {
        SpatialTransform transform =
                switch (name) {
                    case "affine" -> new Affine();
                    case "affine5" -> new Affine5();
                    case "homography" -> new Homography();
                    default -> new ThinPlateSpline();
                };
        float[] pose = transform.pose(new Motion(3, -2, 25, 1.1), IMAGE).orElseThrow();
        if (name.equals("tps")) {
            pose[8] += 0.15f; // the middle control point, so that it bends
        }
        float[] letter = letter();
        try (GraphFixture graph = new GraphFixture()) {
            Operand<TFloat32> moved = transform.apply(
                    graph.net().sub("known"),
                    graph.input(letter, 1, 28, 28, 1),
                    graph.input(pose, 1, pose.length),
                    IMAGE,
                    Border.ZERO);
            float[] seen = graph.fetch(moved);
            Batch batch = new Batch(graph.input(seen, 1, 28, 28, 1));
            Pass pass = dtvae(transform, new DiagonalPrior(), OptionalInt.empty(), OptionalDouble.empty())
                    .at("model")
                    .pass(graph.net().noiseless(), batch, 1);
            // A pose head begins with weights of zero: its bias is the pose.
            graph.set(parameter(graph, "model/u/mean/bias").value(), pose);
            float[] y = graph.fetch(pass.corrected().orElseThrow());
            assertThat(distance(y, letter)).as("after the correction").isLessThan(0.25 * distance(seen, letter));
            assertThat(inkCentre(y)[0]).isCloseTo(inkCentre(letter)[0], within(0.1));
            assertThat(inkCentre(y)[1]).isCloseTo(inkCentre(letter)[1], within(0.1));
        }
    }

    /** Priors that make the pose from a v have no say over it: their map may lead out of the bound again. */
    @Test
    void theBoundIsOnWhatIsInferred() {
        assertThat(largest(new DiagonalPrior(), true)).isCloseTo(0.5, within(1e-4));
        for (Prior prior : List.of(new FullPrior(new FullPrior.Settings(OptionalInt.empty(), 3)), new MlpPrior())) {
            assertThat(largest(prior, false)).isCloseTo(0.5, within(1e-4));
        }
        FullPrior far = new FullPrior(new FullPrior.Settings(OptionalInt.empty(), 3));
        assertThat(largest(far, true)).isGreaterThan(0.75);
    }

    /** Returns the largest size of a posterior mean, or of a number of the pose at it, bounded by 0.5. */
    private static double largest(Prior prior, boolean pose) {
        try (GraphFixture graph = new GraphFixture()) {
            Batch batch = new Batch(graph.input(letter(), 1, 28, 28, 1));
            Dtvae model = dtvae(new Affine(), prior, OptionalInt.empty(), OptionalDouble.of(0.5));
            Pass pass = model.at("model").pass(graph.net().noiseless(), batch, 1);
            float[] large = new float[6];
            Arrays.fill(large, 100);
            graph.set(parameter(graph, "model/u/mean/bias").value(), large);
            Latent u = pass.latents().get("u");
            double largest = 0;
            for (float value : graph.fetch(pose ? u.parameters() : u.posterior().mean(graph.tf()))) {
                largest = Math.max(largest, Math.abs(value));
            }
            return largest;
        }
    }

    /** Every draw of the pose has a corrected image, a posterior of z and a draw of z of its own; checked by hand. */
    @Test
    void everyDrawOfThePoseHasItsOwnCode() {
        int samples = 3;
        try (GraphFixture graph = new GraphFixture()) {
            float[] pixels = Arrays.copyOf(letter(), 2 * 28 * 28);
            System.arraycopy(letter(), 0, pixels, 28 * 28 + 40, 28 * 28 - 40);
            Batch batch = new Batch(graph.input(pixels, 2, 28, 28, 1));
            Dtvae model = dtvae(new Affine(), new DiagonalPrior(), OptionalInt.empty(), OptionalDouble.empty());
            Pass pass = model.at("model").pass(graph.net(), batch, samples);
            List<float[]> found = graph.fetch(List.of(
                    pass.corrected().orElseThrow(),
                    pass.latents().get("u").draw(),
                    pass.latents().get("z").posterior().mean(graph.tf()),
                    pass.divergence().get("z"),
                    pass.latents().get("z").logQ(),
                    pass.divergence().get("u")));
            assertThat(found.get(2)).hasSize(samples * 2 * 3);
            assertThat(found.get(3)).hasSize(samples * 2).doesNotHaveDuplicates();
            assertThat(found.get(5)[0]).as("KL of u is that of the image").isEqualTo(found.get(5)[2]);
            // Row 3 is the second draw of the second image: its y, from its image and its u alone.
            Operand<TFloat32> alone = new Affine()
                    .inverse()
                    .orElseThrow()
                    .apply(
                            graph.net().sub("alone"),
                            graph.input(Arrays.copyOfRange(pixels, 28 * 28, 2 * 28 * 28), 1, 28, 28, 1),
                            graph.input(Arrays.copyOfRange(found.get(1), 18, 24), 1, 6),
                            IMAGE,
                            Border.ZERO);
            float[] y = Arrays.copyOfRange(found.get(0), 3 * 28 * 28, 4 * 28 * 28);
            assertThat(graph.fetch(alone)).usingComparatorWithPrecision(1e-5f).containsExactly(y);
        }
    }

    @Test
    void tellsHowManyDeterminantsHadToBeFloored() {
        try (GraphFixture graph = new GraphFixture()) {
            float[] poses = {0, 0, 0, 0, 0, 0, -0.99f, 0, 0, 0, 0, 0, -1, 0.3f, 0, -0.3f, -1, 0};
            List<Diagnostic> found =
                    new Affine().inverse().orElseThrow().diagnostics(graph.net(), graph.input(poses, 3, 6), IMAGE);
            assertThat(found).hasSize(1);
            assertThat(found.get(0).metric()).isEqualTo("floored_determinants_share_of_images");
            // Of the identity, of a flat image, of a turned and shrunk one: 1, 0.01 and 0.09.
            assertThat(graph.fetch(found.get(0).value())).containsExactly(0, 1, 0);
        }
    }

    @Test
    void refusesColour() {
        Dtvae dtvae = dtvae(new Affine(), new NoPrior(), OptionalInt.empty(), OptionalDouble.empty());
        assertThat(dtvae.refuses(new ImageSpec(28, 28, 3)).orElse("")).contains("3 channels");
        assertThat(dtvae.refuses(IMAGE)).isEqualTo(Optional.empty());
    }

    private static Parameter parameter(GraphFixture graph, String path) {
        return graph.net().parameters().stream()
                .filter(parameter -> parameter.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static float[] letter() {
        float[] pixels = new float[28 * 28];
        for (int row = 8; row < 19; row++) {
            for (int column = 11; column < 19; column++) {
                if (column < 14 || row >= 16) {
                    pixels[28 * row + column] = 1;
                }
            }
        }
        return pixels;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum;
    }

    private static double[] inkCentre(float[] pixels) {
        double mass = 0;
        double x = 0;
        double y = 0;
        for (int i = 0; i < pixels.length; i++) {
            mass += pixels[i];
            x += pixels[i] * (i % 28);
            y += pixels[i] * Math.floorDiv(i, 28);
        }
        return new double[] {x / mass, y / mass};
    }
}
