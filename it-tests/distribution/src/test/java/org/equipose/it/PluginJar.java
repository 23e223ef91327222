package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
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
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("these tests need a JDK").isNotNull();
        List<JavaFileObject> files = new ArrayList<>();
        sources.forEach((name, text) -> files.add(new Source(name, text)));
        StringWriter messages = new StringWriter();
        String lib = Equipose.distribution().resolve("lib").toString();
        boolean compiled = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("--module-path", lib, "--release", "17", "-proc:none", "-d", classes.toString()),
                        null,
                        files)
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> found = Files.walk(classes)) {
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
