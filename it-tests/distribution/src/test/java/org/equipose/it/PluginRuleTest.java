package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every plugin of the distribution has a class here that drives it. */
class PluginRuleTest {
    private static final Pattern JAR = Pattern.compile("equipose-plugin-(.+)-\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\.jar");

    @Test
    void everyPluginIsDriven() throws IOException {
        try (Stream<Path> files = Files.list(Equipose.distribution().resolve("plugins"))) {
            List<String> jars = files.map(file -> file.getFileName().toString()).toList();
            assertThat(jars.stream().filter(name -> JAR.matcher(name).matches()).count())
                    .as("plugins of the distribution")
                    .isGreaterThanOrEqualTo(3);
            assertThat(undriven(jars)).isEmpty();
        }
    }

    @Test
    void aPluginThatNothingDrivesIsReported() {
        assertThat(undriven(List.of(
                        "equipose-plugin-spatial-vae-0.1.0.jar",
                        "equipose-plugin-tidal-waves-0.1.0.jar",
                        "shear.jar",
                        // There is a class of that name, which is no such test.
                        "equipose-plugin-planted-2.0.0-SNAPSHOT.jar")))
                .containsExactly(
                        "equipose-plugin-tidal-waves-0.1.0.jar is not driven by any test: write"
                                + " it-tests/distribution/src/test/java/org/equipose/it/TidalWavesPluginIT.java,"
                                + " which extends PluginContract and says how to choose each of its components",
                        "PlantedPluginIT must extend PluginContract and name the plugin planted,"
                                + " so that every component of equipose-plugin-planted-2.0.0-SNAPSHOT.jar is chosen");
    }

    /** Returns a complaint for each plugin jar without a class of its own. */
    private static List<String> undriven(List<String> jars) {
        List<String> complaints = new ArrayList<>();
        for (String jar : jars) {
            Matcher plugin = JAR.matcher(jar);
            if (plugin.matches()) {
                complaint(jar, plugin.group(1)).ifPresent(complaints::add);
            }
        }
        return complaints;
    }

    private static Optional<String> complaint(String jar, String plugin) {
        StringBuilder name = new StringBuilder();
        for (String word : plugin.split("-", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        name.append("PluginIT");
        try {
            Class<?> type = Class.forName(PluginRuleTest.class.getPackageName() + "." + name);
            boolean driven = PluginContract.class.isAssignableFrom(type)
                    && ((PluginContract) type.getDeclaredConstructor().newInstance())
                            .plugin()
                            .equals(plugin);
            return driven
                    ? Optional.empty()
                    : Optional.of(name + " must extend PluginContract and name the plugin " + plugin
                            + ", so that every component of " + jar + " is chosen");
        } catch (ReflectiveOperationException e) {
            return Optional.of(jar + " is not driven by any test: write it-tests/distribution/src/test/java/"
                    + PluginRuleTest.class.getPackageName().replace('.', '/') + "/" + name
                    + ".java, which extends PluginContract and says how to choose each of its components");
        }
    }
}

/** The name that the rule looks for, and nothing else. */
final class PlantedPluginIT {
    private PlantedPluginIT() {}
}
