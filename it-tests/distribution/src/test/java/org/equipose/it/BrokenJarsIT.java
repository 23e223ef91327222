package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plugins that are broken in every way we could think of, all in one folder: who does not choose them gets a warning at
 * most, who does gets one message that names them. A plugin that ends the process or never returns cannot be helped.
 */
class BrokenJarsIT {
    private static final String SERVICES = "META-INF/services/org.equipose.core.spi.";
    private static final String THROW = "if (1 > 0) throw new IllegalStateException(\"not today\"); ";
    private static final String AMBIGUOUS =
            "transform 'same' is ambiguous: it is provided by one.jar and by two.jar; remove all but one";

    /** Jars and folders of which nothing can be used, and why. */
    private static final Map<String, String> UNUSABLE = new TreeMap<>();

    static {
        String service = "org.equipose.core.spi.PoseTransform: ";
        UNUSABLE.put(
                "bundle",
                "it holds a copy of org.equipose.core, which the program has; leave that jar and what it depends on out of"
                        + " the folder");
        UNUSABLE.put(
                "closed.jar",
                service + "example.closed.It Unable to get public no-arg constructor:"
                        + " java.lang.NoSuchMethodException: example.closed.It.<init>()");
        UNUSABLE.put("hidden.jar", "its module must export the package example.hidden");
        UNUSABLE.put("hollow.jar", "it provides no component");
        UNUSABLE.put("lost.jar", service + "Provider example.lost.It not found");
        UNUSABLE.put(
                "nameless.jar",
                "example.nameless.It needs @Named with a name of lower-case letters, digits and hyphens");
        UNUSABLE.put("needy.jar", "Module example.library not found, required by example.needy");
        UNUSABLE.put(
                "newer.jar",
                service
                        + "Unable to load example.newer.It: java.lang.UnsupportedClassVersionError: example/newer/It has"
                        + " been compiled by a more recent version of the Java Runtime (class file version 99.0), this"
                        + " version of the Java Runtime only recognizes class file versions up to "
                        + (Runtime.version().feature() + 44) + ".0");
        UNUSABLE.put("newest.jar", "Error reading module: plugins/newest.jar: Unsupported major.minor version 99.0");
        UNUSABLE.put("nothing.jar", "Error reading plugins/nothing.jar: zip file is empty");
        UNUSABLE.put("old.jar", "it was built for version 99 of the service interfaces, but this is version 1");
        UNUSABLE.put(
                "orphan.jar",
                service + "Unable to load example.orphan.It: java.lang.NoClassDefFoundError: example/orphan/Base");
        UNUSABLE.put("partial.jar", "example.partial.It is abstract");
        UNUSABLE.put("rotten.jar", service + "Provider example.rotten.It not found");
        UNUSABLE.put("split", "Package example.shared in more than one module");
        UNUSABLE.put("stranger.jar", "org.equipose.core.spi.Prior: example.stranger.It not a subtype");
        UNUSABLE.put("text.jar", "Error reading plugins/text.jar: zip END header not found");
        UNUSABLE.put("truncated.jar", "Error reading plugins/truncated.jar: zip END header not found");
        UNUSABLE.put(
                "twice", "Two versions of module example.twice found in plugins/twice (twice-1.jar and twice-2.jar)");
        UNUSABLE.put("unnamed.jar", "it provides no component");
    }

    /**
     * A component that can be chosen and fails when it is used.
     *
     * @param reason what the message says after its name
     * @param late whether that is once there is a run directory
     */
    record Failing(String name, String kind, String reason, boolean late) {
        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    static Path folder;

    private static Equipose equipose;
    private static Path plugins;
    private static Path classes;

    @BeforeAll
    static void breakThem() throws IOException {
        equipose = Equipose.in(folder);
        plugins = Files.createDirectory(folder.resolve("plugins"));
        try (Stream<Path> jars = Files.list(Equipose.distribution().resolve("plugins"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, plugins.resolve(jar.getFileName()));
            }
        }
        classes = PluginJar.compile(sources());
        breakFiles();
        breakModules();
        breakClasses();
        for (String name : List.of("third", "talks", "reads")) {
            pack(name);
        }
        for (Failing failing : failing().toList()) {
            pack(failing.name());
        }
    }

