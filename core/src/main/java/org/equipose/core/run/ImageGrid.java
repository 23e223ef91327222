package org.equipose.core.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.equipose.core.data.ImageSpec;

/**
 * A picture of many images side by side, with captions.
 *
 * @param spec size of each image; 1 channel is grey, 3 are red, green and blue
 * @param images row by row, {@code [images][height · width · channels]} with values in [0, 1]; null for an empty place
 * @param columns images in a row
 * @param title above everything; empty for none
 * @param columnCaptions above each column; empty for none
 * @param rowCaptions to the left of each row; empty for none
 * @param scale pixels a pixel of an image
 */
public record ImageGrid(
        ImageSpec spec,
        float[][] images,
        int columns,
        String title,
        List<String> columnCaptions,
        List<String> rowCaptions,
        int scale) {

    private static final int PAPER = 0xffffff;
    private static final int INK = 0x303030;

    /** Neither black nor white, so that the edges of black and of white images can be seen. */
    private static final int LINE = 0x9a9a9a;

    private static final int LINE_WIDTH = 2;
    private static final int MARGIN = 12;
    private static final int LARGE = 2;
    private static final int CAPTION_GAP = 4;

    /** Captions may make a picture as wide as this before they are written small. */
    private static final int WIDE = 1200;

    /** Small images are enlarged to about this size. */
    private static final int COMFORTABLE = 56;

    /** Checks that everything fits together. */
    public ImageGrid {
        if (spec.channels() != 1 && spec.channels() != 3) {
            throw new IllegalArgumentException(
                    "images with " + spec.channels() + " channels cannot be shown, only with 1 or 3");
        }
        for (float[] image : images) {
            if (image != null && image.length != spec.size()) {
                throw new IllegalArgumentException(
                        "an image of " + spec + " has " + spec.size() + " values, not " + image.length);
            }
        }
        if (images.length == 0 || columns < 1 || scale < 1) {
            throw new IllegalArgumentException("a picture needs images, columns and a scale but got " + images.length
                    + ", " + columns + " and " + scale);
        }
        columnCaptions = List.copyOf(columnCaptions);
        rowCaptions = List.copyOf(rowCaptions);
        if (columnCaptions.size() > columns) {
            throw new IllegalArgumentException(
                    "there are " + columnCaptions.size() + " captions for " + columns + " columns");
        }
        int rows = (images.length + columns - 1) / columns;
        if (rowCaptions.size() > rows) {
            throw new IllegalArgumentException("there are " + rowCaptions.size() + " captions for " + rows + " rows");
        }
    }

    /** Makes a picture without captions; small images are enlarged. */
    public ImageGrid(ImageSpec spec, float[][] images, int columns) {
        this(spec, images, columns, "", List.of(), List.of(), comfortable(spec));
    }

    private static int comfortable(ImageSpec spec) {
        return Math.max(1, Math.round((float) COMFORTABLE / Math.max(spec.height(), spec.width())));
    }

    /** Returns this picture with a title. */
    public ImageGrid title(String text) {
        return new ImageGrid(spec, images, columns, text, columnCaptions, rowCaptions, scale);
    }

    /** Returns this picture with captions above the columns. */
    public ImageGrid columnCaptions(String... captions) {
        return new ImageGrid(spec, images, columns, title, List.of(captions), rowCaptions, scale);
    }

    /** Returns this picture with captions to the left of the rows. */
    public ImageGrid rowCaptions(String... captions) {
        return new ImageGrid(spec, images, columns, title, columnCaptions, List.of(captions), scale);
    }

    /** Returns this picture with each pixel of an image enlarged to a square. */
    public ImageGrid scale(int pixels) {
        return new ImageGrid(spec, images, columns, title, columnCaptions, rowCaptions, pixels);
    }

    /** Returns the number of rows; the last one may not be full. */
    public int rows() {
        return (images.length + columns - 1) / columns;
    }

    /** Draws the picture. */
    public BufferedImage image() {
        int captionWidth = widest(columnCaptions);
        // Captions wider than the images push the columns apart, and become small before the picture becomes too wide.
        int captionScale = captionWidth * LARGE <= Math.max(spec.width() * scale, WIDE / columns) ? LARGE : 1;
        int tileWidth = spec.width() * scale;
        int cellWidth = captionWidth * captionScale <= tileWidth ? tileWidth : captionWidth * captionScale + MARGIN;
        int cellHeight = spec.height() * scale;
        int left = MARGIN + (widest(rowCaptions) == 0 ? 0 : widest(rowCaptions) * LARGE + MARGIN);
        int titleHeight = title.isEmpty() ? 0 : PixelFont.HEIGHT * LARGE + MARGIN;
        int top = MARGIN + titleHeight + (captionWidth == 0 ? 0 : PixelFont.HEIGHT * captionScale + CAPTION_GAP);
        int gridWidth = columns * (cellWidth + LINE_WIDTH) + LINE_WIDTH;
        int gridHeight = rows() * (cellHeight + LINE_WIDTH) + LINE_WIDTH;
        int width = Math.max(left + gridWidth, MARGIN + PixelFont.width(title) * LARGE) + MARGIN;
        BufferedImage picture = new BufferedImage(width, top + gridHeight + MARGIN, BufferedImage.TYPE_INT_RGB);
        PixelFont.fill(picture, 0, 0, picture.getWidth(), picture.getHeight(), PAPER);

        PixelFont.draw(picture, title, title.isEmpty() ? 0 : MARGIN, MARGIN, LARGE, INK);
        for (int column = 0; column < columnCaptions.size(); column++) {
            String caption = columnCaptions.get(column);
            int free = cellWidth - PixelFont.width(caption) * captionScale;
            int x = left + LINE_WIDTH + column * (cellWidth + LINE_WIDTH) + free / 2;
            PixelFont.draw(picture, caption, x, MARGIN + titleHeight, captionScale, INK);
        }
        for (int row = 0; row < rowCaptions.size(); row++) {
            String caption = rowCaptions.get(row);
            int y = top + LINE_WIDTH + row * (cellHeight + LINE_WIDTH) + (cellHeight - PixelFont.CAPITALS * LARGE) / 2;
            int x = left - MARGIN - PixelFont.width(caption) * LARGE;
            PixelFont.draw(picture, caption, x, Math.max(0, y), LARGE, INK);
        }
        for (int i = 0; i < images.length; i++) {
            if (images[i] == null) {
                continue;
            }
            int x = left + i % columns * (cellWidth + LINE_WIDTH) + LINE_WIDTH;
            int y = top + i / columns * (cellHeight + LINE_WIDTH) + LINE_WIDTH;
            // Each image brings its own frame, so that empty places stay blank.
            int image = x + (cellWidth - spec.width() * scale) / 2;
            PixelFont.fill(
                    picture,
                    image - LINE_WIDTH,
                    y - LINE_WIDTH,
                    spec.width() * scale + 2 * LINE_WIDTH,
                    cellHeight + 2 * LINE_WIDTH,
                    LINE);
            tile(picture, images[i], image, y);
        }
        return picture;
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(PixelFont::width).max().orElse(0);
    }

    private void tile(BufferedImage picture, float[] image, int x, int y) {
        for (int j = 0; j < spec.height(); j++) {
            for (int i = 0; i < spec.width(); i++) {
                int first = (j * spec.width() + i) * spec.channels();
                int red = level(image[first]);
                int colour = spec.channels() == 1
                        ? red * 0x010101
                        : red << 16 | level(image[first + 1]) << 8 | level(image[first + 2]);
                PixelFont.fill(picture, x + i * scale, y + j * scale, scale, scale, colour);
            }
        }
    }

    /** Returns 0 to 255; NaN is black. */
    private static int level(float value) {
        return Math.round(Math.min(1, Math.max(0, value)) * 255);
    }

    /**
     * Writes the picture as PNG, completely or not at all.
     *
     * @throws RunDirectoryException if it cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, Png.bytes(image()));
    }
}
