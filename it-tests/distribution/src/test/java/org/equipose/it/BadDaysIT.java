package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever goes wrong with disk, memory, files and other processes: one message that names the thing and the remedy, exit code
 * 2, and nothing lost or half-written. {@code docs/reliability.md} lists the bad days and their tests.
 */
class BadDaysIT {
    private static final String[] EVERY_EPOCH = {"--pictures-every", "1", "--eval", "samples"};

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Run good;

    @BeforeAll
    static void trainOnce() {
        equipose = Equipose.in(folder);
        equipose.succeed(tiny("good"));
        good = new Run(folder.resolve("good"));
    }

    private static String[] tiny(String name, String... more) {
        return Stream.of(Equipose.tiny(EVERY_EPOCH), new String[] {"--run-dir", name}, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
    }

    private static Path copy(String name) throws IOException {
        return copy(good.folder(), name);
    }

    private static Path copy(Path from, String name) throws IOException {
        Path to = folder.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    private static Path newestCheckpoint(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            return files.max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    /** Puts content under a name that says it is right. */
    private static String replaceCheckpoint(Path run, byte[] content) throws Exception {
        Path newest = newestCheckpoint(run);
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                .substring(0, 16);
        Files.delete(newest);
        return Files.write(newest.resolveSibling("step-00000008-" + digest + ".npz"), content)
                .getFileName()
                .toString();
    }

    private static void assertRefused(Equipose.Result result, String message) {
        assertThat(result.complaints()).as(result.toString()).containsExactly("error: " + message);
        assertThat(result.code()).isEqualTo(2);
    }

    private static void assertFinishedAsIfNothingHadBeen(Path run) throws IOException {
        LongTraining.assertSame(new Run(run), good);
        for (String file :
                List.of("evaluation/samples.png", "samples/epoch-002.png", "reconstructions/epoch-002.png")) {
            assertThat(run.resolve(file)).hasSameBinaryContentAs(good.folder().resolve(file));
        }
        assertNothingHalfWritten(run);
    }

    private static void assertNothingHalfWritten(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @Test
    void aCheckpointThatIsCutOffIsRefusedUntilItIsOutOfTheWay() throws IOException {
        Path run = copy("cut");
        Path checkpoint = newestCheckpoint(run);
        Files.write(checkpoint, Arrays.copyOf(Files.readAllBytes(checkpoint), 100_000));
        String message = "the checkpoint cut/checkpoints/" + checkpoint.getFileName()
                + " is damaged: its content does not match the digest in its name;"
                + " to go on from step 4, delete or move this file";
        assertRefused(equipose.run("--resume", "cut"), message);
        assertRefused(equipose.run("evaluate", "--run", "cut"), message);
        Files.delete(checkpoint);
        equipose.succeed("--resume", "cut");
        assertFinishedAsIfNothingHadBeen(run);
    }

    @Test
    void aCheckpointOfAnotherModelIsRefused() throws Exception {
        equipose.succeed(tiny("other", "--model", "vae", "--transform", "none", "--eval", "none"));
        Path run = copy("mixed");
        String file = replaceCheckpoint(run, Files.readAllBytes(newestCheckpoint(folder.resolve("other"))));
        for (String[] words : new String[][] {{"--resume", "mixed", "--epochs", "3"}, {"sample", "--run", "mixed"}}) {
            Equipose.Result result = equipose.run(words);
            assertThat(result.code()).as(result.toString()).isEqualTo(2);
            assertThat(result.complaints())
                    .singleElement()
                    .asString()
                    .startsWith("error: the checkpoint mixed/checkpoints/" + file + " is not of this run: model/")
                    .contains("in the checkpoint: it belongs to another model")
                    .endsWith("; put that of this run in its place, or delete it to use an older one");
        }
    }

    @Test
    void aForeignFileUnderTheNameOfACheckpointIsRefused() throws Exception {
        Path run = copy("foreign");
        String file = replaceCheckpoint(run, "no checkpoint".getBytes(StandardCharsets.UTF_8));
        assertThat(equipose.run("sample", "--run", "foreign").complaints())
                .singleElement()
                .asString()
                .startsWith("error: the checkpoint cannot be used: foreign/checkpoints/" + file
                        + " is not a readable .npz file")
                .endsWith("; to go on from step 4, delete or move this file");
    }

    @ParameterizedTest
    @CsvSource({
        // room in kB, what does not fit, whether the run is there to go on
        "4, manifest.json, false",
        "500, events.out.tfevents, true"
    })
    void aFullDisk(int kilobytes, String what, boolean begun) throws Exception {
        SmallDisk.assumePossible();
        String saved = "saved-" + kilobytes;
        Equipose.Result result =
                SmallDisk.of(equipose, folder, kilobytes, "", saved).run(tiny("disk/run"));
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .asString()
                .startsWith("error: cannot write disk/run/" + what)
                .contains(": No space left on device")
                .endsWith(
                        begun
                                ? "; once that is mended, the run goes on: run.sh --resume disk/run"
                                : ": No space left on device");
        Path run = folder.resolve(saved).resolve("run");
        if (begun) {
            assertNothingHalfWritten(run);
            equipose.succeed("--resume", saved + "/run");
            assertFinishedAsIfNothingHadBeen(run);
        } else {
            assertThat(run).doesNotExist();
        }
    }

    @Test
    void aDiskThatIsFullWhenTheEvaluationIsWritten() throws Exception {
        SmallDisk.assumePossible();
        Path run = copy("before");
        Files.delete(run.resolve("evaluation/samples.png"));
        Files.delete(run.resolve("evaluation/samples.json"));
        long used;
        try (Stream<Path> files = Files.walk(run)) {
            used = files.filter(Files::isRegularFile)
                    .mapToLong(file -> (file.toFile().length() + 4095) / 4096 * 4)
                    .sum();
        }
        Equipose full = SmallDisk.of(equipose, folder, (int) used + 40, "before", "after");
        assertRefused(
                full.run("evaluate", "--run", "disk"),
                "cannot write disk/evaluation/samples.png: No space left on device");
        assertThat(folder.resolve("after/evaluation/samples.png")).doesNotExist();
        assertThat(folder.resolve("after/evaluation/samples.json")).doesNotExist();
        assertNothingHalfWritten(folder.resolve("after"));
        equipose.succeed("evaluate", "--run", "after");
        assertFinishedAsIfNothingHadBeen(folder.resolve("after"));
    }

    @Test
    void aDiskThatCannotBeWritten() throws Exception {
        SmallDisk.assumePossible();
        assertRefused(
                SmallDisk.readOnly(equipose, folder).run(tiny("disk/run")),
                "cannot make the run directory disk/run: Read-only file system");
    }

    /** Works for every user and everywhere, unlike a small disk. */
    @Test
    void aFileThatMayNotGrowAsLargeAsACheckpoint() throws IOException {
        Equipose limited = equipose.under("ulimit -f 200 && exec \"$@\"");
        Equipose.Result result = limited.run(tiny("limited"));
        assertRefused(
                result,
                "cannot write the checkpoint of step 0 to limited/checkpoints: File too large;"
                        + " once that is mended, the run goes on: run.sh --resume limited");
        equipose.succeed("--resume", "limited");
        assertFinishedAsIfNothingHadBeen(folder.resolve("limited"));
    }

    @Test
    void aFileInTheWayOfAFolder() throws IOException {
        Path run = copy("blocked");
        Path evaluation = run.resolve("evaluation");
        for (Path file : List.of(
                evaluation.resolve("samples.csv"),
                evaluation.resolve("samples.json"),
                evaluation.resolve("samples.png"))) {
            Files.delete(file);
        }
        Files.delete(evaluation);
        Files.writeString(evaluation, "in the way\n");
        assertRefused(
                equipose.run("evaluate", "--run", "blocked"),
                "cannot write blocked/evaluation/samples.png: " + evaluation.toAbsolutePath() + " is in the way");
        assertRefused(
                equipose.run(Equipose.tiny("--run-dir", "blocked/config.yaml/x")),
                "cannot make the run directory blocked/config.yaml/x: " + run.resolve("config.yaml")
                        + " is in the way");
    }

    @Test
    void numbersThatRunAwayStopAgainAndTheAdviceHelps() throws IOException {
        Equipose.Result first = equipose.run(tiny("away", "--lr", "1e30"));
        assertThat(first.code()).as(first.toString()).isEqualTo(2);
        assertThat(first.complaints())
                .singleElement()
                .asString()
                .matches(
                        "error: training stopped at step 2: the numbers have run away, model/\\S+ is up to 1\\.\\d+E30; .*")
                .endsWith("; the last good checkpoint is in away/checkpoints, but a run keeps its settings:"
                        + " begin another with --config away/config.yaml and a lower --lr or a --clip-norm");
        Run run = new Run(folder.resolve("away"));
        assertThat(run.step()).isZero();
        Equipose.Result again = equipose.run("--resume", "away");
        assertThat(again.complaints()).isEqualTo(first.complaints());
        assertThat(run.step()).isZero();
        equipose.succeed("--config", "away/config.yaml", "--lr", "0.001", "--run-dir", "advised");
        assertFinishedAsIfNothingHadBeen(folder.resolve("advised"));
    }

    @Test
    void littleMemory() throws IOException {
        assertRefused(
                equipose.with("EQUIPOSE_JAVA_OPTS", "-Xmx6m").run(tiny("heap")),
                "out of memory (Java heap space): give Java more with EQUIPOSE_JAVA_OPTS=-Xmx8g,"
                        + " or use a smaller --batch-size, smaller layers or fewer images");
        assertThat(folder.resolve("heap")).doesNotExist();

        // Enough for Java, too little for TensorFlow's library.
        Equipose.Result library = equipose.with("EQUIPOSE_JAVA_OPTS", "-Xmx512m")
                .under("ulimit -v 2900000 && exec \"$@\"")
                .run(tiny("library"));
        assertThat(library.code()).as(library.toString()).isEqualTo(2);
        assertThat(library.complaints())
                .singleElement()
                .asString()
                .startsWith("error: TensorFlow's native library cannot be loaded: ")
                .contains("EQUIPOSE_NATIVE_CACHE");
        assertThat(folder.resolve("library")).doesNotExist();

        assertRefused(
                equipose.run(tiny("batch", "--batch-size", "2000000000")),
                "there are only 400 training images for a batch of 2000000000; lower batch-size or validation");
    }

    @Test
    void aLibraryThatCanBeUnpackedNowhere() throws IOException {
        Path file = Files.writeString(folder.resolve("no-folder"), "");
        Equipose.Result result = equipose.with("EQUIPOSE_NATIVE_CACHE", file + "/native")
                .with("EQUIPOSE_JAVA_OPTS", "-Duser.home=/dev/null -Djava.io.tmpdir=/dev/null")
                .run(tiny("unpacked"));
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .asString()
                .startsWith("error: TensorFlow's native library cannot be loaded: Could not create the cache")
                .contains("EQUIPOSE_NATIVE_CACHE");
        assertThat(folder.resolve("unpacked")).doesNotExist();
    }

    @Test
    void noHome() throws IOException {
        equipose.without("HOME")
                .without("XDG_CACHE_HOME")
                .with("TMPDIR", folder.toString())
                .succeed(tiny("homeless"));
        assertFinishedAsIfNothingHadBeen(folder.resolve("homeless"));
        equipose.with("HOME", "/dev/null/nobody").without("XDG_CACHE_HOME").succeed("evaluate", "--run", "homeless");
    }

    @Test
    void twoProcessesOnOneRun() throws IOException {
        List<Equipose.Running> both = List.of(equipose.start(tiny("two")), equipose.start(tiny("two")));
        assertOneWorked(both, "two exists already; ");
        assertFinishedAsIfNothingHadBeen(folder.resolve("two"));

        Path run = copy("resumed");
        Files.delete(newestCheckpoint(run));
        both = List.of(equipose.start("--resume", "resumed"), equipose.start("--resume", "resumed"));
        assertOneWorked(both, "another training is writing to resumed (process ");
        assertFinishedAsIfNothingHadBeen(run);
    }

    /** Where one is through before the other looks, both have worked on a run that was finished. */
    private static void assertOneWorked(List<Equipose.Running> both, String complaint) {
        int refused = 0;
        for (Equipose.Running running : both) {
            Equipose.Result result = running.end();
            if (result.code() != 0) {
                assertThat(result.code()).as(result.toString()).isEqualTo(2);
                assertThat(result.complaints()).singleElement().asString().startsWith("error: " + complaint);
                refused++;
            }
        }
        assertThat(refused).isLessThanOrEqualTo(1);
    }

    @Test
    void aRunIsLookedAtWhileItTrains() throws Exception {
        Equipose.Running training = equipose.start(tiny("busy", "--epochs", "100000", "--pictures-every", "100000"));
        Run busy = new Run(folder.resolve("busy"));
        assertThat(LongTraining.awaitRows(training, busy, 1)).isTrue();
        equipose.succeed("evaluate", "--run", "busy");
        assertThat(training.process().isAlive()).isTrue();
        training.kill();
        training.end();
        assertThat(busy.evaluation("samples")).isNotNull();
    }

    @Test
    void labelsThatAreMissing() throws IOException {
        Path plugins = Files.createDirectory(folder.resolve("plugins"));
        try (Stream<Path> jars = Files.list(Equipose.distribution().resolve("plugins"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, plugins.resolve(jar.getFileName()));
            }
        }
        PluginJar.build(plugins.resolve("unlabelled.jar"), UNLABELLED);
        Equipose outside = Equipose.in(folder);
        String[] words = {
            "--plugins",
            "plugins",
            "--dataset",
            "bare",
            "--epochs",
            "1",
            "--hidden",
            "4",
            "--batch-size",
            "10",
            "--validation",
            "10"
        };
        Equipose.Result evaluated = outside.succeed(
                Stream.concat(Arrays.stream(words), Stream.of("--run-dir", "unlabelled", "--eval", "counting,samples"))
                        .toArray(String[]::new));
        assertThat(evaluated.complaints())
                .containsExactly("warning: evaluator counting is left out: it needs labels, and the images have none");
        assertThat(new Run(folder.resolve("unlabelled")).names("evaluation"))
                .containsExactly("samples.csv", "samples.json", "samples.png");
        assertRefused(
                outside.run(
                        Stream.concat(Arrays.stream(words), Stream.of("--run-dir", "untrained", "--model", "schooled"))
                                .toArray(String[]::new)),
                "model schooled cannot be trained: it needs labels, and the images have none");
        assertThat(folder.resolve("untrained")).doesNotExist();
    }

    /**
     * A file of a run, what happens to it, and what is said of it.
     *
     * @param evaluate whether an evaluation needs the file too
     */
    record DamagedFile(String name, UnaryOperator<String> damage, String message, boolean evaluate) {
        @Override
        public String toString() {
            return name + ": " + message;
        }
    }

    static Stream<DamagedFile> damagedFiles() {
        return Stream.of(
                new DamagedFile(
                        "config.yaml",
                        text -> "model: [tvae",
                        "damaged/config.yaml, line 1, column 13: while parsing a flow sequence,"
                                + " expected ',' or ']', but got <stream end>",
                        true),
                new DamagedFile(
                        "config.yaml",
                        text -> text.replaceFirst("(?m)^seed: 1$", "seed: 9"),
                        "damaged/config.yaml says seed: 9, but the run was begun with 1; put that number back",
                        false),
                new DamagedFile(
                        "manifest.json",
                        text -> text.substring(0, text.length() / 2),
                        "damaged/manifest.json is not a manifest: ",
                        true),
                new DamagedFile(
                        "metrics.csv",
                        text -> text.lines().findFirst().orElseThrow() + "\n2,8" + ",1".repeat(7) + "\n",
                        "damaged/metrics.csv is damaged: line 2 has ",
                        false));
    }

    @ParameterizedTest
    @MethodSource("damagedFiles")
    void aDamagedFileOfARun(DamagedFile file) throws IOException {
        Path run = copy("damaged");
        try {
            Files.delete(newestCheckpoint(run));
            Path path = run.resolve(file.name());
            String damaged = file.damage().apply(Files.readString(path));
            assertThat(damaged).isNotEqualTo(Files.readString(path));
            Files.writeString(path, damaged);
            Equipose.Result resumed = equipose.run("--resume", "damaged");
            assertThat(resumed.code()).as(resumed.toString()).isEqualTo(2);
            assertThat(resumed.complaints()).singleElement().asString().startsWith("error: " + file.message());
            assertThat(Files.readString(path)).isEqualTo(damaged);
            assertThat(new Run(run).step()).isEqualTo(4);
            if (file.evaluate()) {
                assertThat(equipose.run("evaluate", "--run", "damaged").complaints())
                        .singleElement()
                        .asString()
                        .startsWith("error: " + file.message());
            }
        } finally {
            try (Stream<Path> files = Files.walk(run)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void whatIsDamagedAndOfNoUseToUsIsLeftAlone() throws IOException {
        Path run = copy("harmless");
        Files.delete(newestCheckpoint(run));
        Files.delete(run.resolve("timing.csv"));
        try (Stream<Path> files = Files.list(run)) {
            Path events = files.filter(file -> file.getFileName().toString().startsWith("events."))
                    .findFirst()
                    .orElseThrow();
            Files.write(events, Arrays.copyOf(Files.readAllBytes(events), 1000));
        }
        Files.write(run.resolve("train.log"), new byte[] {0, 1, 2, (byte) 0xff});
        Files.writeString(run.resolve("samples/epoch-001.png"), "no picture");
        equipose.succeed("--resume", "harmless");
        assertFinishedAsIfNothingHadBeen(run);
    }

    private static final Map<String, String> UNLABELLED =
            Map.of("module-info.java", """
            module example.unlabelled {
                requires org.equipose.core;
                exports example.unlabelled;
                provides org.equipose.core.spi.DataSource with example.unlabelled.Bare;
                provides org.equipose.core.spi.Evaluator with example.unlabelled.Counting;
                provides org.equipose.core.spi.Model with example.unlabelled.Schooled;
            }
            """, "Bare.java", """
            package example.unlabelled;

            import java.util.Optional;
            import org.equipose.core.data.*;

            @jakarta.inject.Named("bare")
            public final class Bare implements org.equipose.core.spi.DataSource {
                @Override public DataSets open(DataContext context) {
                    Split split = split(50);
                    return new DataSets(split, split(0), split(20));
                }

                private static Split split(int images) {
                    byte[] pixels = new byte[images * 64];
                    for (int i = 0; i < pixels.length; i++) {
                        pixels[i] = (byte) (i * 37);
                    }
                    return new Split(new ImageSpec(8, 8, 1), pixels, Optional.empty(), Optional.empty());
                }
            }
            """, "Counting.java", """
            package example.unlabelled;

            import java.util.Set;
            import org.equipose.core.data.DataSets;
            import org.equipose.core.run.Report;
            import org.equipose.core.run.RunDirectory;
            import org.equipose.core.spi.Need;
            import org.equipose.core.spi.Trained;

            @jakarta.inject.Named("counting")
            public final class Counting implements org.equipose.core.spi.Evaluator {
                @Override public Set<Need> needs() { return Set.of(Need.LABELS); }

                @Override public Report evaluate(Trained model, DataSets data, RunDirectory run) {
                    throw new IllegalStateException("there are " + data.test().labels().orElseThrow().length);
                }
            }
            """, "Schooled.java", """
            package example.unlabelled;

            import java.util.Map;
            import java.util.Set;
            import org.equipose.core.data.ImageSpec;
            import org.equipose.core.graph.Net;
            import org.equipose.core.spi.*;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            @jakarta.inject.Named("schooled")
            public final class Schooled implements Model {
                @Override public Set<Need> needs() { return Set.of(Need.LABELS); }

                @Override public Pass pass(Net net, Batch batch, int samples) {
                    throw new IllegalStateException("needs " + batch.label().orElseThrow());
                }

                @Override public Map<String, Latent> prior(Net net, int rows, ImageSpec image) { return Map.of(); }

                @Override public Generated generate(
                        Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
                    throw new IllegalStateException("not asked");
                }
            }
            """);
}
