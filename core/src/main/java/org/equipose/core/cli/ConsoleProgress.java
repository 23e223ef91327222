package org.equipose.core.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.equipose.core.data.Progress;

/**
 * Shows progress to a person as one line that is written again and again; to a file as a plain line now and then. One thread
 * at a time may report.
 */
public final class ConsoleProgress implements Progress, AutoCloseable {
    private static final long SECOND = 1_000_000_000L;
    private static final int BAR = 20;

    private final PrintStream stream;
    private final boolean interactive;
    private final LongSupplier nanoTime;
    private final int width;

    private String what = "";
    private long start;
    private long startDone;
    private long last;
    private int shown;
    private boolean finished = true;

    /**
     * Makes a display.
     *
     * @param interactive whether lines may be written again
     * @param nanoTime clock in nanoseconds
     */
    ConsoleProgress(PrintStream stream, boolean interactive, LongSupplier nanoTime) {
        this.stream = stream;
        this.interactive = interactive;
        this.nanoTime = nanoTime;
        String columns = System.getenv("COLUMNS");
        this.width = columns != null && columns.matches("[0-9]{2,4}") ? Integer.parseInt(columns) - 1 : 99;
    }

    @Override
    public void at(String work, long done, long total) {
        at(work, done, total, () -> "");
    }

    @Override
    public void at(String work, long done, long total, Supplier<String> remark) {
        long now = nanoTime.getAsLong();
        if (!work.equals(what) || finished) {
            close();
            what = work;
            start = now;
            startDone = done;
            last = interactive ? now - SECOND : now;
            finished = false;
        }
        boolean ends = total >= 0 && done >= total;
        // A person gets ten pictures a second, a file one line every ten seconds.
        long pause = interactive ? SECOND / 10 : 10 * SECOND;
        long since = now - last;
        if (ends || since >= pause || since < 0) { // a clock that went back shall not silence us
            show(line(now, done, total, remark.get()));
            last = now;
        }
        if (ends) {
            close();
        }
    }

    @Override
    public void note(String text) {
        close();
        stream.println(text);
    }

    /** Ends the line, so that something else can be printed. */
    @Override
    public void close() {
        if (interactive && shown > 0) {
            stream.println();
        }
        shown = 0;
        finished = true;
    }

    private void show(String line) {
        String cut = line.length() > width ? line.substring(0, width - 1) + "…" : line;
        if (interactive) {
            stream.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
            stream.flush();
            shown = cut.length();
        } else {
            stream.println(line);
        }
    }

    private String line(long now, long done, long total, String remark) {
        StringBuilder line = new StringBuilder(what).append(' ');
        if (total < 0) {
            line.append(done);
        } else {
            double part = total == 0 ? 1 : Math.min(1, (double) done / total);
            if (interactive) {
                int filled = (int) (part * BAR);
                line.append('[')
                        .append("=".repeat(filled))
                        .append(" ".repeat(BAR - filled))
                        .append("] ");
            }
            line.append(String.format(Locale.ROOT, "%3d %%", (int) (100 * part)));
            line.append(done >= total ? " in " + time(Math.max(0, now - start)) : left(now, done, total));
        }
        return remark.isEmpty()
                ? line.toString()
                : line.append("  ").append(remark).toString();
    }

    /** What was done before we looked, by a run that is resumed, says nothing about the speed. */
    private String left(long now, long done, long total) {
        long units = done - startDone;
        long elapsed = now - start;
        return units <= 0 || elapsed < SECOND
                ? ""
                : ", " + time((long) ((double) elapsed / units * (total - done))) + " left";
    }

    private static String time(long nanos) {
        long seconds = Math.round((double) nanos / SECOND);
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
