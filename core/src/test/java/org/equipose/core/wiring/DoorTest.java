package org.equipose.core.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.equipose.core.config.ConfigurationException;
import org.equipose.core.data.ImageSpec;
import org.equipose.core.distribution.Normal;
import org.equipose.core.graph.Border;
import org.equipose.core.graph.Displacement;
import org.equipose.core.graph.Grid;
import org.equipose.core.graph.Net;
import org.equipose.core.graph.TestGraph;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;
import org.equipose.core.plugins.Origin;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.DataSource;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.equipose.core.spi.Generated;
import org.equipose.core.spi.Latent;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;
import org.equipose.core.spi.SpatialTransform;
import org.equipose.core.spi.Term;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class DoorTest {
    private static final ImageSpec IMAGE = new ImageSpec(4, 5, 1);

    private final TestGraph graph = new TestGraph();
    private final Net net = graph.net();
    private final Operand<TFloat32> image = zeros(3, 4, 5, 1);

    @AfterEach
    void close() {
        graph.close();
    }

    /** As somebody may write who has several transforms of one parameter. */
    interface OneNumber extends SpatialTransform {
        @Override
        default int poseSize(ImageSpec image) {
            return 1;
        }
    }

    @Test
    void aComponentMayHaveInterfacesOfItsOwn() {
        OneNumber still = (n, pose, points) -> new Displacement(zeros(3, 20), zeros(3, 20));
        PoseTransform behindTheDoor = door(Kind.TRANSFORM, PoseTransform.class, still);
        assertThat(behindTheDoor).isInstanceOf(SpatialTransform.class);
        assertThat(behindTheDoor.poseSize(IMAGE)).isEqualTo(1);
        assertThat(behindTheDoor
                        .apply(net, image, zeros(3, 1), IMAGE, Border.ZERO)
                        .shape())
                .isEqualTo(image.shape());
    }

    @Test
    void whatIsRightPasses() throws IOException {
        Operand<TFloat32> features = zeros(3, 7);
        assertThat(encoder(features).features(net, image)).isSameAs(features);
        // Three rows or any number: that shows later.
        Operand<TFloat32> open =
                graph.tf().placeholder(TFloat32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE, 7)));
        assertThat(encoder(open).features(net, image)).isSameAs(open);
        assertThat(decoder(image).canvas(net, zeros(3, 2), IMAGE)).isSameAs(image);
        assertThat(prior(2, zeros(3, 2)).latentSize(2)).isEqualTo(2);
        assertThat(prior(2, zeros(3, 2)).over(net, 2)).isPresent();
        assertThat(objective(List.of(term(zeros(3)), term(zeros()))).terms(net, model(zeros(2, 3)), pass(zeros(2, 3))))
                .hasSize(2);
        assertThat(encoder(features)).hasToString("the encoder").isEqualTo(encoder(features));
        assertThat(door(Kind.DATASET, DataSource.class, context -> {
                    throw new IOException("pixels.bin is damaged");
                }))
                .satisfies(
                        source -> assertThatThrownBy(() -> source.open(null)).isExactlyInstanceOf(IOException.class));
    }

    @Test
    void whatIsWrongIsNamed() {
        assertFails(() -> encoder(null).features(net, image), "encoder it (it.jar) failed: features returned nothing");
        assertFails(
                () -> encoder(zeros(2, 7)).features(net, image),
                "encoder it (it.jar) failed: features returned something of shape [2, 7] where [3, ?] is due");
        assertFails(() -> encoder(image).features(net, image), "something of shape [3, 4, 5, 1]");
        assertFails(() -> decoder(zeros(3, 4, 5)).canvas(net, zeros(3, 2), IMAGE), "where [3, 4, 5, 1] is due");
        assertFails(() -> prior(-1, image).latentSize(2), "latentSize returned -1");
        assertFails(() -> prior(2, zeros(3, 1)).push(net, zeros(3, 2), 2), "push returned something of shape [3, 1]");
        assertFails(() -> objective(List.of()).terms(net, null, pass(zeros(2, 3))), "terms returned no term");
        assertFails(
                () -> objective(List.of(term(zeros(2)))).terms(net, null, pass(zeros(2, 3))),
                "terms returned a term loss with something of shape [2] where [3] is due");
        assertFails(
                () -> objective(List.of(term(null))).terms(net, null, pass(zeros(2, 3))), "a term loss with nothing");
        assertFails(() -> objective(List.of()).samples(), "samples returned 0");
        assertFails(
                () -> model(zeros(3)).pass(net, batch(), 2),
                "pass returned something of shape [3] where [2, 3] is due");
        assertFails(() -> model(null).refuses(IMAGE), "refuses returned nothing");
    }

    @Test
    void aDefaultMethodGoesOnByWayOfTheDoor() {
        Model placed = model(zeros(3)).at("model");
        assertFails(() -> placed.pass(net, batch(), 2), "pass returned something of shape [3]");
        PoseTransform transform = spatial(null);
        assertThat(transform).isInstanceOf(SpatialTransform.class);
        assertFails(
                () -> transform.apply(net, image, zeros(3, 1), IMAGE, new Border.Zero()),
                "transform it (it.jar) failed: warp returned nothing");
        assertThat(spatial(new Displacement(zeros(3, 20), zeros(3, 20)))
                        .apply(net, image, zeros(3, 1), IMAGE, new Border.Zero()))
                .isNotNull();
    }

    @Test
    void whatIsThrownIsNamedOnce() {
        Encoder inner = door(Kind.ENCODER, Encoder.class, (net, input) -> {
            throw new StackOverflowError();
        });
        Encoder outer = door(Kind.ENCODER, Encoder.class, (net, input) -> inner.features(net, input));
        assertThatThrownBy(() -> outer.features(net, image))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("encoder it (it.jar) failed: java.lang.StackOverflowError; its author can help")
                .hasCauseInstanceOf(StackOverflowError.class);
        for (Throwable thrown :
                List.of(new OutOfMemoryError("heap"), new UncheckedIOException(new IOException("full")))) {
            Encoder throwing = door(Kind.ENCODER, Encoder.class, (net, input) -> {
                throw DoorTest.<RuntimeException>unchecked(thrown);
            });
            assertThatThrownBy(() -> throwing.features(net, image)).isSameAs(thrown);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private static void assertFails(ThrowingCallable call, String text) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(text)
                .hasMessageEndingWith("; its author can help");
    }

    private Operand<TFloat32> zeros(long... shape) {
        return graph.tf().zeros(graph.tf().constant(shape), TFloat32.class);
    }

    private Batch batch() {
        return new Batch(image, Optional.empty(), List.of());
    }

    private Pass pass(Operand<TFloat32> logLikelihood) {
        return new Pass(batch(), 2, image, null, Map.of(), logLikelihood, Map.of());
    }

    private Term term(Operand<TFloat32> value) {
        return new Term("loss", value, zeros());
    }

    private static <T> T door(Kind kind, Class<T> type, T made) {
        Origin origin = new Origin("example.it", "", Optional.of(Path.of("it.jar")));
        return Door.before(new Component(kind, "it", made.getClass(), origin), type, made);
    }

    private static Encoder encoder(Operand<TFloat32> features) {
        return door(Kind.ENCODER, Encoder.class, new Encoder() {
            @Override
            public Operand<TFloat32> features(Net net, Operand<TFloat32> input) {
                return features;
            }

            @Override
            public String toString() {
                return "the encoder";
            }

            @Override
            public boolean equals(Object other) {
                return other != null && other.toString().equals(toString());
            }

            @Override
            public int hashCode() {
                return 1;
            }
        });
    }

    private static Decoder decoder(Operand<TFloat32> canvas) {
        return door(Kind.DECODER, Decoder.class, (net, code, spec) -> canvas);
    }

    private static Prior prior(int size, Operand<TFloat32> pushed) {
        return door(Kind.PRIOR, Prior.class, new Prior() {
            @Override
            public int latentSize(int parameters) {
                return size;
            }

            @Override
            public Optional<org.equipose.core.distribution.Distribution> over(Net net, int latentSize) {
                return Optional.of(Normal.standard(net.ops(), latentSize));
            }

            @Override
            public Operand<TFloat32> push(Net net, Operand<TFloat32> latent, int parameters) {
                return pushed;
            }
        });
    }

    private static Objective objective(List<Term> terms) {
        return door(Kind.OBJECTIVE, Objective.class, new Objective() {
            @Override
            public Role role() {
                return Role.BOUND;
            }

            @Override
            public int samples() {
                return 0;
            }

            @Override
            public List<Term> terms(Net net, Model model, Pass pass) {
                return terms;
            }
        });
    }

    private static PoseTransform spatial(Displacement warp) {
        return door(Kind.TRANSFORM, PoseTransform.class, new SpatialTransform() {
            @Override
            public int poseSize(ImageSpec image) {
                return 1;
            }

            @Override
            public Displacement warp(Net net, Operand<TFloat32> pose, Grid points) {
                return warp;
            }
        });
    }

    private Model model(Operand<TFloat32> logLikelihood) {
        return door(Kind.MODEL, Model.class, new Model() {
            @Override
            @SuppressWarnings("NullOptional") // what is tested
            public Optional<String> refuses(ImageSpec image) {
                return null;
            }

            @Override
            public Pass pass(Net net, Batch batch, int samples) {
                return DoorTest.this.pass(logLikelihood);
            }

            @Override
            public Map<String, Latent> prior(Net net, int rows, ImageSpec image) {
                return Map.of();
            }

            @Override
            public Generated generate(Net net, Map<String, Operand<TFloat32>> values, ImageSpec image) {
                return null;
            }
        });
    }
}
