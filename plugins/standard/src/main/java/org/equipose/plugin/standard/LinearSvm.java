package org.equipose.plugin.standard;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Linear support vector machine, one class against the rest: for each class the weights w that minimise
 * ½ w·w + C Σ_i max(0, 1 − y_i w·x_i)², y_i = 1 for images of the class and −1 for others. This is scikit-learn's LinearSVC: the
 * bias is the weight of a constant feature and regularised like the others.
 *
 * @param classes labels, in ascending order
 * @param weights {@code [classes][features]}
 */
record LinearSvm(int[] classes, double[][] weights) {
    /** Length of the gradient at the optimum against that at w = 0, in units of the share of the rarer side; scikit-learn's. */
    private static final double TOLERANCE = 1e-4;

    static {
        Linear.disableDebugOutput(); // which is on, and goes to the standard output
    }

    /** Fits the classes in parallel. The solver, a Newton method in the primal, draws no random numbers. */
    static LinearSvm fit(Examples examples, double c) {
        int[] classes = Arrays.stream(examples.labels()).distinct().sorted().toArray();
        double[][] weights = IntStream.range(0, classes.length)
                .parallel()
                .mapToObj(k -> weights(examples, classes[k], c))
                .toArray(double[][]::new);
        return new LinearSvm(classes, weights);
    }

    private static double[] weights(Examples examples, int positive, double c) {
        Problem problem = new Problem();
        problem.l = examples.count();
        problem.n = examples.features();
        problem.bias = 1;
        problem.x = examples.rows();
        problem.y = Arrays.stream(examples.labels())
                .mapToDouble(label -> label == positive ? 1 : -1)
                .toArray();
        return Linear.train(problem, new Parameter(SolverType.L2R_L2LOSS_SVC, c, TOLERANCE))
                .getFeatureWeights();
    }

    /** Returns the class whose w·x is largest, the smallest label of several. */
    int predict(Feature[] row) {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes.length; k++) {
            double score = 0;
            for (Feature feature : row) {
                score += weights[k][feature.getIndex() - 1] * feature.getValue();
            }
            if (score > highest) {
                highest = score;
                best = k;
            }
        }
        return classes[best];
    }

    /** Returns the number of rows whose class is predicted. */
    int correct(Examples examples) {
        int correct = 0;
        for (int i = 0; i < examples.count(); i++) {
            if (predict(examples.rows()[i]) == examples.labels()[i]) {
                correct++;
            }
        }
        return correct;
    }
}