    private static void breakFiles() throws IOException {
        Files.writeString(plugins.resolve("text.jar"), "This is no archive.\n");
        Files.createFile(plugins.resolve("nothing.jar"));
        PluginJar.pack(Files.createDirectory(folder.resolve("no-classes")), plugins.resolve("hollow.jar"), Map.of());
        Path jar = pack("truncated");
        byte[] content = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(content, content.length / 2));
        jar = pack("rotten");
        content = Files.readAllBytes(jar);
        Arrays.fill(content, content.length / 4, content.length / 4 + 40, (byte) 0x55); // in the first of its classes
        Files.write(jar, content);
    }

    private static void breakModules() throws IOException {
        pack("needy");
        PluginJar.pack(
                classes.resolve("example.old"),
                plugins.resolve("old.jar"),
                Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nEquipose-SPI: 99\n\n"));
        Path twice = Files.createDirectory(plugins.resolve("twice"));
        for (String version : List.of("1", "2")) {
            PluginJar.pack(classes.resolve("example.twice"), twice.resolve("twice-" + version + ".jar"), Map.of());
        }
        Path split = Files.createDirectory(plugins.resolve("split"));
        for (String half : List.of("left", "right")) {
            PluginJar.pack(classes.resolve("example." + half), split.resolve(half + ".jar"), Map.of());
        }
        Path bundle = Files.createDirectory(plugins.resolve("bundle"));
        String core = "equipose-core-" + Equipose.VERSION + ".jar";
        Files.copy(Equipose.distribution().resolve("lib").resolve(core), bundle.resolve(core));
        PluginJar.pack(classes.resolve("example.bundled"), bundle.resolve("bundled.jar"), Map.of());
        Path clash = Files.createDirectory(plugins.resolve("clash"));
        PluginJar.build(
                clash.resolve("picocli.jar"),
                Map.of(
                        "module-info.java", "module info.picocli { exports example.cli; }",
                        "Cli.java", "package example.cli; public final class Cli {}"));
        PluginJar.pack(classes.resolve("example.clash"), clash.resolve("clash.jar"), Map.of());
        pack("hidden");
        pack("nameless");
        pack("one");
        pack("two");
    }

    private static void breakClasses() throws IOException {
        ageClass("newer", "example/newer/It.class");
        ageClass("newest", "module-info.class");
        Files.delete(classes.resolve("example.lost/example/lost/It.class"));
        pack("lost");
        Files.delete(classes.resolve("example.orphan/example/orphan/Base.class"));
        pack("orphan");
        for (String name : List.of("unnamed", "closed", "partial", "stranger")) {
            Files.delete(classes.resolve("example." + name + "/module-info.class"));
            String service = name.equals("stranger") ? "Prior" : "PoseTransform";
            PluginJar.pack(
                    classes.resolve("example." + name),
                    plugins.resolve(name + ".jar"),
                    name.equals("unnamed") ? Map.of() : Map.of(SERVICES + service, "example." + name + ".It\n"));
        }
    }

    /** Makes a class of a Java that is not there yet. */
    private static void ageClass(String name, String file) throws IOException {
        Path path = classes.resolve("example." + name).resolve(file);
        byte[] content = Files.readAllBytes(path);
        content[7] = 99;
        Files.write(path, content);
        pack(name);
    }

    private static Path pack(String name) throws IOException {
        return PluginJar.pack(classes.resolve("example." + name), plugins.resolve(name + ".jar"), Map.of());
    }

    private static Map<String, String> sources() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : List.of(
                "truncated",
                "rotten",
                "old",
                "twice",
                "bundled",
                "clash",
                "one",
                "two",
                "newer",
                "newest",
                "lost",
                "unnamed",
                "stranger")) {
            transform(texts, name, name.equals("one") || name.equals("two") ? "same" : name, "", "return image;");
        }
        texts.put("example.lost/example/lost/Other.java", "package example.lost; public final class Other {}");
        texts.put("example.library/module-info.java", "module example.library { }");
        transform(texts, "needy", "needy", "", "return image;");
        texts.computeIfPresent(
                "example.needy/module-info.java",
                (file, text) -> text.replace("exports", "requires example.library;exports"));
        transform(texts, "hidden", "hidden", "", "return image;");
        texts.computeIfPresent(
                "example.hidden/module-info.java", (file, text) -> text.replace("exports example.hidden;", ""));
        transform(texts, "nameless", "nameless", "", "return image;");
        texts.computeIfPresent(
                "example.nameless/example/nameless/It.java", (file, text) -> text.replace("@Named(\"nameless\")", ""));
        transform(texts, "orphan", "orphan", "", "return image;");
        texts.computeIfPresent(
                "example.orphan/example/orphan/It.java",
                (file, text) -> text.replace("It implements", "It extends Base implements"));
        texts.put("example.orphan/example/orphan/Base.java", "package example.orphan; class Base {}");
        for (String half : List.of("left", "right")) {
            transform(texts, half, half, "", "return image;");
            texts.put(
                    "example." + half + "/example/shared/Shared.java",
                    "package example.shared; public final class Shared {}");
        }
        transform(texts, "closed", "closed", "private It() {}", "return image;");
        transform(texts, "partial", "partial", "", "return image;");
        texts.computeIfPresent(
                "example.partial/example/partial/It.java",
                (file, text) -> text.replace("final class", "abstract class"));
        for (String name : List.of("closed", "partial", "stranger", "unnamed")) {
            texts.computeIfPresent(
                    "example." + name + "/module-info.java", (file, text) -> text.replaceAll("provides .*;", ""));
        }

