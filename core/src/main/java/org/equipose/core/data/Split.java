package org.equipose.core.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Images with what is known about them.
 *
 * @param spec size of each image
 * @param pixels one byte a value, 0 black and 255 white: image by image, row by row, channels last
 * @param labels class of each image, where known
 * @param poses true motion of each image, where known, {@code [images][parameters]}: pixels right, pixels down, degrees
 *     clockwise and, if it varies, scale, as in {@link org.equipose.core.spi.Motion}; a set with other motions appends its own
 */
public record Split(ImageSpec spec, byte[] pixels, Optional<int[]> labels, Optional<float[][]> poses) {

    /** Checks that the parts describe the same number of images. */
    public Split {
        if (pixels.length % spec.size() != 0) {
            throw new IllegalArgumentException(pixels.length + " bytes are not a whole number of images of " + spec
                    + " = " + spec.size() + " bytes");
        }
        int count = pixels.length / spec.size();
        labels.ifPresent(l -> check("labels", l.length, count));
        poses.ifPresent(p -> check("poses", p.length, count));
    }

    private static void check(String what, int found, int images) {
        if (found != images) {
            throw new IllegalArgumentException("there are " + found + " " + what + " for " + images + " images");
        }
    }

    /** Returns the number of images. */
    public int count() {
        return pixels.length / spec.size();
    }

    /** Returns one value scaled to [0, 1]. */
    public float value(int image, int position) {
        return (pixels[image * spec.size() + position] & 0xff) / 255f;
    }

    /** Returns the images with the given indices, in that order. */
    public Split select(int[] indices) {
        int size = spec.size();
        byte[] chosen = new byte[indices.length * size];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, indices[i] * size, chosen, i * size, size);
        }
        Optional<int[]> chosenLabels = labels.map(l -> {
            int[] result = new int[indices.length];
            for (int i = 0; i < indices.length; i++) {
                result[i] = l[indices[i]];
            }
            return result;
        });
        Optional<float[][]> chosenPoses = poses.map(p -> {
            float[][] result = new float[indices.length][];
            for (int i = 0; i < indices.length; i++) {
                result[i] = p[indices[i]];
            }
            return result;
        });
        return new Split(spec, chosen, chosenLabels, chosenPoses);
    }

    /**
     * Returns these images and behind them others; what is known of some of them only is left out.
     *
     * @throws IllegalArgumentException if the others are of another size
     */
    public Split followedBy(Split others) {
        if (!spec.equals(others.spec)) {
            throw new IllegalArgumentException("images of " + others.spec + " cannot follow images of " + spec);
        }
        byte[] all = Arrays.copyOf(pixels, pixels.length + others.pixels.length);
        System.arraycopy(others.pixels, 0, all, pixels.length, others.pixels.length);
        return new Split(
                spec,
                all,
                labels.flatMap(a -> others.labels.map(b ->
                        IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray())),
                poses.flatMap(a -> others.poses.map(
                        b -> Stream.concat(Arrays.stream(a), Arrays.stream(b)).toArray(float[][]::new))));
    }

    /** Returns the images in grey, colours by their luminance of Rec. 601. */
    public Split grey() {
        if (spec.channels() != 3) {
            return this;
        }
        byte[] grey = new byte[pixels.length / 3];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) Math.round(
                    ImageFile.luminance(pixels[3 * i] & 0xff, pixels[3 * i + 1] & 0xff, pixels[3 * i + 2] & 0xff));
        }
        return new Split(new ImageSpec(spec.height(), spec.width(), 1), grey, labels, poses);
    }

    /** Returns the SHA-256 of size, pixels and labels, in hexadecimal: two splits with one hash train alike. */
    public String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((spec + ";" + count() + ";").getBytes(StandardCharsets.UTF_8));
            digest.update(pixels);
            labels.ifPresent(l -> {
                // One byte a label where that is enough.
                boolean small = Arrays.stream(l).allMatch(label -> label >= 0 && label < 256);
                ByteBuffer bytes = ByteBuffer.allocate(small ? l.length : Integer.BYTES * l.length);
                for (int label : l) {
                    if (small) {
                        bytes.put((byte) label);
                    } else {
                        bytes.putInt(label);
                    }
                }
                digest.update(bytes.array());
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
