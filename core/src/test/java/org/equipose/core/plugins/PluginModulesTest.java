package org.equipose.core.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** A plugin with a SnakeYAML or a Guava of its own; the framework has others. */
class PluginModulesTest {
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    /** Looks for services of its own and of Java, as libraries do. */
    private static final String YAML = """
            package org.yaml.snakeyaml;
            import java.nio.file.spi.FileSystemProvider;
            import java.util.ServiceLoader;
            public final class Yaml {
              public interface Extension {}
              public static String whose() {
                ClassLoader mine = Yaml.class.getClassLoader();
                return "the plugin's, extensions " + ServiceLoader.load(Extension.class, mine).stream().count()
                    + ", file systems " + ServiceLoader.load(FileSystemProvider.class, mine).stream().count();
              }
            }
            """;

    @TempDir
    private Path folder;

    private Path jars;

    @BeforeEach
    void makeFolder() throws IOException {
        jars = Files.createDirectory(folder.resolve("bundle"));
    }

    @Test
    void aModuleOfThePluginReplacesOurs() throws Exception {
        library(
                        "module-info",
                        "module org.yaml.snakeyaml { exports org.yaml.snakeyaml; uses"
                                + " org.yaml.snakeyaml.Yaml.Extension; uses java.nio.file.spi.FileSystemProvider; }")
                .write(jars.resolve("yaml.jar"));
        user("org.yaml.snakeyaml.Yaml");
        assertThat(answer()).startsWith("the plugin's, extensions 0, file systems ");
    }

    @Test
    void soDoesAnAutomaticModule() throws Exception {
        library("org.yaml.snakeyaml.Do", "package org.yaml.snakeyaml; public final class Do {}")
                .resource(MANIFEST, "Manifest-Version: 1.0\nAutomatic-Module-Name: org.yaml.snakeyaml\n\n")
                .resource("org/yaml/snakeyaml/do.class", "its name cannot be that of a service")
                .write(jars.resolve("snakeyaml-1.33.jar"));
        user("org.yaml.snakeyaml.Yaml");
        assertThat(answer()).startsWith("the plugin's, extensions 0, file systems ");
        assertThat(Yaml.class.getDeclaredMethods())
                .as("ours is another one")
                .noneMatch(method -> method.getName().equals("whose"));
    }

    @Test
    void soDoesAnAutomaticModuleOfAnotherName() throws Exception {
        new PluginJar()
                .withoutFramework()
                .source("com.google.common.base.Joiner", """
                        package com.google.common.base;
                        public final class Joiner { public static String whose() { return "an old one"; } }
                        """)
                .write(jars.resolve("guava-16.0.1.jar"));
        user("com.google.common.base.Joiner");
        assertThat(answer()).isEqualTo("an old one");
        Module guava = found().type().getModule().getLayer().findModule("guava").orElseThrow();
        assertThat(guava.getDescriptor().rawVersion()).contains("16.0.1");
    }

    @Test
    void automaticModulesReadOneAnotherAndTheFramework() throws Exception {
        String extension = "package extension; public final class Mine implements org.yaml.snakeyaml.Yaml.Extension {}";
        library("extension.Mine", extension).without("extension.Mine").write(jars.resolve("snakeyaml-1.jar"));
        library("extension.Mine", extension)
                .without("org.yaml.snakeyaml.Yaml")
                .without("org.yaml.snakeyaml.Yaml$Extension")
                .resource("META-INF/services/org.yaml.snakeyaml.Yaml$Extension", "extension.Mine\n")
                .write(jars.resolve("extension.jar"));
        // The plugin itself is a jar without module-info here.
        plain();
        Module plain = found().type().getModule();
        Module yaml = plain.getLayer().findModule("snakeyaml").orElseThrow();
        assertThat(plain.canRead(yaml)).isTrue();
        assertThat(yaml.canRead(plain)).isTrue();
        assertThat(plain.canRead(Catalog.class.getModule())).isTrue();
        assertThat(yaml.canRead(ModuleLayer.boot().findModule("java.desktop").orElseThrow()))
                .isTrue();
        assertThat(yaml.canRead(Yaml.class.getModule())).isFalse();
        assertThat(found().type().getConstructor().newInstance()).isNotNull();
        Class<?> library = plain.getClassLoader().loadClass("org.yaml.snakeyaml.Yaml");
        assertThat((String) library.getMethod("whose").invoke(null)).startsWith("the plugin's, extensions 1, ");
    }

    @Test
    void withoutAnotherVersionItStaysAutomatic() {
        plain();
        assertThat(found().type().getModule().getDescriptor().isAutomatic()).isTrue();
    }

    @Test
    void theFrameworkItselfIsNoLibraryOfAPlugin() {
        new PluginJar()
                .withoutFramework()
                .source("module-info", "module org.equipose.core {}")
                .write(jars.resolve("equipose-core-0.0.1.jar"));
        assertThat(Catalog.scan(folder).problems())
                .containsExactly("bundle: it holds a copy of org.equipose.core, which the program has;"
                        + " leave that jar and what it depends on out of the folder");
    }

    private void plain() {
        new PluginJar()
                .transform("plain", "Plain", "user")
                .resource("META-INF/services/org.equipose.core.spi.PoseTransform", "plain.Plain\n")
                .write(jars.resolve("plain.jar"));
    }

    private static PluginJar library(String className, String source) {
        return new PluginJar()
                .withoutFramework()
                .source("org.yaml.snakeyaml.Yaml", YAML)
                .source(className, source);
    }

    /** Writes a plugin with a method that asks a library whose it is. */
    private void user(String library) {
        String transform = PluginJar.transformSource("user", "User", "user");
        String asking = """
                  public static String ask() throws Exception {
                    return (String) Class.forName("%s").getMethod("whose").invoke(null);
                  }
                }
                """.formatted(library);
        new PluginJar()
                .source("module-info", """
                        module user {
                          requires org.equipose.core;
                          exports user;
                          provides org.equipose.core.spi.PoseTransform with user.User;
                        }
                        """)
                .source("user.User", transform.substring(0, transform.lastIndexOf('}')) + asking)
                .write(jars.resolve("user.jar"));
    }

    private Component found() {
        Catalog catalog = Catalog.scan(folder);
        assertThat(catalog.problems()).isEmpty();
        Optional<Component> found = catalog.find(Kind.TRANSFORM, "user");
        return found.orElseThrow();
    }

    private String answer() throws ReflectiveOperationException {
        return (String) found().type().getMethod("ask").invoke(null);
    }
}
