package org.equipose.core.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Pictures of a user: PNG, JPEG, GIF and BMP files with one image.
 *
 * <p>Colour becomes grey by its luminance of Rec. 601, grey becomes colour by repetition. What is transparent becomes black,
 * palettes are resolved, 16 bits are rounded to 8. Colour profiles and the orientation in EXIF data are not looked at.
 */
public final class ImageFile {

    /** A file that claims more is refused before memory is taken for it. */
    private static final long MOST_PIXELS = 1 << 25;

    private static final long MOST_BYTES = 1 << 28;

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private final Path file;
    private final byte[] content;
    private final String format;

    private ImageFile(Path file) throws IOException {
        this.file = file;
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder, not a picture; name a file in it");
        }
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes((int) MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no picture " + file + "; look for a mistake in its path", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read (" + reason(e) + "); look at its permissions", e);
        }
        if (content.length > MOST_BYTES) {
            throw new IOException(
                    file + " has more than " + MOST_BYTES + " bytes, too many for a picture; save it smaller");
        }
        if (content.length == 0) {
            throw new IOException(file + " is empty; remove it or put the picture there again");
        }
        format = format().orElseThrow(() ->
                new IOException(file + " is not a PNG, JPEG, GIF or BMP picture; save it as PNG or remove it"));
        if (format.equals("png")) {
            checkPng();
        }
    }

    /**
     * Reads the size of a picture.
     *
     * @return its height and width; 1 channel if every colour it can have is grey, else 3
     * @throws IOException if it cannot be read; the message names the file and the remedy
     */
    public static ImageSpec size(Path file) throws IOException {
        return new ImageFile(file).open((picture, reader) -> {
            Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
            boolean grey = types.hasNext() && isGrey(types.next().getColorModel());
            return new ImageSpec(reader.getHeight(0), reader.getWidth(0), grey ? 1 : 3);
        });
    }

    /**
     * Reads a picture.
     *
     * @param wanted size of the image to return, with 1 or 3 channels
     * @param resize whether a picture of another size is scaled, by averaging over areas, to the largest one of its
     *     proportions that fits, and put in the middle of black
     * @param invert whether black and white are exchanged; what is transparent or around the picture stays black
     * @return pixels {@code [height, width, channels]}, row-major, one byte a value
     * @throws IOException if it cannot be read or has another size that it may not lose; the message names the file and the
     *     remedy
     */
    public static byte[] read(Path file, ImageSpec wanted, boolean resize, boolean invert) throws IOException {
        if (wanted.channels() != 1 && wanted.channels() != 3) {
            throw new IOException(file + " cannot become an image of " + wanted + ": pictures have 1 channel or 3");
        }
        return new ImageFile(file).open((picture, reader) -> {
            int height = reader.getHeight(0);
            int width = reader.getWidth(0);
            boolean fits = height == wanted.height() && width == wanted.width();
            if (!fits && !resize) {
                throw new Unsuitable(file + " is " + height + "×" + width + " but " + wanted.height() + "×"
                        + wanted.width() + " is wanted (height×width); scale it or ask for resize");
            }
            byte[] pixels = pixels(picture.decoded(reader), wanted.channels(), invert);
            return fits ? pixels : fitted(pixels, new ImageSpec(height, width, wanted.channels()), wanted);
        });
    }

    private Optional<String> format() {
        if (begins(PNG)) {
            return Optional.of("png");
        } else if (begins(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff})) {
            return Optional.of("jpeg");
        } else if (begins(new byte[] {'G', 'I', 'F', '8'})) {
            return Optional.of("gif");
        } else if (begins(new byte[] {'B', 'M'})) {
            return Optional.of("bmp");
        }
        return Optional.empty();
    }

    private boolean begins(byte[] magic) {
        return content.length >= magic.length
                && ByteBuffer.wrap(content, 0, magic.length).equals(ByteBuffer.wrap(magic));
    }

    /** Compares the checksums, which ImageIO does not look at. */
    private void checkPng() throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content).position(PNG.length);
        String type = "";
        while (!type.equals("IEND")) {
            if (rest.remaining() < 12) {
                throw damaged("it is cut off");
            }
            int length = rest.getInt();
            if (length < 0 || length > rest.remaining() - 8) {
                throw damaged("it is cut off");
            }
            CRC32 crc = new CRC32();
            crc.update(content, rest.position(), length + 4);
            type = new String(content, rest.position(), 4, StandardCharsets.ISO_8859_1);
            rest.position(rest.position() + 4 + length);
            if (rest.getInt() != (int) crc.getValue()) {
                throw damaged("a checksum is wrong");
            }
            if (type.equals("acTL")) {
                throw animated();
            }
        }
    }

    /** Does something with a decoder, whose exceptions are of every kind when a file is damaged. */
    private <T> T open(Reading<T> reading) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(in, false, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MOST_PIXELS) {
                throw new Unsuitable(file + " claims to be " + reader.getHeight(0) + "×" + reader.getWidth(0)
                        + ", more than the " + MOST_PIXELS + " pixels that are read; save it smaller");
            }
            if (format.equals("gif") && reader.getNumImages(true) != 1) {
                throw animated();
            }
            return reading.from(this, reader);
        } catch (Unsuitable e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged(reason(e), e);
        } finally {
            reader.dispose();
        }
    }

    private BufferedImage decoded(ImageReader reader) throws IOException {
        // A JPEG file that ends too early is filled up with grey, and only a warning says so.
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        BufferedImage image = reader.read(0);
        for (String warning : warnings) {
            if (warning.startsWith("Premature") || warning.startsWith("Corrupt")) {
                throw new IOException(warning);
            }
        }
        return image;
    }

    private static boolean isGrey(ColorModel colours) {
        return colours instanceof IndexColorModel palette
                ? IntStream.range(0, palette.getMapSize())
                        .allMatch(i ->
                                palette.getRed(i) == palette.getGreen(i) && palette.getRed(i) == palette.getBlue(i))
                : colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }

    private static byte[] pixels(BufferedImage image, int channels, boolean invert) throws IOException {
        ColorModel colours = image.getColorModel();
        int space = colours.getColorSpace().getType();
        if (space != ColorSpace.TYPE_GRAY && space != ColorSpace.TYPE_RGB) {
            throw new IOException("its colours are neither grey nor RGB");
        }
        byte[] pixels = new byte[image.getHeight() * image.getWidth() * channels];
        double[] colour = new double[4];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colour(image.getRaster(), colours, x, y, colour);
                for (int c = 0; c < 3; c++) {
                    colour[c] = invert ? colour[3] - colour[c] : colour[c];
                }
                if (channels == 1) {
                    pixels[at++] = level(luminance(colour[0], colour[1], colour[2]));
                } else {
                    for (int c = 0; c < 3; c++) {
                        pixels[at++] = level(colour[c]);
                    }
                }
            }
        }
        return pixels;
    }

    /** Fills in red, green and blue on black and the alpha, each from 0 to 1. */
    private static void colour(Raster raster, ColorModel colours, int x, int y, double[] colour) {
        colour[3] = 1;
        if (colours instanceof IndexColorModel palette) {
            int rgb = palette.getRGB(raster.getSample(x, y, 0));
            colour[3] = (rgb >>> 24) / 255.0;
            for (int c = 0; c < 3; c++) {
                colour[c] = (rgb >>> (16 - 8 * c) & 0xff) / 255.0 * colour[3];
            }
            return;
        }
        // The samples themselves: Java takes grey values for linear and would brighten them.
        int bands = colours.getNumColorComponents();
        if (colours.hasAlpha()) {
            colour[3] = sample(raster, colours, x, y, bands);
        }
        double cover = colours.isAlphaPremultiplied() ? 1 : colour[3];
        for (int c = 0; c < 3; c++) {
            colour[c] = sample(raster, colours, x, y, bands == 1 ? 0 : c) * cover;
        }
    }

    private static double sample(Raster raster, ColorModel colours, int x, int y, int band) {
        return raster.getSample(x, y, band) / (double) ((1L << colours.getComponentSize(band)) - 1);
    }

    /** Returns the luma of Rec. 601. */
    static double luminance(double red, double green, double blue) {
        return 0.299 * red + 0.587 * green + 0.114 * blue;
    }

    private static byte level(double value) {
        return (byte) Math.round(255 * value);
    }

    /** Scales an image to the largest of its proportions that fits, and puts it in the middle of black. */
    private static byte[] fitted(byte[] pixels, ImageSpec from, ImageSpec to) {
        double factor = Math.min((double) to.height() / from.height(), (double) to.width() / from.width());
        int height = (int) Math.max(1, Math.round(from.height() * factor));
        int width = (int) Math.max(1, Math.round(from.width() * factor));
        int channels = from.channels();
        byte[] fitted = new byte[to.size()];
        int top = (to.height() - height) / 2;
        int left = (to.width() - width) / 2;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    fitted[((top + y) * to.width() + left + x) * channels + c] = (byte) Math.round(average(
                            pixels, from, c, (double) from.height() / height, y, (double) from.width() / width, x));
                }
            }
        }
        return fitted;
    }

    /** Returns the mean over the rectangle that a pixel of the scaled image covers. */
    private static double average(
            byte[] pixels, ImageSpec spec, int channel, double rows, int y, double columns, int x) {
        double sum = 0;
        double bottom = Math.min(spec.height(), (y + 1) * rows);
        double right = Math.min(spec.width(), (x + 1) * columns);
        for (int j = (int) (y * rows); j < bottom; j++) {
            double part = Math.min(bottom, j + 1) - Math.max(y * rows, j);
            for (int i = (int) (x * columns); i < right; i++) {
                int value = pixels[(j * spec.width() + i) * spec.channels() + channel] & 0xff;
                sum += part * (Math.min(right, i + 1) - Math.max(x * columns, i)) * value;
            }
        }
        return sum / (rows * columns);
    }

    private IOException animated() {
        return new Unsuitable(file + " holds several images; save one of them as PNG");
    }

    private IOException damaged(String reason) {
        return damaged(reason, null);
    }

    private IOException damaged(String reason, Exception cause) {
        return new IOException(
                file + " is damaged, or a " + format.toUpperCase(Locale.ROOT) + " file of a kind that is not read ("
                        + reason + "); save it again as PNG or remove it",
                cause);
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** What is done with an open file. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(ImageFile picture, ImageReader reader) throws IOException;
    }

    /** A sound file that is not what was wanted; its message is complete. */
    private static final class Unsuitable extends IOException {

        private static final long serialVersionUID = 1;

        Unsuitable(String message) {
            super(message);
        }
    }
}
