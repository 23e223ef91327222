package org.equipose.core.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.equipose.it.CommandLines;

/**
 * Answers many command lines in one process, as the program would, and says which are answered wrongly. It is patched into
 * the module of the program, since {@link Main} ends the process after one.
 */
public final class ManyLines {
    private static final long PATIENCE_SECONDS = 60;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread daemon = new Thread(work, "line");
        daemon.setDaemon(true);
        return daemon;
    });
    private final PrintStream report = System.out;
    private final Path folder = Path.of("").toAbsolutePath();
    private int wrong;

    private ManyLines() {}

    /**
     * Runs.
     *
     * @param args seed, number of the first line, number of lines
     */
    public static void main(String[] args) throws Exception {
        int from = Integer.parseInt(args[1]);
        System.exit(new ManyLines().run(Long.parseLong(args[0]), from, from + Integer.parseInt(args[2])));
    }

    private int run(long seed, int from, int to) throws Exception {
        CommandLines.prepare(folder);
        CommandLines.Line first = new CommandLines.Line(-1, true, CommandLines.first(), java.util.Map.of());
        check(first);
        CommandLines lines = new CommandLines(seed, true, 100);
        int[] codes = new int[3];
        int trained = 0;
        for (int i = from; i < to; i++) {
            CommandLines.Line line = lines.line(i);
            codes[Math.min(2, Math.max(0, check(line)))]++;
            trained += line.trains() ? 1 : 0;
        }
        report.println("seed " + seed + ", lines " + from + " to " + (to - 1) + ": " + Arrays.toString(codes)
                + " by exit code, " + trained + " trained, " + wrong + " answered wrongly");
        return wrong == 0 ? 0 : 1;
    }

    private int check(CommandLines.Line line) throws InterruptedException, ExecutionException {
        line.prepare(folder);
        Set<String> before = CommandLines.contents(folder);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Future<Integer> answer = thread.submit(() -> answer(line.words(), out, err));
        int code;
        try {
            code = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            report.println("no answer in " + PATIENCE_SECONDS + " s to " + line);
            Thread.getAllStackTraces().forEach((each, trace) -> {
                if (each.getName().equals("line")) {
                    report.println(Arrays.toString(trace));
                }
            });
            System.exit(1);
            return 1;
        }
        String said = err.toString(StandardCharsets.UTF_8);
        Set<String> left = CommandLines.contents(folder);
        left.removeAll(before);
        line.complaint(code, out.toString(StandardCharsets.UTF_8), said, left).ifPresent(reason -> {
            wrong++;
            report.println(reason + ": " + line + "\n" + said);
        });
        return code;
    }

    private static int answer(List<String> words, ByteArrayOutputStream out, ByteArrayOutputStream err) {
        PrintStream before = System.err;
        PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
        // What anything else writes there, such as a logger, is part of the answer.
        System.setErr(stderr);
        try {
            return new Main(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), stderr, false)).run(words);
        } finally {
            System.setErr(before);
        }
    }
}
