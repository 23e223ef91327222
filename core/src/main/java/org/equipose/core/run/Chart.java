package org.equipose.core.run;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A picture of numbers: curves, clouds of points and histograms over two axes. Colours stay apart for up to ten series, also
 * for eyes that do not tell red from green.
 *
 * @param title above everything; empty for none
 * @param x what the horizontal axis shows, with its unit
 * @param y what the vertical axis shows, with its unit
 * @param logarithmic whether the horizontal axis is logarithmic
 * @param square whether both axes have the same length in pixels
 * @param series what is drawn, the last on top
 */
public record Chart(String title, String x, String y, boolean logarithmic, boolean square, List<Series> series) {

    /** How a series is drawn. */
    public enum Kind {
        /** Points joined by a line. */
        LINE,
        /** Points alone. */
        POINTS,
        /** A filled outline from step to step. */
        HISTOGRAM
    }

    /**
     * Numbers that belong together.
     *
     * @param name in the legend
     * @param kind how it is drawn
     * @param x horizontal places
     * @param y vertical places, as many
     * @param like name of an earlier series that it is to be compared with and has the colour of; empty for a colour of its own
     */
    public record Series(String name, Kind kind, double[] x, double[] y, String like) {
        /** Checks that there is something, one y for every x. */
        public Series {
            if (x.length == 0 || x.length != y.length) {
                throw new IllegalArgumentException("series " + name + " has " + x.length + " x and " + y.length
                        + " y; it needs at least one pair");
            }
        }

        /** Makes a series with a colour of its own. */
        public Series(String name, Kind kind, double[] x, double[] y) {
            this(name, kind, x, y, "");
        }
    }

    private static final int WIDTH = 720;
    private static final int WIDE = 920; // with a legend beside it
    private static final int FEW = 4; // series that a legend below has room for
    private static final int HEIGHT = 480;
    private static final int SQUARE = 640;
    private static final int SMALL_WIDTH = 400;
    private static final int SMALL_HEIGHT = 300;
    private static final float STROKE = 1.8f;
    private static final int SMALL = 4;
    private static final int LARGE = 6;
    private static final int MANY = 500;

    /** Tol's and Okabe-Ito's advice for ten classes: distinct in hue and in lightness. */
    private static final Color[] COLOURS = {
        new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73), new Color(0xcc79a7), new Color(0x56b4e9),
        new Color(0xe69f00), new Color(0x332288), new Color(0x999933), new Color(0x882255), new Color(0x666666)
    };

    /** Checks that there is something to draw. */
    public Chart {
        series = List.copyOf(series);
        if (series.isEmpty()) {
            throw new IllegalArgumentException("a chart needs at least one series");
        }
    }

    /** Makes a chart without series, to which {@link #with} adds. */
    public static Start of(String title, String x, String y) {
        return new Start(title, x, y);
    }

    /**
     * A chart to which the first series is still to be added.
     *
     * @param title above everything; empty for none
     * @param x what the horizontal axis shows, with its unit
     * @param y what the vertical axis shows, with its unit
     */
    public record Start(String title, String x, String y) {
        /** Adds the first series. */
        public Chart with(String name, Kind kind, double[] xs, double[] ys) {
            return new Chart(title, x, y, false, false, List.of(new Series(name, kind, xs, ys)));
        }
    }

    /** Returns this chart with one more series. */
    public Chart with(String name, Kind kind, double[] xs, double[] ys) {
        List<Series> more = new ArrayList<>(series);
        more.add(new Series(name, kind, xs, ys));
        return new Chart(title, x, y, logarithmic, square, more);
    }

    /** Returns this chart with a logarithmic horizontal axis. */
    public Chart logarithmicX() {
        return new Chart(title, x, y, true, square, series);
    }

    /** Returns this chart with axes of the same length, for codes and poses. */
    public Chart squared() {
        return new Chart(title, x, y, logarithmic, true, series);
    }

    /** Draws it. */
    public BufferedImage image() {
        return image(square ? SQUARE : series.size() > FEW ? WIDE : WIDTH, square ? SQUARE : HEIGHT);
    }

    /** Draws several, row by row, each smaller than it would be alone. */
    public static BufferedImage grid(List<Chart> charts, int columns) {
        int rows = (charts.size() + columns - 1) / columns;
        BufferedImage all = new BufferedImage(columns * SMALL_WIDTH, rows * SMALL_HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = all.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, all.getWidth(), all.getHeight());
        for (int i = 0; i < charts.size(); i++) {
            BufferedImage one = charts.get(i).image(SMALL_WIDTH, SMALL_HEIGHT);
            graphics.drawImage(one, i % columns * SMALL_WIDTH, i / columns * SMALL_HEIGHT, null);
        }
        graphics.dispose();
        return all;
    }

    private BufferedImage image(int width, int height) {
        boolean beside = width == WIDE;
        XYChart chart = new XYChart(width, height);
        chart.setTitle(title);
        chart.setXAxisTitle(x);
        chart.setYAxisTitle(y);
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleBoxVisible(false)
                .setLegendPosition(beside ? Styler.LegendPosition.OutsideE : Styler.LegendPosition.OutsideS)
                .setLegendLayout(beside ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal)
                .setLegendVisible(series.size() > 1 || !series.get(0).name().isEmpty());
        chart.getStyler().setXAxisLogarithmic(logarithmic).setPlotGridLinesColor(new Color(0xe4e4e4));
        chart.getStyler().setDecimalPattern("0.####"); // or some ticks are .07 and others 0.2
        Map<String, Color> colours = new HashMap<>();
        for (Series one : series) {
            Color own = COLOURS[colours.size() % COLOURS.length];
            Color colour = colours.computeIfAbsent(one.like().isEmpty() ? one.name() : one.like(), any -> own);
            add(chart, one, colour);
        }
        // There is one size for all: that of the largest cloud, or it would be a blot.
        boolean many = series.stream().anyMatch(one -> one.kind() == Kind.POINTS && one.x().length > MANY);
        chart.getStyler().setMarkerSize(many ? SMALL : LARGE);
        return BitmapEncoder.getBufferedImage(chart);
    }

    private static void add(XYChart chart, Series one, Color colour) {
        XYSeries drawn = chart.addSeries(one.name().isEmpty() ? " " : one.name(), one.x(), one.y());
        drawn.setMarker(one.like().isEmpty() ? SeriesMarkers.CIRCLE : SeriesMarkers.CROSS)
                .setMarkerColor(colour);
        drawn.setLineStyle(new BasicStroke(STROKE)).setLineColor(colour);
        switch (one.kind()) {
            case LINE -> drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
            case POINTS -> drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            case HISTOGRAM -> {
                drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea);
                drawn.setMarker(SeriesMarkers.NONE);
                drawn.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 60));
            }
        }
        if (one.kind() == Kind.LINE && one.x().length > MANY) {
            drawn.setMarker(SeriesMarkers.NONE);
        }
    }
}
