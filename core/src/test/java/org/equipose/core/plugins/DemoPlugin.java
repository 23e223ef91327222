package org.equipose.core.plugins;

import java.nio.file.Path;

/** A plugin with at least one component of each kind. Its components compute nothing: here they are only found and built. */
public final class DemoPlugin {
    private static final String IMPORTS = """
            package demo;
            import jakarta.inject.*;
            import java.util.*;
            import org.equipose.core.data.*;
            import org.equipose.core.distribution.*;
            import org.equipose.core.graph.*;
            import org.equipose.core.run.*;
            import org.equipose.core.spi.*;
            import org.tensorflow.*;
            import org.tensorflow.types.*;
            """;

    private static final String MODEL = """
              @Override public Pass pass(Net net, Batch batch, int samples) { return null; }
              @Override public Map<String, Latent> prior(Net net, int rows, ImageSpec image) { return Map.of(); }
              @Override public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) { return null; }
            """;

    private DemoPlugin() {}

    /** Writes the jar. */
    public static Path write(Path jar) {
        PluginJar plugin = new PluginJar()
                .source("module-info", """
                        module demo {
                          requires org.equipose.core;
                          requires com.google.guice;
                          exports demo;
                          provides com.google.inject.Module with demo.Bindings;
                          provides org.equipose.core.spi.Model with demo.Tvae, demo.Vae;
                          provides org.equipose.core.spi.Encoder with demo.DenseEncoder, demo.ConvEncoder;
                          provides org.equipose.core.spi.Decoder with demo.DenseDecoder;
                          provides org.equipose.core.spi.PoseTransform with demo.Affine, demo.Tps;
                          provides org.equipose.core.spi.Prior with demo.Standard, demo.Diagonal;
                          provides org.equipose.core.spi.Objective with demo.Elbo, demo.Iwae, demo.Mi;
                          provides org.equipose.core.spi.Evaluator with demo.Reconstruction, demo.Samples;
                          provides org.equipose.core.spi.DataSource with demo.Mnist, demo.Missing;
                        }
                        """)
                .transform("demo", "Affine", "affine")
                .transform("demo", "Tps", "tps");
        plugin.source("demo.Bindings", """
                package demo;
                public final class Bindings extends com.google.inject.AbstractModule {
                  @Override protected void configure() { bind(CharSequence.class).toInstance("hello"); }
                }
                """);
        add(plugin, "Tvae", """
                @Named("tvae") @About("variational autoencoder with a pose")
                public final class Tvae implements Model {
                  public record Settings(int latentDim, OptionalInt canvas) {
                    public Settings() { this(20, OptionalInt.empty()); }
                    public Settings {
                      if (latentDim < 1) throw new IllegalArgumentException("latent-dim must be at least 1 but was " + latentDim);
                    }
                  }
                  public static Tvae provider() { throw new UnsupportedOperationException(); }
                  private final String text;
                  @Inject public Tvae(
                      Settings settings, Encoder encoder, Decoder decoder, PoseTransform transform,
                      @Named("code-prior") Prior code, @Named("pose-prior") Prior pose,
                      @Named("localisation") @RoleDefaults("dense.hidden=128") Encoder localisation) {
                    text = settings + " " + encoder + " " + localisation + " " + transform.poseSize(new ImageSpec(2, 2, 1));
                  }
                  @Override public String toString() { return text; }
                """ + MODEL + "}");
        add(plugin, "Vae", """
                @Named("vae") public final class Vae implements Model {
                  public static Vae provider() { throw new UnsupportedOperationException(); }
                  @Inject public Vae(Encoder encoder, Decoder decoder, @Named("code-prior") Prior code) {}
                  @Override public String defaultBound() { return "iwae"; }
                """ + MODEL + "}");
        add(plugin, "DenseEncoder", """
                @Named("dense") public final class DenseEncoder implements Encoder {
                  public record Settings(List<Integer> hidden) { public Settings() { this(List.of(256, 256)); } }
                  private final Settings settings;
                  public DenseEncoder() { this(new Settings()); }
                  @Inject public DenseEncoder(Settings settings) { this.settings = settings; }
                  @Override public Operand<TFloat32> features(Net net, Operand<TFloat32> input) { return input; }
                  @Override public String toString() { return "dense" + settings.hidden(); }
                }
                """);
        add(plugin, "ConvEncoder", """
                @Named("conv") public final class ConvEncoder implements Encoder {
                  public static ConvEncoder provider() { throw new UnsupportedOperationException(); }
                  private final CharSequence greeting;
                  @Inject public ConvEncoder(CharSequence greeting) { this.greeting = greeting; }
                  @Override public Operand<TFloat32> features(Net net, Operand<TFloat32> input) { return input; }
                  @Override public String toString() { return greeting.toString(); }
                }
                """);
        add(plugin, "DenseDecoder", """
                @Named("dense") public final class DenseDecoder implements Decoder {
                  @Override public Operand<TFloat32> canvas(Net net, Operand<TFloat32> code, ImageSpec canvas) { return code; }
                }
                """);
        for (String prior : new String[] {"Standard", "Diagonal"}) {
            add(plugin, prior, """
                    @Named("%s") public final class %s implements Prior {
                      @Override public Optional<Distribution> over(Net net, int latentSize) { return Optional.empty(); }
                    }
                    """.formatted(prior.toLowerCase(java.util.Locale.ROOT), prior));
        }
        objective(plugin, "Elbo", "BOUND", "double beta, int warmup, int samples", "1, 0, 1");
        objective(plugin, "Iwae", "BOUND", "int samples", "5");
        objective(plugin, "Mi", "REGULARISER", "int samples", "1");
        for (String evaluator : new String[] {"Reconstruction", "Samples"}) {
            add(plugin, evaluator, """
                    @Named("%s") public final class %s implements Evaluator {
                      public record Settings(int count) { public Settings() { this(64); } }
                      public %2$s() {}
                      @Inject public %2$s(Settings settings) {}
                      @Override public Report evaluate(Trained model, DataSets data, RunDirectory run) { return null; }
                    }
                    """.formatted(evaluator.toLowerCase(java.util.Locale.ROOT), evaluator));
        }
        add(plugin, "Mnist", """
                @Named("mnist") @About("digits") public final class Mnist implements DataSource {
                  public record Settings(int train) { public Settings() { this(6); } }
                  private final Settings settings;
                  public Mnist() { this(new Settings()); }
                  @Inject public Mnist(Settings settings) { this.settings = settings; }
                  @Override public DataSets open(DataContext where) {
                    return new DataSets(split(settings.train()), split(2));
                  }
                  private static Split split(int count) {
                    return new Split(new ImageSpec(2, 2, 1), new byte[4 * count], Optional.empty(), Optional.empty());
                  }
                }
                """);
        add(plugin, "Missing", """
                @Named("missing") public final class Missing implements DataSource {
                  @Override public DataSets open(DataContext where) throws java.io.IOException {
                    throw new java.nio.file.NoSuchFileException((where.fetch() ? "fetched " : "checked ") + where.cache());
                  }
                }
                """);
        return plugin.write(jar);
    }

    private static void objective(PluginJar plugin, String name, String role, String settings, String defaults) {
        add(plugin, name, """
                @Named("%s") public final class %s implements Objective {
                  public record Settings(%s) { public Settings() { this(%s); } }
                  private final Settings settings;
                  public %2$s() { this(new Settings()); }
                  @Inject public %2$s(Settings settings) { this.settings = settings; }
                  @Override public Role role() { return Role.%s; }
                  @Override public int samples() { return settings.samples(); }
                  @Override public Optional<String> refuses(Model model, Map<String, Prior> priors) {
                    return priors.containsKey("pose-prior") || !"mi".equals("%1$s")
                        ? Optional.empty() : Optional.of("there is no pose");
                  }
                  @Override public List<Term> terms(Net net, Model model, Pass pass) { return List.of(); }
                }
                """.formatted(name.toLowerCase(java.util.Locale.ROOT), name, settings, defaults, role));
    }

    private static void add(PluginJar plugin, String className, String body) {
        plugin.source("demo." + className, IMPORTS + body);
    }
}
