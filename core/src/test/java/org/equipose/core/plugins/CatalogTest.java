package org.equipose.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.inject.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.equipose.core.config.SettingsBinder;
import org.equipose.core.data.DataSets;
import org.equipose.core.run.Report;
import org.equipose.core.run.RunDirectory;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Trained;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    private static final String SERVICE = "META-INF/services/org.equipose.core.spi.PoseTransform";

    @TempDir
    private Path folder;

    @Test
    void findsEveryKindInAJar() {
        DemoPlugin.write(folder.resolve("demo.jar"));
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.problems()).isEmpty();
        for (Kind kind : Kind.values()) {
            assertThat(catalog.components(kind)).as(kind.label()).isNotEmpty();
        }
        Component tps = catalog.find(Kind.TRANSFORM, "tps").orElseThrow();
        assertThat(tps.about()).isEqualTo("a transform");
        assertThat(tps.paper()).isEqualTo("Nobody 1999");
        assertThat(tps.origin()).isEqualTo(new Origin("demo", "", Optional.of(folder.resolve("demo.jar"))));
        assertThat(tps).hasToString("transform tps (demo.jar)");
        assertThat(tps.keys())
                .containsExactly(
                        new SettingsBinder.Key("grid-size", "a whole number", "3", "points a side", List.of()));
        assertThat(catalog.find(Kind.MODEL, "tvae").orElseThrow().needs())
                .contains(
                        new Component.Need(Kind.ENCODER, Optional.empty(), List.of()),
                        new Component.Need(Kind.ENCODER, Optional.of("localisation"), List.of("dense.hidden=128")),
                        new Component.Need(Kind.PRIOR, Optional.of("pose-prior"), List.of()));
    }

    @Test
    void findsAJarThatIsNoModule() {
        new PluginJar()
                .transform("plain", "Plain", "plain")
                .resource(SERVICE, "plain.Plain\n")
                .write(folder.resolve("plain-1.2.jar"));
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.find(Kind.TRANSFORM, "plain").orElseThrow().origin().moduleVersion())
                .isEqualTo("plain@1.2");
    }

    @Test
    void letsTwoPluginsCarryTheSamePackage() {
        transform("one", "same", "One", "one").write(folder.resolve("one.jar"));
        transform("two", "same", "One", "two").write(folder.resolve("two.jar"));
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.names(Kind.TRANSFORM)).containsExactly("one", "two");
    }

    @Test
    void opensAFolderOfJarsAsOnePlugin() throws IOException {
        Path jars = Files.createDirectory(folder.resolve("bundle"));
        new PluginJar()
                .source("module-info", "module library { exports library; }")
                .source("library.Library", "package library; public final class Library {}")
                .write(jars.resolve("library.jar"));
        transform("user", "user", "User", "user").write(jars.resolve("user.jar"));
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.find(Kind.TRANSFORM, "user").orElseThrow().origin()).hasToString("bundle");
    }

    @Test
    void keepsGoodPluginsBesideBrokenOnes() throws IOException {
        transform("good", "good", "Good", "good").write(folder.resolve("good.jar"));
        Files.writeString(folder.resolve("broken.jar"), "this is no zip");
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("README.txt"), "not looked at");
        new PluginJar()
                .source("module-info", "module needy { requires java.sql.rowset; }")
                .source("needy.Needy", "package needy; public final class Needy {}")
                .write(folder.resolve("nothing.jar"));
        new PluginJar()
                .source("module-info", module("lost", "lost", "Lost"))
                .transform("lost", "Lost", "lost")
                .without("lost.Lost")
                .write(folder.resolve("lost.jar"));
        new PluginJar()
                .transform("other", "Other", "other")
                .resource(SERVICE, "other.Misspelt\n")
                .write(folder.resolve("misspelt.jar"));
        new PluginJar()
                .source("module-info", module("nameless", "nameless", "Nameless"))
                .source(
                        "nameless.Nameless",
                        PluginJar.transformSource("nameless", "Nameless", "x").replace("@Named(\"x\")", ""))
                .write(folder.resolve("nameless.jar"));
        new PluginJar()
                .source("module-info", module("hidden", "hidden", "Hidden").replace("exports hidden;", ""))
                .transform("hidden", "Hidden", "hidden")
                .write(folder.resolve("hidden.jar"));
        new PluginJar()
                .transform("stranger", "Stranger", "stranger")
                .resource("META-INF/services/org.equipose.core.spi.Prior", "stranger.Stranger\n")
                .write(folder.resolve("stranger.jar"));
        new PluginJar().resource("x.txt", "x").write(folder.resolve("9.jar"));

        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.names(Kind.TRANSFORM)).containsExactly("good");
        assertThat(catalog.names(Kind.PRIOR)).isEmpty();
        assertProblem(catalog, "broken.jar: ", "zip");
        assertProblem(catalog, "empty: ", "no module");
        assertProblem(catalog, "lost.jar: ", "lost.Lost");
        assertProblem(catalog, "misspelt.jar: ", "other.Misspelt");
        assertProblem(catalog, "nameless.jar: ", "needs @Named");
        assertProblem(catalog, "hidden.jar: ", "must export the package hidden");
        assertProblem(catalog, "stranger.jar: ", "stranger.Stranger");
        assertProblem(catalog, "9.jar: ", "module name");
        assertProblem(catalog, "nothing.jar: ", "");
        assertThat(catalog.problems()).hasSize(9);
        assertThat(catalog.whyNot(Kind.TRANSFORM, "lost")).contains("available: good", "lost.jar: ");
    }

    @Test
    void namesTheModuleThatIsMissing() throws IOException {
        Path library = new PluginJar()
                .source("module-info", "module absent.library { exports absent; }")
                .source("absent.Absent", "package absent; public final class Absent {}")
                .write(Files.createDirectory(folder.resolve("elsewhere")).resolve("absent.jar"));
        String path = System.getProperty("jdk.module.path");
        System.setProperty("jdk.module.path", path + System.getProperty("path.separator") + library);
        try {
            new PluginJar()
                    .source("module-info", module("needy", "needy", "Needy").replace("{", "{ requires absent.library;"))
                    .transform("needy", "Needy", "needy")
                    .write(folder.resolve("needy.jar"));
        } finally {
            System.setProperty("jdk.module.path", path);
        }
        Files.delete(library);
        assertProblem(Catalog.scan(folder), "needy.jar: ", "absent.library not found");
    }

    @Test
    void refusesAJarForAnotherVersionOfTheServices() {
        transform("old", "old", "Old", "old")
                .resource("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nEquipose-SPI: 99\n\n")
                .write(folder.resolve("old.jar"));
        transform("current", "current", "Current", "current")
                .resource("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nEquipose-SPI: " + Catalog.SPI + "\n\n")
                .write(folder.resolve("current.jar"));
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.names(Kind.TRANSFORM)).containsExactly("current");
        assertThat(catalog.problems())
                .containsExactly(
                        "old.jar: it was built for version 99 of the service interfaces, but this is version 1");
    }

    @Test
    void refusesAClassThatCannotBeMade() {
        new PluginJar()
                .source(
                        "partial.Partial",
                        PluginJar.transformSource("partial", "Partial", "partial")
                                .replace("final class", "abstract class"))
                .resource(SERVICE, "partial.Partial\n")
                .write(folder.resolve("partial.jar"));
        assertThat(Catalog.scan(folder).problems()).containsExactly("partial.jar: partial.Partial is abstract");
    }

    @Test
    void choosesNeitherOfTwoWithOneName() {
        transform("one", "one", "Tps", "tps").write(folder.resolve("one.jar"));
        transform("two", "two", "Tps", "tps").write(folder.resolve("two.jar"));
        Catalog catalog = Catalog.scan(folder);
        String conflict = "transform 'tps' is ambiguous: it is provided by one.jar and by two.jar; remove all but one";
        assertThat(catalog.find(Kind.TRANSFORM, "tps")).isEmpty();
        assertThat(catalog.whyNot(Kind.TRANSFORM, "tps")).isEqualTo(conflict);
        assertThat(catalog.problems()).containsExactly(conflict);
    }

    @Test
    void neverInitialisesAClass() {
        new PluginJar()
                .source("module-info", module("bomb", "bomb", "Bomb"))
                .source(
                        "bomb.Bomb",
                        PluginJar.transformSource("bomb", "Bomb", "bomb")
                                .replace(
                                        "private final",
                                        "static { if (true) throw new IllegalStateException(); }\nprivate final"))
                .write(folder.resolve("bomb.jar"));
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.find(Kind.TRANSFORM, "bomb").orElseThrow().keys()).hasSize(1);
    }

    @Test
    void takesClassesForTests() {
        Catalog catalog = Catalog.of(Trivial.class);
        assertThat(catalog.find(Kind.EVALUATOR, "trivial").orElseThrow().needs())
                .isEmpty();
        assertThat(catalog.names(Kind.MODEL)).isEmpty();
    }

    /** Reports nothing. */
    @Named("trivial")
    public static final class Trivial implements Evaluator {
        @Override
        public Report evaluate(Trained model, DataSets data, RunDirectory run) {
            return new Report(List.of(), List.of());
        }
    }

    @Test
    void saysWhenThereIsNoFolder() {
        Catalog catalog = Catalog.scan(folder.resolve("nowhere"));
        assertThat(catalog.problems()).singleElement().asString().contains("nowhere");
    }

    private static void assertProblem(Catalog catalog, String jar, String text) {
        List<String> found = catalog.problems().stream()
                .filter(problem -> problem.startsWith(jar) && problem.contains(text))
                .toList();
        assertThat(found).as("%s…%s in %s", jar, text, catalog.problems()).hasSize(1);
    }

    private static PluginJar transform(String module, String packageName, String className, String name) {
        return new PluginJar()
                .source("module-info", module(module, packageName, className))
                .transform(packageName, className, name);
    }

    private static String module(String name, String packageName, String className) {
        return """
                module %s {
                  requires org.equipose.core;
                  exports %s;
                  provides org.equipose.core.spi.PoseTransform with %s.%s;
                }
                """.formatted(name, packageName, packageName, className);
    }
}