        transform(texts, "defaults", "defaults", """
                public record Settings(int size) {
                    public Settings() { this(0); }
                    public Settings { if (size < 1) throw new IllegalArgumentException("size must be at least 1"); }
                }
                public It() {}
                @Inject public It(Settings settings) {}
                """, "return image;");
        transform(texts, "types", "types", """
                public record Settings(Thread thread) { public Settings() { this(null); } }
                public It() {}
                @Inject public It(Settings settings) {}
                """, "return image;");
        transform(
                texts,
                "made",
                "made",
                "public It() { throw new IllegalStateException(\"not today\"); }",
                "return image;");
        transform(
                texts,
                "initialised",
                "initialised",
                "static { if (true) throw new IllegalStateException(\"not today\"); }",
                "return image;");
        transform(texts, "thrower", "thrower", "", THROW + "return image;");
        transform(texts, "refuses", "refuses", "", "return image;");
        texts.computeIfPresent(
                "example.refuses/example/refuses/It.java",
                (file, text) -> text.replace("return 1;", THROW + "return 1;"));
        transform(texts, "misuses", "misuses", "", "return net.parameter(\"one two\", null, -3);");
        transform(texts, "nulls", "nulls", "", "return null;");
        transform(texts, "shape", "shape", "", "return net.ops().math.mean(image, net.ops().constant(3));");
        transform(texts, "deep", "deep", "", "return apply(net, image, pose, out, border);");
        transform(texts, "talks", "talks", "public It() { System.out.println(\"I am here\"); }", "return image;");
        // In the third step the index is out of range.
        transform(texts, "third", "third", "", """
                var tf = net.ops();
                var late = tf.math.maximum(tf.dtypes.cast(net.step(), TFloat32.class), tf.constant(1f));
                var index = tf.dtypes.cast(tf.math.sub(late, tf.constant(1f)), org.tensorflow.types.TInt32.class);
                var one = tf.gather(tf.constant(new float[] {0}), tf.math.mul(index, tf.constant(7)), tf.constant(0));
                return tf.math.add(image, one);""");
        String evaluate = "@Override public Report evaluate(Trained model, DataSets data, RunDirectory run) { %s }";
        component(texts, "measures", "measures", "Evaluator", evaluate.formatted(THROW + "return null;"));
        component(texts, "silent", "silent", "Evaluator", evaluate.formatted("return null;"));
        String open = "@Override public DataSets open(DataContext context) throws java.io.IOException { %s }";
        component(texts, "opens", "opens", "DataSource", open.formatted(THROW + "return null;"));
        component(texts, "empty", "empty", "DataSource", open.formatted("return null;"));
        component(
                texts,
                "reads",
                "reads",
                "DataSource",
                open.formatted("throw new java.io.IOException(\"pixels.bin is damaged; fetch it again\");"));
        component(
                texts,
                "trunk",
                "trunk",
                "Encoder",
                "@Override public Operand<TFloat32> features(Net net, Operand<TFloat32> input) { return null; }");
        return texts;
    }

    private static void transform(Map<String, String> texts, String module, String name, String members, String body) {
        component(texts, module, name, "PoseTransform", members + """
                @Override public int poseSize(ImageSpec image) { return 1; }
                @Override public Operand<TFloat32> apply(
                        Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                    %s
                }
                """.formatted(body));
    }

    private static void component(
            Map<String, String> texts, String module, String name, String service, String members) {
        texts.put("example." + module + "/module-info.java", """
                module example.%1$s {
                    requires org.equipose.core;
                    exports example.%1$s;
                    provides org.equipose.core.spi.%2$s with example.%1$s.It;
                }
                """.formatted(module, service));
        texts.put(
                "example." + module + "/example/" + module + "/It.java", """
                package example.%1$s;
                import jakarta.inject.*;
                import org.equipose.core.data.*;
                import org.equipose.core.graph.*;
                import org.equipose.core.run.*;
                import org.equipose.core.spi.*;
                import org.tensorflow.Operand;
                import org.tensorflow.types.*;

                @Named("%2$s")
                public final class It implements %3$s {
                %4$s
                }
                """.formatted(module, name, service, members));
    }

    @Test
    void areAWarningToWhoeverDoesNotChooseThem() {
        List<String> warnings = new ArrayList<>();
        UNUSABLE.forEach((jar, reason) -> warnings.add("warning: " + jar + ": " + reason));
        warnings.add("warning: " + AMBIGUOUS);
        Equipose.Result trained = equipose.succeed(
                Equipose.tiny("--plugins", "plugins", "--transform", "tps", "--eval", "none", "--run-dir", "trained"));
        assertThat(trained.complaints()).containsExactlyElementsOf(warnings);
        assertThat(equipose.succeed("list", "--plugins", "plugins").out())
                .endsWith("problems\n"
                        + warnings.stream()
                                .map(warning -> warning.replaceFirst("warning:", " ") + "\n")
                                .collect(Collectors.joining()))
                .contains("  tps  ");
    }

    @Test
    void areNamedToWhoeverChoosesThem() {
        Equipose.Result lost = equipose.run("--plugins", "plugins", "--transform", "lost", "--run-dir", "lost");
        assertThat(lost.code()).isEqualTo(2);
        assertThat(lost.err())
                .startsWith("error: unknown transform 'lost'; available: affine, ")
                .contains("  (a plugin cannot be used: lost.jar: " + UNUSABLE.get("lost.jar") + ")\n")
                .doesNotContain("\tat ");
        Equipose.Result same = equipose.run("--plugins", "plugins", "--transform", "same", "--run-dir", "lost");
        assertThat(same.code()).isEqualTo(2);
        assertThat(same.complaints()).containsExactly("error: " + AMBIGUOUS);
        assertThat(folder.resolve("lost")).doesNotExist();
    }

    static Stream<Failing> failing() {
        String here = "java.lang.IllegalStateException: not today (in example.%1$s.It.%2$s, line %3$d)";
        return Stream.of(
                early(
                        "defaults",
                        "transform",
                        "has settings that cannot be used: example.defaults.It$Settings"
                                + " refuses its own defaults: size must be at least 1"),
                early(
                        "types",
                        "transform",
                        "has settings that cannot be used: a setting cannot have the type java.lang.Thread"),
                early("made", "transform", "cannot be built: java.lang.IllegalStateException: not today"),
                early("initialised", "transform", "cannot be built: java.lang.IllegalStateException: not today"),
                early("refuses", "transform", "failed: " + here.formatted("refuses", "poseSize", 12)),
                early("opens", "dataset", "failed: " + here.formatted("opens", "open", 12)),
                early("empty", "dataset", "failed: open returned nothing"),
                late("thrower", "transform", "failed: " + here.formatted("thrower", "apply", 15)),
                late("misuses", "transform", "failed: java.lang.NullPointerException: "),
                late("nulls", "transform", "failed: apply returned nothing"),
                late(
                        "shape",
                        "transform",
                        "failed: apply returned something of shape [100, 28, 28] where [100, 28, 28, 1] is due"),
                late("deep", "transform", "failed: java.lang.StackOverflowError (in example.deep.It.apply, line 15)"),
                late("trunk", "encoder", "failed: features returned nothing"),
                late("measures", "evaluator", "failed: " + here.formatted("measures", "evaluate", 12)),
                late("silent", "evaluator", "failed: evaluate returned nothing"));
    }

    private static Failing early(String name, String kind, String reason) {
        return new Failing(name, kind, reason, false);
    }

    private static Failing late(String name, String kind, String reason) {
        return new Failing(name, kind, reason, true);
    }

    @ParameterizedTest
    @MethodSource("failing")
    void areNamedWhenTheyFail(Failing failing) {
        Path run = folder.resolve(failing.name());
        Equipose.Result result = train(failing.kind().equals("evaluator") ? "eval" : failing.kind(), failing.name());
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(errors(result))
                .singleElement()
                .asString()
                .startsWith("error: " + failing.kind() + " " + failing.name() + " (" + failing.name() + ".jar) "
                        + failing.reason())
                .contains("; its author can help")
                .satisfies(
                        line -> assertThat(line.endsWith("; where it happened is in " + failing.name() + "/train.log"))
                                .isEqualTo(failing.late()));
        assertThat(result.out() + result.err()).doesNotContain("\tat ");
        if (!failing.late()) {
            assertThat(run).doesNotExist();
        } else {
            assertThat(run.resolve("config.yaml")).isNotEmptyFile();
            assertThat(run.resolve("train.log")).content().contains("\tat ", failing.reason());
        }
    }

    /** Its own message says what to do. */
    @Test
    void mayRefuseToOpenAFile() {
        Equipose.Result result = train("dataset", "reads");
        assertThat(result.code()).isEqualTo(2);
        assertThat(errors(result)).containsExactly("error: pixels.bin is damaged; fetch it again");
        assertThat(folder.resolve("reads")).doesNotExist();
    }

    /** TensorFlow cannot say whose operation it was, but its first line does; what was reached stays. */
    @Test
    void mayFailInTheMiddleOfTraining() throws IOException {
        Equipose.Result result = train("transform", "third");
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(errors(result)).singleElement().asString().startsWith("error: training stopped at step 3: ");
        assertThat(new Run(folder.resolve("third")).step()).isZero();
        assertThat(folder.resolve("third/train.log")).content().contains("\tat ");
    }

    @Test
    void mayTalk() {
        Equipose.Result result = train("transform", "talks");
        assertThat(result.code()).as(result.toString()).isZero();
        assertThat(result.out()).contains("I am here\n");
        assertThat(errors(result)).isEmpty();
    }

    private static Equipose.Result train(String option, String name) {
        List<String> words = new ArrayList<>(List.of(Equipose.tiny("--eval", "none")));
        if (name.equals("trunk")) {
            int hidden = words.indexOf("--hidden"); // which it does not have
            words.subList(hidden, hidden + 2).clear();
        }
        words.addAll(List.of("--plugins", "plugins", "--" + option, name, "--run-dir", name));
        return equipose.run(words.toArray(String[]::new));
    }

    private static List<String> errors(Equipose.Result result) {
        return result.complaints().stream()
                .filter(line -> !line.startsWith("warning: "))
                .toList();
    }
}
