package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A plugin as somebody outside writes it: compiled against the jars of a distribution, nothing else. */
final class PluginJar {
    private PluginJar() {}

    /**
     * Compiles sources and packs them.
     *
     * @param sources text by file name, for example {@code module-info.java}
     */
    static Path build(Path jar, Map<String, String> sources) throws IOException {
        Path classes = Files.createTempDirectory("plugin-");
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, text) -> files.add(new Source(name, text)));
        compile(List.of("-d", classes.toString()), files);
        return pack(classes, jar, Map.of());
    }

    /**
     * Compiles several modules at a time, which is much faster than one after the other.
     *
     * @param sources text by file name, below the name of the module: {@code example.shear/example/shear/Shear.java}
     * @return folder of classes, below it one for each module
     */
    static Path compile(Map<String, String> sources) throws IOException {
        Path folder = Files.createTempDirectory("plugins-");
        Path texts = folder.resolve("source");
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = texts.resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
        }
        String modules = sources.keySet().stream()
                .map(name -> name.substring(0, name.indexOf('/')))
                .distinct()
                .collect(Collectors.joining(","));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        compile(
                List.of("-d", classes.toString(), "--module-source-path", texts.toString(), "--module", modules),
                List.of());
        return classes;
    }

    private static void compile(List<String> more, List<JavaFileObject> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("these tests need a JDK").isNotNull();
        StringWriter messages = new StringWriter();
        List<String> options = new ArrayList<>(List.of(
                "--module-path", Equipose.distribution().resolve("lib").toString(), "--release", "17", "-proc:none"));
        options.addAll(more);
        boolean compiled = compiler.getTask(messages, null, null, options, null, files.isEmpty() ? null : files)
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    /**
     * Packs a folder.
     *
     * @param more texts by name, put in first
     */
    static Path pack(Path classes, Path jar, Map<String, String> more) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> found = Files.walk(classes)) {
            for (Map.Entry<String, String> file : more.entrySet()) {
                out.putNextEntry(new JarEntry(file.getKey()));
                out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                out.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }

    /** Returns the source of a module that exports a package and provides a transform in it. */
    static String module(String name, String type) {
        return module(name, "PoseTransform", type);
    }

    /** Returns the source of a module that exports a package and provides a component of some kind in it. */
    static String module(String name, String service, String type) {
        return """
                module %s {
                    requires org.equipose.core;
                    exports %s;
                    provides org.equipose.core.spi.%s with %s;
                }
                """.formatted(name, type.substring(0, type.lastIndexOf('.')), service, type);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
