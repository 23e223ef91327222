package org.equipose.core.run;

import java.awt.image.BufferedImage;

/**
 * Small letters for captions, since a Java without a screen may have no fonts. A letter is up to five pixels wide; capitals are
 * seven pixels high, and two rows below them are for g, p and y.
 */
final class PixelFont {
    /** Height of a line without the space between lines. */
    static final int HEIGHT = 9;

    /** Height of capitals: what an eye centres by. */
    static final int CAPITALS = 7;

    private static final int SPACE = 3;

    /** The letters of the table: ASCII from 32 to 126, then these. */
    private static final String BEYOND_ASCII = "×±°";

    /** Nine rows a letter, from the top; each is a number to the base 32 with a bit a pixel, the leftmost highest. */
    private static final String GLYPHS = ""
            + "000000000 GGGGG0G00 KKK000000 AAVAVAA00 4FKE5U400 PP248JJ00 CIK8LID00 88G000000 "
            + "48GGG8400 G84448G00 04LEL4000 0044V4400 0000088G0 0000U0000 000000G00 11248GG00 "
            + "4AHHHA400 8O8888S00 EH1248V00 EH161HE00 26AIV2200 VGU11HE00 68GUHHE00 V12488800 "
            + "EHHEHHE00 EHHF12C00 000G00G00 0008008G0 248G84200 000V0V000 G84248G00 EH1240400 "
            + "EHNLNGE00 EHHVHHH00 UHHUHHU00 EHGGGHE00 UHHHHHU00 VGGUGGV00 VGGUGGG00 EHGNHHF00 "
            + "HHHVHHH00 S88888S00 72222IC00 HIKOKIH00 GGGGGGV00 HRLLHHH00 HHPLJHH00 EHHHHHE00 "
            + "UHHUGGG00 EHHHLID00 UHHUKIH00 FGGE11U00 V44444400 HHHHHHE00 HHHHHA400 HHHLLLA00 "
            + "HHA4AHH00 HHA444400 V1248GV00 SGGGGGS00 GG8421100 S44444S00 4AH000000 0000000V0 "
            + "G80000000 00E1FHF00 GGUHHHU00 00EGGGE00 11FHHHF00 00EHVGE00 68U888800 00FHHHF1E "
            + "GGUHHHH00 80O888S00 40C44444O GGIKOKI00 O88888S00 00QLLLL00 00UHHHH00 00EHHHE00 "
            + "00UHHHUGG 00FHHHF11 00MOGGG00 00FGE1U00 88U888600 00HHHHF00 00HHHA400 00HLLLA00 "
            + "00HA4AH00 00HHHHF1E 00V248V00 488G88400 GGGGGGG00 G88488G00 0009M0000 00HA4AH00 "
            + "44V440V00 CIIC00000 ";

    private PixelFont() {}

    /** Returns the width of a text in pixels. */
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i++) {
            width += width(text.charAt(i)) + 1;
        }
        return Math.max(0, width - 1);
    }

    private static int width(char letter) {
        int ink = 0;
        for (int row = 0; row < HEIGHT; row++) {
            ink |= row(letter, row);
        }
        return ink == 0 ? SPACE : 5 - Integer.numberOfTrailingZeros(ink);
    }

    /**
     * Draws one line.
     *
     * @param x left edge
     * @param y top of the capitals
     * @param scale pixels a pixel of the font
     * @param colour 0xRRGGBB
     */
    static void draw(BufferedImage image, String text, int x, int y, int scale, int colour) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            for (int row = 0; row < HEIGHT; row++) {
                int bits = row(letter, row);
                for (int column = 0; column < 5; column++) {
                    if ((bits >> (4 - column) & 1) == 1) {
                        fill(image, x + column * scale, y + row * scale, scale, scale, colour);
                    }
                }
            }
            x += (width(letter) + 1) * scale;
        }
    }

    /** Fills a rectangle. */
    static void fill(BufferedImage image, int x, int y, int width, int height, int colour) {
        for (int j = y; j < y + height; j++) {
            for (int i = x; i < x + width; i++) {
                image.setRGB(i, j, colour);
            }
        }
    }

    private static int row(char letter, int row) {
        return Character.digit(GLYPHS.charAt(index(letter) * (HEIGHT + 1) + row), 32);
    }

    private static int index(char letter) {
        char plain =
                switch (letter) {
                    case '′', '’', '‘' -> '\'';
                    case '−', '–', '—' -> '-';
                    case '“', '”' -> '"';
                    case '·' -> '.';
                    default -> letter;
                };
        if (plain >= 32 && plain < 127) {
            return plain - 32;
        }
        int beyond = BEYOND_ASCII.indexOf(plain);
        return beyond < 0 ? '?' - 32 : 95 + beyond;
    }
}
