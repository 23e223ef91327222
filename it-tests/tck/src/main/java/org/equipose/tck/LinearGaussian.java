package org.equipose.tck;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Delta;
import org.equipose.core.distribution.Distribution;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Layers;
import org.equipose.core.graph.Net;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Pass;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A model whose marginal, posterior and mutual information are known in closed form, to measure estimates by:
 * x = W z + b + noise on 4×4 pixels, z ~ N(0, I) of three numbers, noise N(0, σ²). The columns of W are orthogonal, so that the
 * posterior is diagonal: mean w·(x − b)/(σ² + |w|²), variance σ²/(σ² + |w|²). The marginal is N(b, W Wᵀ + σ² I). A pose, where
 * there is one, is a point that brightens all pixels by {@link #POSE}.
 *
 * @param stretch standard deviation of q over that of the posterior
 * @param shift distance of the means in standard deviations of the posterior
 * @param posed whether there is a pose
 */
public record LinearGaussian(double stretch, double shift, boolean posed) implements Model {
    /** Size of the images. */
    public static final ImageSpec IMAGE = new ImageSpec(4, 4, 1);
    /** Size of the code. */
    public static final int CODE = 3;
    /** What the pose adds to all pixels. */
    public static final double POSE = 0.05;
    /** b, the mean of all pixels. */
    public static final double MEAN = 0.4;
    /** σ, the standard deviation of the noise. */
    public static final double NOISE = 0.2;

    /** Squared lengths of the columns of W. */
    private static final double[] SQUARES = {1.0, 0.3, 0.05};

    /** Returns the model whose q is the posterior, without a pose. */
    public static LinearGaussian withExactPosterior() {
        return new LinearGaussian(1, 0, false);
    }

    /** Returns W, {@code [16][3]}: made orthogonal one column after the other. */
    public static double[][] weights() {
        Random random = new Random(4);
        double[][] w = new double[IMAGE.size()][CODE];
        for (int j = 0; j < CODE; j++) {
            for (double[] row : w) {
                row[j] = random.nextGaussian();
            }
            for (int other = 0; other < j; other++) {
                double overlap = dot(w, j, other) / dot(w, other, other);
                for (double[] row : w) {
                    row[j] -= overlap * row[other];
                }
            }
            double scale = Math.sqrt(SQUARES[j] / dot(w, j, j));
            for (double[] row : w) {
                row[j] *= scale;
            }
        }
        return w;
    }

    private static double dot(double[][] w, int i, int j) {
        double sum = 0;
        for (double[] row : w) {
            sum += row[i] * row[j];
        }
        return sum;
    }

    /** Returns I(z_j; x) in nats of one coordinate of the code, ½ log(1 + |w_j|²/σ²); those of all coordinates add up. */
    public static double information(int coordinate) {
        return 0.5 * Math.log1p(SQUARES[coordinate] / (NOISE * NOISE));
    }

    /** Standard deviation of one coordinate of the posterior. */
    public static double deviation(int coordinate) {
        return NOISE / Math.sqrt(NOISE * NOISE + SQUARES[coordinate]);
    }

    private double centre() {
        return posed ? MEAN + POSE : MEAN;
    }

    @Override
    public Pass pass(Net net, Batch batch, int samples) {
        Ops tf = net.ops();
        double[][] w = weights();
        float[][] regression = new float[IMAGE.size()][CODE];
        float[][] offset = new float[1][CODE];
        float[][] logScale = new float[1][CODE];
        for (int j = 0; j < CODE; j++) {
            logScale[0][j] = (float) Math.log(stretch * deviation(j));
            offset[0][j] = (float) (shift * deviation(j));
            for (int i = 0; i < w.length; i++) {
                regression[i][j] = (float) (w[i][j] / (NOISE * NOISE + SQUARES[j]));
            }
        }
        Operand<TFloat32> centred = tf.math.sub(Layers.flatten(tf, batch.image()), tf.constant((float) centre()));
        Operand<TFloat32> mean = tf.math.add(tf.linalg.matMul(centred, tf.constant(regression)), tf.constant(offset));
        Operand<TFloat32> scale = tf.broadcastTo(tf.constant(logScale), tf.constant(mean.shape()));
        Map<String, Latent> latents = new LinkedHashMap<>();
        latents.put("z", latent(net, "z", new Normal(mean, scale), Optional.of(Normal.standard(tf, CODE)), samples));
        if (posed) {
            long[] shape = {batch.size(), 1};
            Operand<TFloat32> pose = tf.fill(tf.constant(shape), tf.constant((float) POSE));
            latents.put("u", latent(net, "u", new Delta(pose), Optional.empty(), samples));
        }
        Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
        latents.forEach((name, latent) -> values.put(name, latent.parameters()));
        return Pass.of(tf, batch, samples, generate(net, values, batch.spec()), latents);
    }

    private static Latent latent(
            Net net, String name, Distribution posterior, Optional<Distribution> prior, int samples) {
        Distribution.Draw draw = posterior.draw(net.sub(name), samples);
        return new Latent(name, posterior, prior, draw.value(), draw.logProb(), draw.value());
    }

    @Override
    public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
        Normal law = Normal.standard(net.ops(), CODE);
        Distribution.Draw draw = law.draw(net.sub("z-prior"), rows);
        return Map.of("z", new Latent("z", law, Optional.of(law), draw.value(), draw.logProb(), draw.value()));
    }

    @Override
    public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
        Ops tf = net.ops();
        double[][] w = weights();
        float[][] transposed = new float[CODE][IMAGE.size()];
        for (int j = 0; j < CODE; j++) {
            for (int i = 0; i < w.length; i++) {
                transposed[j][i] = (float) w[i][j];
            }
        }
        Operand<TFloat32> z = values.get("z");
        Operand<TFloat32> flat = tf.math.add(tf.linalg.matMul(z, tf.constant(transposed)), tf.constant((float) MEAN));
        if (values.containsKey("u")) {
            flat = tf.math.add(flat, values.get("u"));
        }
        long[] shape = {z.shape().get(0), IMAGE.height(), IMAGE.width(), 1};
        Operand<TFloat32> means = tf.reshape(flat, tf.constant(shape));
        Operand<TFloat32> logNoise = tf.fill(tf.constant(shape), tf.constant((float) Math.log(NOISE)));
        return new Generated(means, means, new Normal(means, logNoise));
    }

    /** Returns log p(x) in nats, from the covariance W Wᵀ + σ² I and its Cholesky factor. */
    public double logMarginal(double[] x) {
        double[][] w = weights();
        int n = x.length;
        double[][] factor = new double[n][n];
        double[] whitened = new double[n];
        double log = -0.5 * n * Math.log(2 * Math.PI);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double covariance = i == j ? NOISE * NOISE : 0;
                for (int c = 0; c < CODE; c++) {
                    covariance += w[i][c] * w[j][c];
                }
                for (int k = 0; k < j; k++) {
                    covariance -= factor[i][k] * factor[j][k];
                }
                factor[i][j] = i == j ? Math.sqrt(covariance) : covariance / factor[j][j];
            }
            whitened[i] = x[i] - centre();
            for (int k = 0; k < i; k++) {
                whitened[i] -= factor[i][k] * whitened[k];
            }
            whitened[i] /= factor[i][i];
            log -= 0.5 * whitened[i] * whitened[i] + Math.log(factor[i][i]);
        }
        return log;
    }
}
