package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** What people do with a model once it is trained: {@code reconstruct}, {@code embed} and {@code export}. */
class OwnPicturesIT {
    @TempDir
    static Path folder;

    private static Equipose equipose;

    @BeforeAll
    static void train() throws IOException {
        equipose = Equipose.in(folder);
        equipose.succeed(Equipose.tiny("--model", "vae", "--eval", "none", "--run-dir", "vae"));
        equipose.succeed(Equipose.tiny("--transform", "affine", "--eval", "none", "--run-dir", "tvae"));
        Files.createDirectory(folder.resolve("pictures"));
        for (int i = 0; i < 3; i++) {
            SplittableRandom random = new SplittableRandom(i);
            BufferedImage picture = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
            for (int p = 0; p < 28 * 28; p++) {
                picture.getRaster().setSample(p % 28, p / 28, 0, random.nextInt(256));
            }
            ImageIO.write(
                    picture, "png", folder.resolve("pictures/" + i + ".png").toFile());
        }
        ImageIO.write(
                new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB),
                "jpg",
                folder.resolve("wide.jpg").toFile());
    }

    private static double[] pixels(int picture) throws IOException {
        BufferedImage image =
                ImageIO.read(folder.resolve("pictures/" + picture + ".png").toFile());
        double[] pixels = new double[28 * 28];
        for (int p = 0; p < pixels.length; p++) {
            pixels[p] = image.getRaster().getSample(p % 28, p / 28, 0) / 255.0;
        }
        return pixels;
    }

    /** Runs one of the two networks of the plain autoencoder by hand. */
    private static double[] network(Map<String, Npy> weights, String name, String last, double[] input) {
        double[] values = input;
        for (int layer = 1; weights.containsKey("model/" + name + "/hidden" + layer + "/weights"); layer++) {
            String hidden = "model/" + name + "/hidden" + layer;
            values = weights.get(hidden + "/weights").times(values, weights.get(hidden + "/bias"));
            values = Arrays.stream(values).map(v -> Math.max(0, v)).toArray();
        }
        return weights.get(last + "/weights").times(values, weights.get(last + "/bias"));
    }

    @Test
    void embedWritesThePosteriorMeansOfPictures() throws IOException {
        String out =
                equipose.succeed("embed", "--run", "vae", "--image", "pictures").out();
        assertThat(out).endsWith("  vae/embedding/own.csv\n  vae/embedding/own-z.npy\n");
        Npy codes = Npy.read(folder.resolve("vae/embedding/own-z.npy"));
        assertThat(codes.shape()).containsExactly(3, 3);
        List<String> lines = Files.readAllLines(folder.resolve("vae/embedding/own.csv"));
        assertThat(lines).hasSize(4).startsWith("image,label,z_0,z_1,z_2");
        Map<String, Npy> weights = Npy.checkpoint(new Run(folder.resolve("vae")));
        for (int i = 0; i < 3; i++) {
            double[] expected = network(weights, "encoder", "model/z/mean", pixels(i));
            String[] cells = lines.get(i + 1).split(",", -1);
            assertThat(cells[0]).isEqualTo("pictures/" + i + ".png");
            assertThat(cells[1]).isEmpty();
            for (int k = 0; k < 3; k++) {
                assertThat((double) codes.values()[i * 3 + k]).isCloseTo(expected[k], within(1e-5));
                assertThat(Float.parseFloat(cells[k + 2])).isEqualTo(codes.values()[i * 3 + k]);
            }
        }
    }

    @Test
    void embedWritesASplitWithItsLabels() throws IOException {
        equipose.succeed("embed", "--run", "tvae", "--split", "validation", "--to", "codes");
        List<String> lines = Files.readAllLines(folder.resolve("codes/strokes-validation.csv"));
        assertThat(lines)
                .hasSize(41)
                .startsWith("image,label,z_0,z_1,z_2,u_0,u_1,u_2,u_3,u_4,u_5,angle_degrees,scale_x,scale_y,shear,"
                        + "right_pixels,down_pixels,remainder_pixels");
        assertThat(lines.get(40)).matches("39,[0-9](,-?[0-9.E-]+){16}");
        assertThat(Npy.read(folder.resolve("codes/strokes-validation-u.npy")).shape())
                .containsExactly(40, 6);
        assertThat(folder.resolve("codes/strokes-validation-label.npy")).isNotEmptyFile();
    }

    @Test
    void reconstructTellsTheErrorAndDraws() throws IOException {
        Equipose.Result result =
                equipose.succeed("reconstruct", "--run", "vae", "--image", "pictures", "--to", "mine.png");
        Map<String, Npy> weights = Npy.checkpoint(new Run(folder.resolve("vae")));
        Matcher line = Pattern.compile(" +([0-9.]+)  pictures/([0-9]).png").matcher(result.out());
        for (int i = 0; i < 3; i++) {
            assertThat(line.find()).isTrue();
            double[] x = pixels(i);
            double[] logits =
                    network(weights, "decoder", "model/decoder/logits", network(weights, "encoder", "model/z/mean", x));
            double error = 0;
            for (int p = 0; p < x.length; p++) {
                error += Math.log1p(Math.exp(logits[p])) - x[p] * logits[p];
            }
            assertThat(Double.parseDouble(line.group(1))).isCloseTo(error, within(0.006));
        }
        assertThat(result.out()).contains("reconstruction error at the posterior mean, nats per image\n");
        assertThat(new Run(folder).picture("mine.png").getHeight()).isEqualTo(26 + 2 * 58);
    }

    @Test
    void aPictureOfAnotherSizeIsResizedWhenAsked() throws IOException {
        assertThat(equipose.succeed("reconstruct", "--run", "tvae", "--image", "wide.jpg", "--resize", "--invert")
                        .out())
                .endsWith("tvae/reconstructions/own/wide.png\n");
        assertThat(folder.resolve("tvae/reconstructions/own/wide.png")).isNotEmptyFile();
    }

    @Test
    void exportsWhatOtherProgramsLoad() throws IOException {
        assertThat(equipose.succeed("export", "--run", "tvae").out())
                .contains("functions encode, decode, sample, warp for 1 image at a time")
                .endsWith("tvae/export/saved_model\n");
        equipose.succeed("embed", "--run", "tvae", "--image", "pictures/1.png", "--to", "one");
        float[] image = new float[28 * 28];
        double[] pixels = pixels(1);
        for (int p = 0; p < image.length; p++) {
            image[p] = (float) pixels[p];
        }
        // The number of threads inside an operation decides how sums are split.
        ConfigProto oneThread =
                ConfigProto.newBuilder().setIntraOpParallelismThreads(1).build();
        try (SavedModelBundle bundle = SavedModelBundle.loader(
                                folder.resolve("tvae/export/saved_model").toString())
                        .withTags("serve")
                        .withConfigProto(oneThread)
                        .load();
                TFloat32 images = TFloat32.tensorOf(Shape.of(1, 28, 28, 1), DataBuffers.of(image));
                TInt64 draw = TInt64.scalarOf(3)) {
            Map<String, float[]> latents = call(bundle, "encode", Map.of("image", images));
            assertThat(latents.get("z"))
                    .isEqualTo(Npy.read(folder.resolve("one/own-z.npy")).values());
            assertThat(latents.get("u"))
                    .isEqualTo(Npy.read(folder.resolve("one/own-u.npy")).values());
            try (TFloat32 z = TFloat32.tensorOf(Shape.of(1, 3), DataBuffers.of(latents.get("z")));
                    TFloat32 u = TFloat32.tensorOf(Shape.of(1, 6), DataBuffers.of(latents.get("u")));
                    TFloat32 identity = TFloat32.tensorOf(Shape.of(1, 6), DataBuffers.of(new float[6]))) {
                Map<String, float[]> decoded = call(bundle, "decode", Map.of("z", z, "u", u));
                assertThat(decoded.get("image")).hasSize(784).isNotEqualTo(decoded.get("canvas"));
                float[] still = call(bundle, "warp", Map.of("image", images, "u", identity))
                        .get("image");
                assertThat(Arrays.equals(still, image))
                        .as("u = 0 moves nothing")
                        .isTrue();
            }
            assertThat(call(bundle, "sample", Map.of("draw", draw)).get("image"))
                    .isEqualTo(call(bundle, "sample", Map.of("draw", draw)).get("image"));
        }
    }

    private static Map<String, float[]> call(SavedModelBundle bundle, String name, Map<String, Tensor> inputs) {
        SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get(name);
        Session.Runner runner = bundle.session().runner();
        inputs.forEach((input, tensor) ->
                runner.feed(signature.getInputsMap().get(input).getName(), tensor));
        signature.getOutputsMap().values().forEach(output -> runner.fetch(output.getName()));
        Map<String, float[]> outputs = new LinkedHashMap<>();
        try (Result result = runner.run()) {
            int i = 0;
            for (String output : signature.getOutputsMap().keySet()) {
                TFloat32 tensor = (TFloat32) result.get(i++);
                float[] values = new float[(int) tensor.size()];
                tensor.copyTo(DataBuffers.of(values));
                outputs.put(output, values);
            }
        }
        return outputs;
    }

    @Test
    void refusesWhatCannotBeDone() {
        refused("say which pictures: --image my.png, or a folder of them", "reconstruct", "--run", "vae");
        refused("say which run: --run DIR", "export");
        refused("leave out --split, --dataset", "embed", "--run", "vae", "--image", "pictures", "--split", "test");
        refused("--resize and --invert go with --image", "embed", "--run", "vae", "--invert");
        refused("there are 31 pictures, but at most 30", many("reconstruct", "--run", "vae", "--image"));
        refused("there is no split 'tests'; did you mean 'test'?", "embed", "--run", "vae", "--split", "tests");
        refused(
                "wide.jpg is 20×40 (height×width), but the model was trained on 28×28; add --resize",
                "reconstruct",
                "--run",
                "vae",
                "--image",
                "wide.jpg");
        refused("nothing.png", "embed", "--run", "vae", "--image", "nothing.png");
        refused("there is no PNG or JPEG in vae", "embed", "--run", "vae", "--image", "vae");
        refused("batch-size must be a whole number from 1", "export", "--run", "vae", "--batch-size", "0");
        refused("vae exists already", "export", "--run", "vae", "--to", "vae");
    }

    @Test
    void warnsOfBlackOnWhite() throws IOException {
        BufferedImage white = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        white.getGraphics().fillRect(0, 0, 28, 28);
        ImageIO.write(white, "png", folder.resolve("white.png").toFile());
        assertThat(equipose.succeed("embed", "--run", "vae", "--image", "white.png", "--to", "white")
                        .complaints())
                .singleElement()
                .asString()
                .startsWith("warning: the pictures look black on white")
                .contains("--invert");
        assertThat(equipose.succeed("embed", "--run", "vae", "--image", "white.png", "--invert", "--to", "black")
                        .complaints())
                .isEmpty();
    }

    private static String[] many(String... words) {
        List<String> all = new ArrayList<>(List.of(words).subList(0, words.length - 1));
        for (int i = 0; i < 31; i++) {
            all.addAll(List.of("--image", "pictures/0.png"));
        }
        return all.toArray(new String[0]);
    }

    @Test
    void embedTakesOtherImagesOfTheSameSize() throws IOException {
        equipose.succeed(
                "embed", "--run", "vae", "--dataset", "strokes", "--set", "dataset.strokes.test=7", "--to", "others");
        assertThat(Files.readAllLines(folder.resolve("others/strokes-test.csv")))
                .hasSize(8);
        Equipose.Result evaluated = equipose.run("evaluate", "--run", "vae", "--set", "dataset.strokes.test=7");
        assertThat(evaluated.code()).isEqualTo(2);
        assertThat(evaluated.err()).contains("their hashes differ");
    }

    private static void refused(String part, String... words) {
        Equipose.Result result = equipose.run(words);
        assertThat(result.code()).as(result.toString()).isEqualTo(2);
        assertThat(result.complaints()).hasSize(1);
        assertThat(result.complaints().get(0)).startsWith("error: ").contains(part);
    }
}
