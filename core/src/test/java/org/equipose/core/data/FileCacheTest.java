package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs everything but the real network: servers are on this machine, package clients are scripts. */
@Timeout(60)
class FileCacheTest {

    /** No answer is awaited for long, and where one is due it is on this machine. */
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));

    private static final byte[] CONTENT = new byte[100_000];
    private static final byte[] OTHER = new byte[100_000];

    static {
        new SplittableRandom(1).nextBytes(CONTENT);
        new SplittableRandom(2).nextBytes(OTHER);
    }

    @TempDir
    private Path temporary;

    private Path folder;
    private LocalServer server;
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        folder = temporary.resolve("cache/digits");
        server = new LocalServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void bringsAPlainFile() throws IOException {
        server.on("/digits", LocalServer.content(CONTENT));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(kept()).containsExactly("digits");
        assertThat(folder.resolve("digits")).hasBinaryContent(CONTENT);
    }

    @Test
    void bringsACompressedFileAndKeepsItUncompressed() throws IOException {
        server.on("/digits.gz", LocalServer.content(IdxTest.gzip(CONTENT)));
        assertThat(read(file(url("/digits.gz")))).isEqualTo(CONTENT);
        assertThat(folder.resolve("digits")).hasBinaryContent(CONTENT);
    }

    @Test
    void bringsAFileOfUnknownLength() throws IOException {
        server.on("/digits", (from, out) -> {
            LocalServer.head(out, "200 OK");
            out.write(CONTENT);
        });
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(heard).last().isEqualTo("digits from 127.0.0.1 100000/-1");
    }

    @Test
    void saysHowFarItHasCome() throws IOException {
        server.on("/digits", LocalServer.content(CONTENT));
        read(file(url("/digits")));
        assertThat(heard).first().isEqualTo("digits from 127.0.0.1 0/100000");
        assertThat(heard).last().isEqualTo("digits from 127.0.0.1 100000/100000");
    }

    @Test
    void fetchesOnlyOnce() throws IOException {
        server.on("/digits", LocalServer.content(CONTENT));
        RemoteFile file = file(url("/digits"));
        read(file);
        assertThat(read(file)).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/digits");
    }

    @Test
    void followsRedirects() throws IOException {
        server.on("/old", (from, out) -> LocalServer.head(out, "301 Moved", "Content-Length: 0", "Location: /new"));
        server.on("/new", LocalServer.content(CONTENT));
        assertThat(read(file(url("/old")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/old", "/new");
    }

    @Test
    void resumesABrokenTransfer() throws IOException {
        server.on("/digits", (from, out) -> {
            LocalServer.Answer answer =
                    from == 0 ? LocalServer.breakingOff(CONTENT, 30_000) : LocalServer.content(CONTENT);
            answer.to(from, out);
        });
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/digits", "/digits from 30000");
        assertThat(kept()).containsExactly("digits");
    }

    @Test
    void resumesWhatAnEarlierRunLeft() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits.part"), Arrays.copyOf(CONTENT, 40_000));
        server.on("/digits", LocalServer.content(CONTENT));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/digits from 40000");
        assertThat(heard).first().isEqualTo("digits from 127.0.0.1 40000/100000");
    }

    @Test
    void startsAgainWhenTheServerCannotResume() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits.part"), Arrays.copyOf(CONTENT, 40_000));
        server.on("/digits", (from, out) -> LocalServer.content(CONTENT).to(0, out));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
    }

    @Test
    void startsAgainWhenTheServerResumesElsewhere() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits.part"), Arrays.copyOf(CONTENT, 40_000));
        server.on("/digits", (from, out) -> LocalServer.content(CONTENT).to(from == 0 ? 0 : 50_000, out));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/digits from 40000", "/digits");
        assertThat(heard).first().isEqualTo("digits from 127.0.0.1 0/100000");
    }

    @Test
    void startsAgainWhenTheBeginningIsLongerThanTheFile() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits.part"), new byte[100_001]);
        server.on("/digits", LocalServer.content(CONTENT));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/digits from 100001", "/digits");
    }

    @Test
    void startsAgainWhenTheBeginningIsOfAnotherFile() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits.part"), Arrays.copyOf(OTHER, 40_000));
        server.on("/digits", LocalServer.content(CONTENT));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/digits from 40000", "/digits");
    }

    @Test
    void keepsTheBeginningOfATransferThatCannotBeCompleted() throws IOException {
        server.on("/digits", LocalServer.breakingOff(CONTENT, 30_000));
        assertThat(failure(file(url("/digits")))).hasMessageContaining("the transfer broke off");
        assertThat(kept()).containsExactly("digits.part");
        assertThat(folder.resolve("digits.part")).hasBinaryContent(Arrays.copyOf(CONTENT, 30_000));
    }

    @Test
    void triesTheNextRouteAfterATruncatedFile() throws IOException {
        byte[] compressed = IdxTest.gzip(CONTENT);
        server.on("/short", LocalServer.content(Arrays.copyOf(compressed, 50_000)));
        server.on("/whole", LocalServer.content(compressed));
        assertThat(read(file(url("/short"), url("/whole")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/short", "/whole");
        assertThat(failureWithout("/whole", file(url("/short"), url("/whole"))))
                .hasMessageContaining("/short: damaged gzip file")
                .hasMessageContaining("/whole: the answer was HTTP 404");
        assertThat(kept()).isEmpty();
    }

    @Test
    void saysHowMuchIsThereOfAFileThatIsTooShort() throws IOException {
        server.on("/short", LocalServer.content(Arrays.copyOf(CONTENT, 99_999)));
        assertThat(failure(file(url("/short")))).hasMessageContaining("/short: 99999 instead of 100000 bytes");
        assertThat(kept()).isEmpty();
    }

    @Test
    void triesTheNextRouteAfterAWrongChecksum() throws IOException {
        server.on("/wrong", LocalServer.content(OTHER));
        server.on("/right", LocalServer.content(CONTENT));
        assertThat(read(file(url("/wrong"), url("/right")))).isEqualTo(CONTENT);
        assertThat(folder.resolve("digits")).hasBinaryContent(CONTENT);
        assertThat(failureWithout("/right", file(url("/wrong"), url("/right"))))
                .hasMessageContaining("/wrong: md5 " + md5(OTHER) + " instead of " + md5(CONTENT));
    }

    @Test
    void triesTheNextRouteAfterAnError() throws IOException {
        server.on("/broken", (from, out) -> LocalServer.head(out, "500 Oops", "Content-Length: 0"));
        server.on("/right", LocalServer.content(CONTENT));
        assertThat(read(file(url("/missing"), url("/broken"), url("/right")))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/missing", "/broken", "/right");
    }

    @Test
    void refusesAnAnswerWithoutEnd() throws IOException {
        server.on("/endless", (from, out) -> {
            LocalServer.head(out, "200 OK");
            while (true) {
                out.write(CONTENT);
            }
        });
        assertThat(failure(file(url("/endless")))).hasMessageContaining("more than the file can have");
        assertThat(kept()).isEmpty();
    }

    @Test
    void refusesContentThatIsLarge() throws IOException {
        byte[] bomb = IdxTest.gzip(new byte[5_000_000]);
        server.on("/bomb", LocalServer.content(bomb));
        assertThat(failure(file(url("/bomb")))).hasMessageContaining("/bomb: more than the 100000 bytes");
    }

    @Test
    void triesTheNextRouteWhenNobodyListens() throws IOException {
        server.on("/right", LocalServer.content(CONTENT));
        Route nobody = new Route.Url("http://127.0.0.1:" + freePort() + "/digits");
        assertThat(read(file(nobody, url("/right")))).isEqualTo(CONTENT);
        assertThat(failureWithout("/right", file(nobody)))
                .hasMessageContaining(nobody + ": the host takes no connection");
    }

    @Test
    void triesTheNextRouteWhenTheHostIsUnknown() throws IOException {
        // RFC 6761 keeps this domain from ever existing.
        Route unknown = new Route.Url("https://equipose.invalid/digits");
        server.on("/right", LocalServer.content(CONTENT));
        assertThat(read(file(unknown, url("/right")))).isEqualTo(CONTENT);
        // What the machine's resolver says, and how soon, depends on its network.
        assertThat(failureWithout("/right", file(unknown))).hasMessageContaining(unknown + ": ");
    }

    @Test
    void asksAHostThatStaysSilentOnlyOnce() throws IOException {
        server.on("/silent", LocalServer::silence);
        try (LocalServer other = new LocalServer()) {
            other.on("/right", LocalServer.content(CONTENT));
            Route right = new Route.Url(other.at("/right"));
            Patience little = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5));
            try (FileCache cache = new FileCache(folder, true, this::hear, little, List.of())) {
                for (String name : List.of("one", "two", "three")) {
                    RemoteFile file =
                            new RemoteFile(name, CONTENT.length, md5(CONTENT), List.of(url("/silent"), right));
                    assertThat(cache.read(file)).isEqualTo(CONTENT);
                }
            }
            assertThat(server.requests()).containsExactly("/silent");
            assertThat(other.requests()).containsExactly("/right", "/right", "/right");
        }
    }

    @Test
    void givesUpATransferThatStalls() throws IOException {
        server.on("/stalls", (from, out) -> {
            LocalServer.head(out, "200 OK", "Content-Length: 100000");
            out.write(CONTENT, 0, 20_000);
            LocalServer.silence(from, out);
        });
        Patience little = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(5));
        try (FileCache cache = new FileCache(folder, true, this::hear, little, List.of())) {
            assertThatThrownBy(() -> cache.read(file(url("/stalls")))).hasMessageContaining("nothing came for 2 s");
        }
        assertThat(folder.resolve("digits.part")).hasBinaryContent(Arrays.copyOf(CONTENT, 20_000));
    }

    @Test
    void saysWhatWasTriedAndWhatToDo() {
        Route npm = new Route.Packaged(Route.Client.NPM, "digits@1", "package/digits");
        assertThat(failure(file(url("/missing"), npm)))
                .hasMessage("digits is not to be had:\n  " + server.at("/missing") + ": the answer was HTTP 404\n"
                        + "  npm pack digits@1: npm is not on the PATH\n"
                        + "Put it, plain or as digits.gz, into " + folder
                        + "; uncompressed it has 100000 bytes and the md5 " + md5(CONTENT) + ".");
    }

    @Test
    void takesWhatWasPutThereByHand() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits.gz"), IdxTest.gzip(CONTENT));
        try (FileCache cache = offline()) {
            assertThat(cache.read(file(url("/digits")))).isEqualTo(CONTENT);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void fetchesNothingUnlessAllowed() throws IOException {
        server.on("/digits", LocalServer.content(CONTENT));
        try (FileCache cache = offline()) {
            assertThatThrownBy(() -> cache.read(file(url("/digits"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("digits is not to be had")
                    .hasMessageContaining("fetching is switched off")
                    .hasMessageContaining(folder.toString());
        }
        assertThat(server.requests()).isEmpty();
        assertThat(folder).doesNotExist();
    }

    @Test
    void replacesADamagedFile() throws IOException {
        damage();
        server.on("/digits", LocalServer.content(CONTENT));
        assertThat(read(file(url("/digits")))).isEqualTo(CONTENT);
        assertThat(folder.resolve("digits")).hasBinaryContent(CONTENT);
        assertThat(heard)
                .first()
                .isEqualTo("warning: a cached file is damaged and is fetched again: " + folder.resolve("digits")
                        + ": md5 " + md5(OTHER) + " instead of " + md5(CONTENT) + " 0/-1");
    }

    @Test
    void namesADamagedFileThatItMayNotReplace() throws IOException {
        damage();
        try (FileCache cache = offline()) {
            assertThatThrownBy(() -> cache.read(file(url("/digits"))))
                    .hasMessageContaining(
                            folder.resolve("digits") + ": md5 " + md5(OTHER) + " instead of " + md5(CONTENT));
        }
        assertThat(folder.resolve("digits")).hasBinaryContent(OTHER);
    }

    @Test
    void namesADamagedFileThatItCannotReplace() throws IOException {
        damage();
        assertThat(failure(file(url("/missing"))))
                .hasMessageContaining(folder.resolve("digits") + ": md5 " + md5(OTHER))
                .hasMessageContaining("/missing: the answer was HTTP 404");
        assertThat(folder.resolve("digits")).hasBinaryContent(OTHER);
    }

    @Test
    void saysWhenTheFolderCannotBeWritten() throws IOException {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "a file where the folder should be");
        server.on("/digits", LocalServer.content(CONTENT));
        assertThat(failure(file(url("/digits"))))
                .hasMessageContaining("digits is missing and cannot be fetched")
                .hasMessageContaining(folder + " cannot be written");
    }

    @Test
    void waitsForAnotherThatFetches() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        server.on("/digits", (from, out) -> {
            asked.countDown();
            awaitOrFail(waiting);
            LocalServer.content(CONTENT).to(from, out);
        });
        RemoteFile file = file(url("/digits"));
        Progress second = (what, done, total) -> {
            if (what.contains("waiting for another process")) {
                waiting.countDown();
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<byte[]> one = threads.submit(reading(Progress.SILENT, file));
            awaitOrFail(asked);
            Future<byte[]> two = threads.submit(reading(second, file));
            assertThat(one.get()).isEqualTo(CONTENT);
            assertThat(two.get()).isEqualTo(CONTENT);
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests()).containsExactly("/digits");
        assertThat(kept()).containsExactly("digits");
    }

    @Test
    void waitsForAnotherProcess() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        server.on("/digits", (from, out) -> {
            asked.countDown();
            awaitOrFail(waiting);
            LocalServer.content(CONTENT).to(from, out);
        });
        Path program = Files.writeString(temporary.resolve("Other.java"), """
                import java.nio.file.Path;
                import java.util.List;
                import org.equipose.core.data.*;

                public class Other {
                    public static void main(String[] args) throws Exception {
                        RemoteFile file = new RemoteFile("digits", 100000, args[2], List.of(new Route.Url(args[1])));
                        try (FileCache cache = new FileCache(Path.of(args[0]), true, Progress.SILENT)) {
                            cache.read(file);
                        }
                    }
                }
                """);
        Path classes = Path.of(FileCache.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes.toString(),
                        program.toString(),
                        folder.toString(),
                        server.at("/digits"),
                        md5(CONTENT))
                .inheritIO()
                .start();
        try {
            awaitOrFail(asked);
            Progress progress = (what, done, total) -> waiting.countDown();
            assertThat(reading(progress, file(url("/digits"))).call()).isEqualTo(CONTENT);
            assertThat(other.waitFor()).isZero();
        } finally {
            other.destroy();
        }
        assertThat(server.requests()).containsExactly("/digits");
        assertThat(kept()).containsExactly("digits");
    }

    @Test
    void stopsWhenInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.on("/silent", (from, out) -> {
            asked.countDown();
            LocalServer.silence(from, out);
        });
        server.on("/right", LocalServer.content(CONTENT));
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> thrown[0] = catchThrowable(() -> read(file(url("/silent"), url("/right")))));
        thread.start();
        awaitOrFail(asked);
        thread.interrupt();
        thread.join();
        assertThat(thrown[0]).isInstanceOf(InterruptedIOException.class);
        assertThat(server.requests()).containsExactly("/silent");
    }

    @Test
    void takesFilesFromAnNpmPackageThatItFetchesOnce() throws Exception {
        Path tools = tools();
        Path made = Files.createDirectories(temporary.resolve("made/package/data"));
        Files.write(made.resolve("one"), CONTENT);
        Files.write(made.resolve("two"), IdxTest.gzip(OTHER));
        script(
                tools,
                "npm",
                "echo \"$@\" >> '" + temporary + "/calls'; tar -czf digits-1.0.0.tgz -C '" + temporary.resolve("made")
                        + "' package");
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            assertThat(cache.read(packaged("one", CONTENT, "digits@1.0.0"))).isEqualTo(CONTENT);
            assertThat(cache.read(packaged("two", OTHER, "digits@1.0.0"))).isEqualTo(OTHER);
            assertThatThrownBy(() -> cache.read(packaged("three", OTHER, "digits@1.0.0")))
                    .hasMessageContaining("npm pack digits@1.0.0: the package has no package/data/three");
        }
        assertThat(Files.readAllLines(temporary.resolve("calls")))
                .singleElement()
                .asString()
                .startsWith("pack digits@1.0.0 --ignore-scripts");
        assertThat(heard).containsExactly("npm pack digits@1.0.0 0/-1");
        assertThat(kept()).containsExactly("one", "two");
    }

    @Test
    void leavesNothingOfARouteThatFailed() throws Exception {
        Path tools = tools();
        Path made = Files.createDirectories(temporary.resolve("made/package/data"));
        Files.write(made.resolve("digits"), CONTENT);
        script(tools, "npm", "tar -czf digits-1.0.0.tgz -C '" + temporary.resolve("made") + "' package");
        server.on("/digits", LocalServer.breakingOff(CONTENT, 30_000));
        Route npm = new Route.Packaged(Route.Client.NPM, "digits@1.0.0", "package/data/digits");
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            assertThat(cache.read(file(url("/digits"), npm))).isEqualTo(CONTENT);
        }
        assertThat(kept()).containsExactly("digits");
    }

    @Test
    void makesAFileOfOthers() throws Exception {
        Path tools = tools();
        Path made = Files.createDirectories(temporary.resolve("made/package/data"));
        Files.write(made.resolve("first"), Arrays.copyOf(CONTENT, 60_000));
        Files.write(made.resolve("second"), Arrays.copyOfRange(CONTENT, 60_000, 100_000));
        script(tools, "npm", "tar -czf digits-1.0.0.tgz -C '" + temporary.resolve("made") + "' package");
        List<Route.Packaged> parts = List.of(
                new Route.Packaged(Route.Client.NPM, "digits@1", "package/data/first"),
                new Route.Packaged(Route.Client.NPM, "digits@1", "package/data/second"));
        Route.Recipe joined = files -> {
            byte[] content = Arrays.copyOf(Files.readAllBytes(files.get(0)), 100_000);
            System.arraycopy(Files.readAllBytes(files.get(1)), 0, content, 60_000, 40_000);
            return content;
        };
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            assertThatThrownBy(() -> cache.read(file(new Route.Made(parts, files -> OTHER))))
                    .hasMessageContaining(
                            "npm pack digits@1: md5 " + md5(OTHER) + " instead of " + md5(CONTENT) + "\nPut it");
            assertThatThrownBy(() -> cache.read(file(new Route.Made(parts, files -> new byte[files.size() - 3]))))
                    .hasMessageContaining("npm pack digits@1: it cannot be made of what is in there");
            assertThat(kept()).isEmpty();
            assertThat(cache.read(file(new Route.Made(parts, joined)))).isEqualTo(CONTENT);
        }
        assertThat(folder.resolve("digits")).hasBinaryContent(CONTENT);
    }

    @Test
    void takesSeveralFilesFromAnArchiveThatItFetchesOnce() throws Exception {
        byte[] archive = archive();
        server.on("/all.tar.gz", LocalServer.content(archive));
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of())) {
            assertThat(cache.read(archived("one", CONTENT, archive))).isEqualTo(CONTENT);
            assertThat(cache.read(archived("two", OTHER, archive))).isEqualTo(OTHER);
        }
        assertThat(server.requests()).containsExactly("/all.tar.gz");
        assertThat(kept()).containsExactly("one", "two");
    }

    @Test
    void refusesAnArchiveOfOtherFiles() throws Exception {
        byte[] archive = archive();
        server.on("/all.tar.gz", LocalServer.content(archive));
        for (String[] wrong : new String[][] {
            {"three", "there is no set/three in the archive"}, {"two", "md5 " + md5(OTHER) + " instead of"}
        }) {
            assertThat(failure(archived(wrong[0], CONTENT, archive))).hasMessageContaining(wrong[1]);
            assertThat(kept()).isEmpty();
        }
        assertThat(failure(archived("one", new byte[5], archive)))
                .hasMessageContaining("set/one has 100000 instead of 5 bytes");
        byte[] half = Arrays.copyOf(archive, archive.length / 4);
        server.on("/all.tar.gz", LocalServer.content(half));
        assertThat(failure(archived("two", OTHER, archive))).hasMessageContaining("/all.tar.gz: damaged archive");
    }

    @Test
    void resumesAnArchive() throws Exception {
        byte[] archive = archive();
        Files.createDirectories(folder);
        Files.write(folder.resolve("all.tar.gz.part"), Arrays.copyOf(archive, 40_000));
        server.on("/all.tar.gz", LocalServer.content(archive));
        assertThat(read(archived("one", CONTENT, archive))).isEqualTo(CONTENT);
        Files.write(folder.resolve("all.tar.gz.part"), archive);
        assertThat(read(archived("two", OTHER, archive))).isEqualTo(OTHER);
        assertThat(server.requests()).containsExactly("/all.tar.gz from 40000");
    }

    @Test
    void startsAnArchiveAgainWhenItsBeginningIsOfAnother() throws Exception {
        byte[] archive = archive();
        Files.createDirectories(folder);
        Files.write(folder.resolve("all.tar.gz.part"), Arrays.copyOf(OTHER, 40_000));
        server.on("/all.tar.gz", LocalServer.content(archive));
        assertThat(read(archived("one", CONTENT, archive))).isEqualTo(CONTENT);
        assertThat(server.requests()).containsExactly("/all.tar.gz from 40000", "/all.tar.gz");
        assertThat(kept()).containsExactly("one");
    }

    @Test
    void namesEveryFileThatIsMissingOrDamaged() throws IOException {
        damage();
        RemoteFile missing = new RemoteFile("more", CONTENT.length, md5(CONTENT), List.of());
        try (FileCache cache = offline()) {
            assertThatThrownBy(() -> cache.read(List.of(file(), missing)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(folder.resolve("digits") + ": md5 " + md5(OTHER) + " instead of " + md5(CONTENT)
                            + "; the file is damaged, run.sh data fetch fetches it again\n"
                            + "more is not to be had: fetching is switched off (run.sh data fetch fetches); put it, plain or as"
                            + " more.gz, into " + folder + "; uncompressed it has 100000 bytes and the md5 "
                            + md5(CONTENT));
        }
    }

    /** Whatever happens to a cached file, what is read is the original. */
    @ParameterizedTest
    @ValueSource(ints = 60)
    void aDamagedFileIsRefusedOrFetchedAgain(int times) throws IOException {
        SplittableRandom random = new SplittableRandom(times);
        server.on("/digits", LocalServer.content(CONTENT));
        RemoteFile file = file(url("/digits"));
        byte[] compressed = IdxTest.gzip(CONTENT);
        Files.createDirectories(folder);
        for (int i = 0; i < times; i++) {
            boolean plain = random.nextBoolean();
            byte[] whole = plain ? CONTENT : compressed;
            byte[] bad = random.nextInt(3) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (bad.length == whole.length) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Path path = folder.resolve(plain ? "digits" : "digits.gz");
            Files.write(path, bad);
            try (FileCache cache = offline()) {
                // A flipped bit in the head of a gzip file, such as one of its date, does no harm.
                assertThat(cache.read(file)).isEqualTo(CONTENT);
                assertThat(plain).isFalse();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining(path + ": ").hasMessageContaining("the file is damaged");
                heard.clear();
                assertThat(read(file)).isEqualTo(CONTENT);
                assertThat(heard).first().asString().startsWith("warning: a cached file is damaged");
            }
            Files.deleteIfExists(folder.resolve("digits"));
            Files.deleteIfExists(path);
        }
    }

    @Tag("soak")
    @Test
    void manyDamagedFilesAreRefusedOrFetchedAgain() throws IOException {
        aDamagedFileIsRefusedOrFetchedAgain(500);
    }

    @Test
    void removesWhatItUnpacked() throws Exception {
        Path tools = tools();
        Path made = Files.createDirectories(temporary.resolve("made/package/data"));
        Files.write(made.resolve("one"), CONTENT);
        script(
                tools,
                "npm",
                "pwd > '" + temporary + "/where'; tar -czf digits-1.0.0.tgz -C '" + temporary.resolve("made")
                        + "' package");
        Path where;
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            cache.read(packaged("one", CONTENT, "digits@1.0.0"));
            where = Path.of(Files.readString(temporary.resolve("where")).strip());
            assertThat(where).isDirectory();
        }
        assertThat(where.getParent()).doesNotExist();
    }

    @Test
    void takesAFileFromADebianPackage() throws Exception {
        Path tools = tools();
        Path content = Files.write(temporary.resolve("content"), IdxTest.gzip(CONTENT));
        script(tools, "apt-get", "[ \"$1 $2\" = 'download digits' ] && touch digits_1_all.deb");
        script(
                tools,
                "dpkg-deb",
                "[ \"$1\" = -x ] && [ -f \"$2\" ] && mkdir -p \"$3/usr/share\" && cp '" + content
                        + "' \"$3/usr/share/digits.gz\"");
        Route route = new Route.Packaged(Route.Client.APT, "digits", "usr/share/digits.gz");
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            assertThat(cache.read(file(route))).isEqualTo(CONTENT);
        }
    }

    @Test
    void asksAClientWithoutNetworkOnlyOnce() throws Exception {
        Path tools = tools();
        script(tools, "npm", "echo call >> '" + temporary + "/calls'; echo 'npm error code ENOTFOUND' >&2; exit 1");
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            for (String name : List.of("one", "two")) {
                assertThatThrownBy(() -> cache.read(packaged(name, CONTENT, "digits@1", "others@2")))
                        .hasMessageContaining("npm pack digits@1: exit status 1, npm error code ENOTFOUND")
                        .hasMessageContaining("npm pack others@2: exit status 1, npm error code ENOTFOUND");
            }
        }
        assertThat(temporary.resolve("calls")).hasContent("call");
    }

    @Test
    void triesTheNextPackageWhenOneIsNotToBeHad() throws Exception {
        Path tools = tools();
        Path made = Files.createDirectories(temporary.resolve("made/package/data"));
        Files.write(made.resolve("one"), CONTENT);
        script(
                tools,
                "npm",
                "[ \"$2\" = others@2 ] || { echo 'npm error code E404'; exit 1; }; tar -czf o.tgz -C '"
                        + temporary.resolve("made") + "' package");
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of(tools))) {
            assertThat(cache.read(packaged("one", CONTENT, "digits@1", "others@2")))
                    .isEqualTo(CONTENT);
        }
    }

    @Test
    void endsAClientThatHangs() throws Exception {
        Path tools = tools();
        script(tools, "npm", "echo $$ > '" + temporary + "/pid'; exec sleep 300");
        Patience little = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(3));
        try (FileCache cache = new FileCache(folder, true, this::hear, little, List.of(tools))) {
            assertThatThrownBy(() -> cache.read(packaged("one", CONTENT, "digits@1")))
                    .hasMessageContaining("npm pack digits@1: it was not done after 3 s");
        }
        long pid = Long.parseLong(Files.readString(temporary.resolve("pid")).strip());
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
    }

    @Test
    void refusesFilesThatCannotBeKnown() {
        List<Route> none = List.of();
        String md5 = md5(CONTENT);
        assertThatThrownBy(() -> new RemoteFile("../digits", 1, md5, none)).hasMessageContaining("../digits");
        assertThatThrownBy(() -> new RemoteFile("digits", 0, md5, none)).hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> new RemoteFile("digits", 1L << 31, md5, none))
                .hasMessageContaining("2147483648 bytes");
        assertThatThrownBy(() -> new RemoteFile("digits", 1, "ABC", none)).hasMessageContaining("ABC");
        assertThatThrownBy(() -> new Route.Url("file:/digits")).hasMessageContaining("file:/digits");
        assertThatThrownBy(() -> new Route.Packaged(Route.Client.NPM, "digits", "../digits"))
                .hasMessageContaining("../digits does not lie inside digits");
    }

    private void hear(String what, long done, long total) {
        heard.add(what + " " + done + "/" + total);
    }

    private Route url(String path) {
        return new Route.Url(server.at(path));
    }

    private static RemoteFile file(Route... routes) {
        return new RemoteFile("digits", CONTENT.length, md5(CONTENT), List.of(routes));
    }

    private static RemoteFile packaged(String name, byte[] content, String... packages) {
        List<Route> routes = Stream.of(packages)
                .map(of -> (Route) new Route.Packaged(Route.Client.NPM, of, "package/data/" + name))
                .toList();
        return new RemoteFile(name, content.length, md5(content), routes);
    }

    private byte[] archive() throws Exception {
        Path set = Files.createDirectories(temporary.resolve("archive/set"));
        Files.write(set.resolve("one"), CONTENT);
        Files.write(set.resolve("two"), OTHER);
        Path archive = temporary.resolve("all.tar.gz");
        new ProcessBuilder(
                        "tar", "-czf", archive.toString(), "-C", set.getParent().toString(), "set")
                .start()
                .waitFor();
        return Files.readAllBytes(archive);
    }

    private RemoteFile archived(String name, byte[] content, byte[] archive) {
        Route.Url address = new Route.Url(server.at("/all.tar.gz"));
        return new RemoteFile(
                name,
                content.length,
                md5(content),
                List.of(new Route.Archived(address, archive.length, "set/" + name)));
    }

    private byte[] read(RemoteFile file) throws IOException {
        try (FileCache cache = new FileCache(folder, true, this::hear, PATIENCE, List.of())) {
            return cache.read(file);
        }
    }

    private Callable<byte[]> reading(Progress progress, RemoteFile file) {
        return () -> {
            try (FileCache cache = new FileCache(folder, true, progress, PATIENCE, List.of())) {
                return cache.read(file);
            }
        };
    }

    private FileCache offline() {
        return new FileCache(folder, false, this::hear, PATIENCE, List.of());
    }

    private Throwable failure(RemoteFile file) {
        Throwable failure = catchThrowable(() -> read(file));
        assertThat(failure).isInstanceOf(IOException.class).isNotInstanceOf(InterruptedIOException.class);
        return failure;
    }

    private Throwable failureWithout(String path, RemoteFile file) throws IOException {
        server.on(path, (from, out) -> LocalServer.head(out, "404 Not Found", "Content-Length: 0"));
        Files.delete(folder.resolve("digits"));
        return failure(file);
    }

    /** Returns the names in the folder, without the lock that stays there. */
    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private void damage() throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("digits"), OTHER);
    }

    /** Makes a folder of programs with the real tar. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(temporary.resolve("tools"));
        script(tools, "tar", "PATH=/bin:/usr/bin exec tar \"$@\"");
        return tools;
    }

    private static void script(Path tools, String name, String body) throws IOException {
        Path script = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String md5(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("what was waited for did not happen");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
