package org.equipose.tck;

import java.util.Arrays;
import org.equipose.core.data.ImageSpec;

/** Images to test with, as arrays [images, height, width, channels]. */
final class Pictures {
    private Pictures() {}

    /** Noise in [0, 1). */
    static float[] noise(int count, ImageSpec spec) {
        return Check.uniform(count * spec.size(), 11);
    }

    /** Two soft blobs off the centre, different in every image and channel, and dark at the frame. */
    static float[] blobs(int count, ImageSpec spec) {
        float[] pixels = new float[count * spec.size()];
        double unit = Math.min(spec.height(), spec.width()) / 33.0;
        double centreX = (spec.width() - 1) / 2.0;
        double centreY = (spec.height() - 1) / 2.0;
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < spec.channels(); c++) {
                double angle = 1 + 2.1 * i + 0.7 * c;
                double x = centreX + 4 * unit * Math.cos(angle);
                double y = centreY + 4 * unit * Math.sin(angle);
                double x2 = centreX - 3 * unit * Math.sin(angle);
                double y2 = centreY + 5 * unit * Math.cos(angle);
                for (int p = 0; p < spec.height() * spec.width(); p++) {
                    int row = p / spec.width();
                    int column = p % spec.width();
                    double first = gauss(column - x, row - y, 3.5 * unit);
                    double second = gauss(column - x2, row - y2, 3 * unit);
                    pixels[(i * spec.height() * spec.width() + p) * spec.channels() + c] =
                            (float) Math.min(1, 0.9 * first + 0.5 * second);
                }
            }
        }
        return pixels;
    }

    private static double gauss(double x, double y, double width) {
        return Math.exp(-(x * x + y * y) / (2 * width * width));
    }

    /** One letter L, off the centre, its edges softened a little. */
    static float[] letter(ImageSpec spec) {
        float[] sharp = new float[spec.size()];
        int top = spec.height() / 2 - 6;
        int left = spec.width() / 2 - 3;
        for (int i = 0; i < spec.height(); i++) {
            for (int j = 0; j < spec.width(); j++) {
                boolean stem = j >= left && j < left + 3 && i >= top && i < top + 11;
                boolean foot = i >= top + 8 && i < top + 11 && j >= left && j < left + 8;
                Arrays.fill(sharp, at(spec, i, j), at(spec, i, j) + spec.channels(), stem || foot ? 1 : 0);
            }
        }
        return sharp;
    }

    static int at(ImageSpec spec, int row, int column) {
        return (row * spec.width() + column) * spec.channels();
    }

    /** Reads one channel between pixels, zero outside. */
    static double read(float[] pixels, ImageSpec spec, double x, double y, int channel) {
        int column = (int) Math.floor(x);
        int row = (int) Math.floor(y);
        double sum = 0;
        for (int i = row; i <= row + 1; i++) {
            for (int j = column; j <= column + 1; j++) {
                if (i >= 0 && i < spec.height() && j >= 0 && j < spec.width()) {
                    sum += (1 - Math.abs(x - j)) * (1 - Math.abs(y - i)) * pixels[at(spec, i, j) + channel];
                }
            }
        }
        return sum;
    }
}
