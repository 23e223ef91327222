package org.equipose.plugin.standard;

import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.graph.Activation;
import org.equipose.core.graph.Filters;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.About;
import org.equipose.core.spi.Decoder;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Transposed convolutions of 4×4 filters: the first two make a map of a quarter of the canvas, the last two double height and
 * width. For 28 pixels the sides are 1, 4, 7, 7, 14, 28, as in the paper. For other sizes the first layer has as large filters
 * as it takes for the second to reach the quarter, and an odd side is one less than twice the side before.
 */
@Named("conv")
@About(value = "transposed convolutions of 4×4 filters", paper = "Giannone et al. 2019, appendix B")
public final class ConvDecoder implements Decoder {
    private static final int SIDE = 4;
    private static final int GROWING = 2; // layers, from the code on
    private static final int FEWEST = GROWING + 1;

    /**
     * Settings.
     *
     * @param channels filters of each layer but the last, which has as many as the canvas has channels
     * @param activation nonlinearity of all but the last
     */
    public record Settings(
            @About("filters of each layer, from the code on; a last layer makes the channels of the canvas")
            List<Integer> channels,

            @About("nonlinearity") Activation activation) {

        /** Makes the defaults. */
        public Settings() {
            this(List.of(128, 64, 32, 32), Activation.RELU);
        }

        /** Checks ranges. */
        public Settings {
            if (channels.size() < FEWEST || channels.stream().anyMatch(filters -> filters < 1)) {
                throw new IllegalArgumentException("channels must list at least " + FEWEST
                        + " layers, each of at least 1 filter, but was " + channels);
            }
            channels = List.copyOf(channels);
        }
    }

    private final Settings settings;

    /** Makes the network with its defaults. */
    public ConvDecoder() {
        this(new Settings());
    }

    /** Makes the network. */
    @Inject
    public ConvDecoder(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Operand<TFloat32> canvas(Net net, Operand<TFloat32> code, ImageSpec canvas) {
        if (code.shape().numDimensions() != 2) {
            throw new IllegalArgumentException("decoder conv needs [rows, size] but got " + code.shape());
        }
        int[] heights = sides(canvas.height());
        int[] widths = sides(canvas.width());
        long[] point = {code.shape().get(0), 1, 1, code.shape().get(1)};
        Operand<TFloat32> x = net.ops().reshape(code, net.ops().constant(point));
        for (int layer = 1; layer <= settings.channels().size(); layer++) {
            Filters filters = filters(layer, heights, widths);
            Net hidden = net.sub("hidden" + layer);
            x = Layers.transposedConv(hidden, x, filters, heights[layer], widths[layer], settings.activation());
        }
        Filters filters = Filters.square(canvas.channels(), SIDE, 2, Filters.Padding.SAME);
        return Layers.transposedConv(net.sub("logits"), x, filters, canvas.height(), canvas.width(), Activation.LINEAR);
    }

    private Filters filters(int layer, int[] heights, int[] widths) {
        int count = settings.channels().get(layer - 1);
        if (layer <= GROWING) {
            int height = 1 + heights[layer] - heights[layer - 1];
            int width = 1 + widths[layer] - widths[layer - 1];
            return new Filters(count, height, width, 1, Filters.Padding.VALID);
        }
        return Filters.square(count, SIDE, layer == settings.channels().size() ? 2 : 1, Filters.Padding.SAME);
    }

    /** Returns the height, or width, of the code and after each layer but the last. */
    private int[] sides(int size) {
        int half = (size + 1) / 2;
        int quarter = (half + 1) / 2;
        int[] sides = new int[settings.channels().size() + 1];
        Arrays.fill(sides, quarter);
        sides[0] = 1;
        sides[1] = Math.max(1, quarter - SIDE + 1);
        sides[sides.length - 1] = half;
        return sides;
    }
}
