package org.equipose.core.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.equipose.core.config.RunSettings;
import org.equipose.core.data.DataSets;
import org.equipose.core.plugins.Kind;
import org.equipose.core.plugins.Origin;
import org.equipose.core.run.Manifest;

/** Collects what goes into the manifest of a run. */
final class RunManifest {
    private RunManifest() {}

    /**
     * Describes a run that begins now.
     *
     * @param initFrom checkpoint of the first parameters, or empty
     */
    static Manifest of(Preparation preparation, List<String> words, DataSets data, String device, String initFrom)
            throws IOException {
        RunSettings settings = preparation.settings();
        return new Manifest(
                Version.equipose(),
                Version.tensorflow(),
                Instant.now(),
                words,
                settings.seed(),
                device,
                settings.threads(),
                Manifest.Machine.here(),
                plugins(preparation),
                dataset(preparation, data),
                data.spec(),
                initFrom,
                commit());
    }

    /** Describes the images, which a run and its evaluation must have in common. */
    static Manifest.DataSet dataset(Preparation preparation, DataSets data) {
        return new Manifest.DataSet(
                preparation.settings().dataset(),
                Manifest.Images.of(data.train()),
                Manifest.Images.of(data.validation()),
                Manifest.Images.of(data.test()));
    }

    private static List<Manifest.Plugin> plugins(Preparation preparation) throws IOException {
        Set<Origin> origins = new LinkedHashSet<>();
        for (Kind kind : Kind.values()) {
            preparation.catalog().components(kind).forEach(component -> origins.add(component.origin()));
        }
        List<Manifest.Plugin> plugins = new ArrayList<>();
        for (Origin origin : origins) {
            String hash = origin.jar().isPresent() ? hash(origin.jar().get()) : "";
            plugins.add(new Manifest.Plugin(origin.module(), origin.version(), origin.toString(), hash));
        }
        plugins.sort(Comparator.comparing(Manifest.Plugin::module));
        return plugins;
    }

    private static String hash(Path plugin) throws IOException {
        if (Files.isRegularFile(plugin)) {
            return Manifest.sha256(plugin);
        }
        List<String> hashes = new ArrayList<>();
        try (Stream<Path> files = Files.list(plugin)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList()) {
                hashes.add(Manifest.sha256(jar));
            }
        }
        return String.join(" ", hashes);
    }

    /** Asks git for the commit of the working folder; empty where there is no git or no repository. */
    private static String commit() throws IOException {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!git.waitFor(5, TimeUnit.SECONDS)) {
                git.destroyForcibly();
                return "";
            }
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.exitValue() == 0 ? answer : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (IOException e) {
            return ""; // no git
        }
    }
}
