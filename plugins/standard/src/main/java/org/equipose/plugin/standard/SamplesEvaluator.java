package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Pictures;
import org.equipose.core.spi.PoseDraw;
import org.equipose.core.spi.Trained;
import org.equipose.core.spi.Values;

/**
 * Shows images drawn from the prior, in reference pose and in drawn pose; and, where the code has two dimensions, an image for
 * every part of its prior.
 */
@Named("samples")
@About(value = "picture of images drawn from the prior", paper = "Vivé 2017, figures 6 to 11")
public final class SamplesEvaluator implements Evaluator {
    /** Cells along each side of the picture of all codes, where they have two dimensions. */
    private static final int SIDE = 20;

    /** Draws of the prior that quantiles are taken from. */
    private static final int DRAWS = 100_000;

    /** Settings. */
    public record Settings(
            @About("rows, and columns of each half of the picture")
            int side,

            @About("pose of the left half") PoseDraw pose,

            @About("pose of the right half where its prior cannot be drawn from")
            PoseDraw poseDraw) {
        /** The defaults. */
        public Settings() {
            this(10, PoseDraw.IDENTITY, PoseDraw.MEAN);
        }

        /** Checks ranges. */
        public Settings {
            if (side < 1 || side > 50) {
                throw new IllegalArgumentException("side must be from 1 to 50 but was " + side);
            }
        }
    }

    private final Settings settings;

    /** Makes the evaluator with its defaults. */
    public SamplesEvaluator() {
        this(new Settings());
    }

    /** Makes the evaluator. */
    @Inject
    public SamplesEvaluator(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Report evaluate(Trained model, DataSets data, RunDirectory run) {
        List<Report.Picture> pictures = new ArrayList<>();
        pictures.add(new Report.Picture(
                "",
                Pictures.samples(model, data.train(), settings.side(), settings.pose(), settings.poseDraw())
                        .image()));
        manifold(model).ifPresent(grid -> pictures.add(new Report.Picture("manifold", grid.image())));
        return new Report(List.of(), pictures);
    }

    /**
     * Decodes a grid of codes that has the same share of the prior in each cell (Kingma and Welling 2014, figure 4): the
     * quantiles (i + ½)/20 of z_0 from left to right and of z_1 from bottom to top, in reference pose. Empty where the code has
     * not two dimensions.
     */
    static Optional<ImageGrid> manifold(Trained model) {
        Values codes = model.run(net -> List.of(Code.in(model.model().prior(net.sub("prior"), DRAWS, model.image()))
                        .parameters()))
                .get(0);
        if (codes.rowSize() != 2) {
            return Optional.empty();
        }
        float[][] quantiles = {quantiles(codes, 0), quantiles(codes, 1)};
        float[][] grid = new float[SIDE * SIDE][];
        Arrays.setAll(grid, i -> new float[] {quantiles[0][i % SIDE], quantiles[1][SIDE - 1 - i / SIDE]});
        Values images = model.run(net -> List.of(model.model()
                        .generate(net, Map.of("z", net.ops().constant(grid)), model.image())
                        .image()))
                .get(0);
        return Optional.of(new ImageGrid(model.image(), images.toRows(), SIDE)
                .title("quantiles 2.5 to 97.5 % of the code, z_0 to the right, z_1 up; pose u = 0"));
    }

    private static float[] quantiles(Values codes, int dimension) {
        float[] sorted = new float[codes.rows()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = codes.data()[2 * i + dimension];
        }
        Arrays.sort(sorted);
        float[] quantiles = new float[SIDE];
        for (int i = 0; i < SIDE; i++) {
            quantiles[i] = sorted[(int) ((i + 0.5) / SIDE * sorted.length)];
        }
        return quantiles;
    }
}
