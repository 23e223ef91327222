package org.equipose.plugin.spatialvae;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.spi.BorderKind;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.equipose.plugin.standard.DenseDecoder;
import org.equipose.plugin.standard.DenseEncoder;
import org.equipose.plugin.standard.StandardPrior;
import org.equipose.tck.ModelTck;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TvaeTest {

    private static Tvae tvae(PoseTransform transform, Prior posePrior, OptionalInt canvas, BorderKind border) {
        return new Tvae(
                new PosedSettings(3, canvas, border, -6, OptionalDouble.empty()),
                new DenseEncoder(),
                new DenseDecoder(),
                transform,
                new StandardPrior(),
                posePrior);
    }

    @Nested
    class WithAffinePoses extends ModelTck {
        @Override
        protected Model model() {
            return tvae(new Affine(), new DiagonalPrior(), OptionalInt.empty(), BorderKind.ZERO);
        }
    }

    @Nested
    class WithSplinesOnALargerCanvas extends ModelTck {
        @Override
        protected Model model() {
            return tvae(new ThinPlateSpline(), new DiagonalPrior(), OptionalInt.of(12), BorderKind.LEARNED);
        }
    }

    @Nested
    class WithADeterministicPose extends ModelTck {
        @Override
        protected Model model() {
            return tvae(new Affine5(), new NoPrior(), OptionalInt.empty(), BorderKind.EDGE);
        }
    }

    @Nested
    class WithAPoseOfLowRank extends ModelTck {
        @Override
        protected Model model() {
            FullPrior prior = new FullPrior(new FullPrior.Settings(OptionalInt.of(2), 0.2));
            return tvae(new Affine(), prior, OptionalInt.empty(), BorderKind.ZERO);
        }
    }

    @Test
    void refusesAPoseOfTooHighARank() {
        FullPrior prior = new FullPrior(new FullPrior.Settings(OptionalInt.of(3), 0.2));
        Tvae tvae = tvae(new Translation(), prior, OptionalInt.empty(), BorderKind.ZERO);
        assertThat(tvae.refuses(new ImageSpec(28, 28, 1)).orElse("")).contains("rank 3", "only 2 parameters");
    }

    @Test
    void refusesToDoWithoutAPose() {
        Tvae tvae = tvae(new NoTransform(), new NoPrior(), OptionalInt.empty(), BorderKind.ZERO);
        assertThat(tvae.refuses(new ImageSpec(28, 28, 1)).orElse("")).contains("--transform");
    }

    @Test
    void refusesColour() {
        Tvae tvae = tvae(new Affine(), new NoPrior(), OptionalInt.empty(), BorderKind.ZERO);
        assertThat(tvae.refuses(new ImageSpec(28, 28, 3)).orElse("")).contains("3 channels");
        assertThat(tvae.refuses(new ImageSpec(28, 28, 1))).isEmpty();
    }
}
