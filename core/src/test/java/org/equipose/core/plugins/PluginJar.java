package org.equipose.core.plugins;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Makes plugins for tests: sources go in, a jar comes out. */
public final class PluginJar {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> resources = new TreeMap<>();
    private final List<String> without = new ArrayList<>();
    private boolean framework = true;

    /** Adds a source file; its name is that of the class, or {@code module-info}. */
    public PluginJar source(String className, String text) {
        sources.put(className, text);
        return this;
    }

    /** Adds a file. */
    public PluginJar resource(String path, String text) {
        resources.put(path, text);
        return this;
    }

    /** Leaves the class file of a source out of the jar. */
    public PluginJar without(String className) {
        without.add(className.replace('.', '/') + ".class");
        return this;
    }

    /** Compiles without the framework, as a library is: it may have packages that the framework's libraries have too. */
    public PluginJar withoutFramework() {
        framework = false;
        return this;
    }

    /** Adds a pose transform with a grid size, in a package of its own. */
    public PluginJar transform(String packageName, String className, String name) {
        return source(packageName + "." + className, transformSource(packageName, className, name));
    }

    /** Returns the source of a pose transform with a grid size. */
    static String transformSource(String packageName, String className, String name) {
        return """
                package %1$s;
                import jakarta.inject.*;
                import org.equipose.core.data.ImageSpec;
                import org.equipose.core.graph.*;
                import org.equipose.core.spi.*;
                import org.tensorflow.Operand;
                import org.tensorflow.types.TFloat32;

                @Named("%3$s")
                @About(value = "a transform", paper = "Nobody 1999")
                public final class %2$s implements PoseTransform {
                  public record Settings(@About("points a side") int gridSize) {
                    public Settings() { this(3); }
                    public Settings {
                      if (gridSize < 2) throw new IllegalArgumentException("grid-size must be at least 2 but was " + gridSize);
                    }
                  }
                  private final Settings settings;
                  public %2$s() { this(new Settings()); }
                  @Inject public %2$s(Settings settings) {
                    if (settings.gridSize() == 13) throw new IllegalStateException("unlucky");
                    this.settings = settings;
                  }
                  @Override public int poseSize(ImageSpec image) { return settings.gridSize(); }
                  @Override public Operand<TFloat32> apply(
                      Net net, Operand<TFloat32> image, Operand<TFloat32> pose, ImageSpec out, Border border) {
                    return image;
                  }
                }
                """.formatted(packageName, className, name);
    }

    /** Compiles against the framework and writes the jar. */
    public Path write(Path jar) {
        try {
            Path classes = Files.createTempDirectory("plugin-jar");
            if (!sources.isEmpty()) {
                compile(classes);
            }
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                    Stream<Path> files = Files.walk(classes)) {
                // The manifest must come first.
                for (Map.Entry<String, String> resource : resources.entrySet()) {
                    out.putNextEntry(new JarEntry(resource.getKey()));
                    out.write(resource.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = classes.relativize(file).toString();
                    if (!without.contains(name)) {
                        out.putNextEntry(new JarEntry(name));
                        out.write(Files.readAllBytes(file));
                    }
                }
            }
            delete(classes);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void compile(Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        boolean module = sources.containsKey("module-info");
        List<String> options = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none"));
        if (framework) {
            options.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
        }
        if (framework && !module) {
            options.addAll(List.of("--add-modules", "org.equipose.core"));
        }
        List<Source> units = sources.entrySet().stream()
                .map(source -> new Source(source.getKey(), source.getValue()))
                .toList();
        StringWriter messages = new StringWriter();
        if (!compiler.getTask(messages, null, null, options, null, units).call()) {
            throw new IllegalStateException(messages.toString());
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
