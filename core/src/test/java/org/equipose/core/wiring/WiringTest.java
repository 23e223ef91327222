package org.equipose.core.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.equipose.core.config.Configuration;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.config.Setting;
import org.equipose.core.data.DataContext;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.data.Progress;
import org.equipose.core.plugins.Catalog;
import org.equipose.core.plugins.DemoPlugin;
import org.equipose.core.plugins.PluginJar;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiringTest {
    @TempDir
    private static Path plugins;

    private static Catalog catalog;

    @BeforeAll
    static void scan() {
        DemoPlugin.write(plugins.resolve("demo.jar"));
        encoder("bomb", "bomb.Bomb", "", "static { if (true) throw new IllegalStateException(\"bang\"); }")
                .write(plugins.resolve("bomb.jar"));
        encoder("vague", "vague.Vague", "@RoleDefaults(\"hidden\") Decoder inner", "")
                .write(plugins.resolve("vague.jar"));
        encoder("lonely", "lonely.Lonely", "java.util.Random random", "").write(plugins.resolve("lonely.jar"));
        encoder("greeted", "greeted.Greeted", "CharSequence text", "private final CharSequence text; ")
                .source("greeted.Bindings", """
                        package greeted;
                        public final class Bindings extends com.google.inject.AbstractModule {
                          @Override protected void configure() { bind(CharSequence.class).toInstance("from my own module"); }
                        }
                        """)
                .resource("META-INF/services/com.google.inject.Module", "greeted.Bindings\n")
                .write(plugins.resolve("greeted.jar"));
        demandingModel("strict", "Strict", "PoseTransform transform", "INVERTIBLE_TRANSFORM")
                .write(plugins.resolve("strict.jar"));
        demandingModel("sampled", "Sampled", "@Named(\"code-prior\") Prior code", "PROPER_CODE_PRIOR")
                .write(plugins.resolve("sampled.jar"));
        demandingModel("posed", "Posed", "@Named(\"pose-prior\") Prior pose", "PROPER_POSE_PRIOR")
                .write(plugins.resolve("posed.jar"));
        pointPrior().write(plugins.resolve("point.jar"));
        encoder("eaves", "eaves.Dropper", "CharSequence text", "").write(plugins.resolve("eaves.jar"));
        catalog = Catalog.scan(plugins);
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    void handsSettingsToComponents() {
        Components components = build(Map.of(
                "transform", "tps",
                "transform.tps.grid-size", "5",
                "encoder.dense.hidden", "7",
                "localisation.dense.hidden", "8,9",
                "model.tvae.latent-dim", "2",
                "objective", "elbo+0.5*mi",
                "objective.elbo.samples", "4"));
        assertThat(components.model())
                .hasToString("Settings[latentDim=2, canvas=OptionalInt.empty] dense[7] dense[8, 9] 5");
        assertThat(components.priors()).containsOnlyKeys("code-prior", "pose-prior");
        assertThat(components.evaluators()).containsOnlyKeys("reconstruction", "samples");
        assertThat(components.objectives()).hasSize(2);
        assertThat(components.objectives().get(0).objective().samples()).isEqualTo(4);
        assertThat(components.objectives().get(1).weight()).isEqualTo(0.5);
        assertThat(components.objectives().get(1).name()).isEqualTo("mi");
    }

    @Test
    void buildsDataSets() throws IOException {
        Wiring wiring = new Wiring(select(Map.of("dataset.mnist.train", "9")));
        assertThat(wiring.dataSource().open(context()).train().count()).isEqualTo(9);
        assertThat(Wiring.dataSource("mnist", Configuration.of(), catalog)
                        .open(context())
                        .train()
                        .count())
                .isEqualTo(6);
        assertThatThrownBy(() -> Wiring.dataSource("mnits", Configuration.of(), catalog))
                .hasMessage("unknown dataset 'mnits'; did you mean 'mnist'?");
    }

    @Test
    void checksThatThereIsOneBoundAndThatEachObjectiveAgrees() {
        assertProblem(Map.of("objective", "mi"), "objective mi has no bound: write for example elbo+mi");
        assertProblem(
                Map.of("objective", "elbo+iwae"),
                "objective elbo+iwae has more than one bound: keep one of elbo, iwae");
        assertProblem(Map.of("model", "vae", "objective", "elbo+mi"), "objective mi: there is no pose");
    }

    @Test
    void composesTransforms() {
        Map<String, String> settings =
                Map.of("transform", "tps+affine", "transform.tps.grid-size", "5", "transform.affine.grid-size", "4");
        Components components = build(settings);
        assertThat(components.transform().orElseThrow().poseSize(new ImageSpec(2, 2, 1)))
                .isEqualTo(9);
        assertThat(components.model().toString()).endsWith(" 9");
        assertThat(select(settings).effective())
                .containsEntry("transform", "tps+affine")
                .containsEntry("transform.tps.grid-size", "5")
                .containsEntry("transform.affine.grid-size", "4");
        assertThat(select(settings).settings().transform()).isEqualTo("tps+affine");
    }

    @Test
    void refusesSumsOfTransformsThatMeanNothing() {
        assertProblem(Map.of("transform", "tps+afine"), "unknown transform 'afine'; did you mean 'affine'?");
        assertProblem(Map.of("transform", "tps+"), "transform must be a sum such as affine+tps but was 'tps+'");
        assertProblem(Map.of("transform", "tps+tps"), "transform tps+tps: each can be there once");
        assertProblem(Map.of("transform", "none+tps"), "transform none+tps: none moves nothing; leave it out");
    }

    @Test
    void refusesATransformThatTheModelCannotUndo() {
        for (String name : List.of("affine", "affine+tps")) {
            assertProblem(
                    Map.of("model", "strict", "transform", name),
                    "model strict needs a pose transform that can be undone, and " + name
                            + " has no inverse; choose another --transform, or another --model");
        }
    }

    @Test
    void refusesAPriorThatTheModelCannotDrawFrom() {
        for (String part : List.of("code", "pose")) {
            String model = part.equals("code") ? "sampled" : "posed";
            assertProblem(
                    Map.of("model", model, part + "-prior", "point"),
                    "model " + model + " needs a " + part + "-prior that can be drawn from, and 'point' is not one;"
                            + " choose another --" + part + "-prior, or another --model");
            assertThat(build(Map.of("model", model, part + "-prior", "standard"))
                            .priors())
                    .containsOnlyKeys(part + "-prior");
        }
        // Who does not say so may have it.
        assertThat(build(Map.of("model", "tvae", "pose-prior", "point")).priors())
                .containsKey("pose-prior");
    }

    @Test
    void namesTheComponentThatThrows() {
        ConfigurationException thrown = assertProblem(
                Map.of("transform.affine.grid-size", "13"),
                "transform affine (demo.jar) cannot be built: java.lang.IllegalStateException: unlucky");
        assertThat(thrown).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(assertProblem(
                        Map.of("encoder", "bomb", "objective", "elbo"), "encoder bomb (bomb.jar) cannot be built: "))
                .hasRootCauseMessage("bang");
    }

    @Test
    void installsTheGuiceModuleOfAPluginForItsOwnComponentsOnly() {
        assertThat(build(Map.of("localisation", "greeted", "encoder", "conv"))
                        .model()
                        .toString())
                .contains("hello", "from my own module");
        assertProblem(
                Map.of("localisation", "greeted", "encoder", "eaves"),
                "encoder eaves (eaves.jar) cannot be built: Explicit bindings are required and java.lang.CharSequence");
    }

    @Test
    void refusesDefaultsOfARoleThatSayNothing() {
        assertProblem(
                Map.of("encoder", "vague"),
                "encoder vague (vague.jar) has @RoleDefaults that must be component.setting=value but are 'hidden'");
    }

    @Test
    void bindsNothingThatNobodyAskedFor() {
        assertProblem(
                Map.of("encoder", "lonely", "objective", "elbo"), "encoder lonely (lonely.jar) cannot be built: ");
    }

    private static ConfigurationException assertProblem(Map<String, String> settings, String text) {
        ConfigurationException thrown = catchThrowableOfType(ConfigurationException.class, () -> build(settings));
        assertThat(thrown).isNotNull();
        assertThat(thrown.problems()).singleElement().asString().contains(text);
        return thrown;
    }

    private static Components build(Map<String, String> settings) {
        return new Wiring(select(settings)).components();
    }

    private static Selection select(Map<String, String> settings) {
        Map<String, Setting> commandLine = new LinkedHashMap<>();
        settings.forEach((key, text) -> commandLine.put(key, Setting.of(text)));
        return Selection.of(Configuration.of(commandLine), Map.of(), catalog, List.of());
    }

    private static DataContext context() throws IOException {
        return new DataContext(Files.createTempDirectory(plugins, "cache"), 1, false, Progress.SILENT);
    }

    /** Returns a plugin without module descriptor that provides one encoder. */
    private static PluginJar encoder(String name, String className, String parameter, String member) {
        String packageName = className.substring(0, className.indexOf('.'));
        String simpleName = className.substring(className.indexOf('.') + 1);
        boolean keeps = member.contains("text;");
        return new PluginJar()
                .source(className, """
                        package %s;
                        import jakarta.inject.*;
                        import org.equipose.core.graph.Net;
                        import org.equipose.core.spi.*;
                        import org.tensorflow.Operand;
                        import org.tensorflow.types.TFloat32;

                        @Named("%s")
                        public final class %s implements Encoder {
                          %s
                          @Inject public %3$s(%5$s) { %6$s }
                          %8$s
                          @Override public Operand<TFloat32> features(Net net, Operand<TFloat32> input) { return input; }
                          %7$s
                        }
                        """.formatted(
                                packageName,
                                name,
                                simpleName,
                                member,
                                parameter,
                                keeps ? "this.text = text;" : "",
                                keeps ? "@Override public String toString() { return text.toString(); }" : "",
                                // ServiceLoader asks for it in a jar that is no module.
                                parameter.isEmpty()
                                        ? ""
                                        : "public " + simpleName + "() { throw new IllegalStateException(); }"))
                .resource("META-INF/services/org.equipose.core.spi.Encoder", className + "\n");
    }

    /** Returns a plugin with a prior that cannot be drawn from. */
    private static PluginJar pointPrior() {
        return new PluginJar()
                .source("point.Point", """
                        package point;
                        import jakarta.inject.Named;
                        import java.util.Optional;
                        import org.equipose.core.distribution.Distribution;
                        import org.equipose.core.graph.Net;
                        import org.equipose.core.spi.*;

                        @Named("point")
                        public final class Point implements Prior {
                          @Override public Family posterior() { return Family.DELTA; }
                          @Override public Optional<Distribution> over(Net net, int latentSize) { return Optional.empty(); }
                        }
                        """)
                .resource("META-INF/services/org.equipose.core.spi.Prior", "point.Point\n");
    }

    /** Returns a plugin with a model of one part that cannot do without something. */
    private static PluginJar demandingModel(String name, String className, String parameter, String need) {
        return new PluginJar()
                .source(name + "." + className, """
                        package %1$s;
                        import jakarta.inject.*;
                        import java.util.*;
                        import org.equipose.core.data.ImageSpec;
                        import org.equipose.core.graph.Net;
                        import org.equipose.core.spi.*;
                        import org.tensorflow.Operand;
                        import org.tensorflow.types.TFloat32;

                        @Named("%1$s")
                        public final class %2$s implements Model {
                          public %2$s() { throw new IllegalStateException(); }
                          @Inject public %2$s(%3$s) {}
                          @Override public Set<Need> needs() { return Set.of(Need.%4$s); }
                          @Override public Pass pass(Net net, Batch batch, int samples) { return null; }
                          @Override public Map<String, Latent> prior(Net net, int rows, ImageSpec image) { return Map.of(); }
                          @Override public Generated generate(
                              Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) { return null; }
                        }
                        """.formatted(name, className, parameter, need))
                .resource("META-INF/services/org.equipose.core.spi.Model", name + "." + className + "\n");
    }
}
