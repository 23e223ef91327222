package org.equipose.core.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts another Java with the classes of this one. */
final class ChildJvm {
    private ChildJvm() {}

    static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
        List<String> classes = new ArrayList<>();
        for (Class<?> of : new Class<?>[] {RunDirectory.class, main}) {
            classes.add(Path.of(of.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        // The tests are patched into the module; as a class path both folders serve.
        for (String path : new String[] {"jdk.module.path", "java.class.path", "surefire.test.class.path"}) {
            if (System.getProperty(path) != null) {
                classes.add(System.getProperty(path));
            }
        }
        classes.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classes), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
