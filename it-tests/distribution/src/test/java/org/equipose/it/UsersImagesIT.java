package org.equipose.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own images, sound and damaged, from the check to the trained model. */
class UsersImagesIT {
    private static final Pattern TEST_HASH = Pattern.compile("\n  test .* sha256 ([0-9a-f]{64})\n");

    @TempDir
    private Path folder;

    private Equipose equipose;

    @BeforeEach
    void start() {
        equipose = Equipose.in(folder);
    }

    @Test
    void aFolderOfPicturesTrains() throws IOException {
        for (int i = 0; i < 60; i++) {
            picture("mine/" + (i < 48 ? "train" : "test") + (i % 2 == 0 ? "/square" : "/bar") + "/" + i + ".png", i);
        }
        String set = "dataset.folder.path=mine";
        String checked =
                equipose.succeed("data", "check", "folder", "--set", set).out();
        assertThat(checked)
                .startsWith("folder               48 training and 12 test images of 12×12×1, labelled; sha256 ")
                .contains("; images by class 0 (bar): 24, 1 (square): 24; ", "note ", "invert");
        String inverted = equipose.succeed(
                        "data", "check", "folder", "--set", set, "--set", "dataset.folder.invert=true")
                .out();
        assertThat(inverted).doesNotContain("note ");

        equipose.succeed(train("folder", set, "--set", "dataset.folder.invert=yes"));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.config())
                .containsEntry("dataset.folder.path", "mine")
                .containsEntry("dataset.folder.invert", "true");
        assertThat(run.manifest().at("/dataset/test/sha256").asText()).isEqualTo(testHash(inverted));
        assertThat(Files.readAllLines(run.folder().resolve("classes.txt"))).containsExactly("bar", "square");
    }

    @Test
    void whatTheFileHoldsIsWhatIsRecorded() throws IOException {
        byte[] file = idx();
        Path images = Files.write(folder.resolve("images"), file);
        String set = "dataset.idx.images=images";
        String before = equipose.succeed("data", "check", "idx", "--set", set).out();
        assertThat(before).startsWith("idx                  54 training and 6 test images of 12×12×1, without labels");
        for (int i = 16; i < file.length; i += 144) {
            file[i] ^= 1;
        }
        Files.write(images, file);
        equipose.succeed(train("idx", set));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.config()).containsEntry("dataset.idx.images", "images");
        assertThat(run.manifest().at("/dataset/test/sha256").asText())
                .isNotEqualTo(testHash(before))
                .isEqualTo(testHash(
                        equipose.succeed("data", "check", "idx", "--set", set).out()));
        assertThat(run.folder().resolve("classes.txt")).doesNotExist();

        file[6] = 1;
        Files.write(images, file);
        Equipose.Result refused = equipose.run("evaluate", "--run", "run");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("error: images is truncated: it holds 8640 values but its header says 316×12×12");
        assertThat(refused.err().lines()).hasSize(1);
    }

    /** Digits as Larochelle's files have them: the values of an image and its label in a line. */
    @Test
    void linesOfNumbersTrain() throws IOException {
        byte[] images = idx();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            for (int p = 0; p < 144; p++) {
                lines.append((images[16 + i * 144 + p] & 0xff) / 255.0).append(' ');
            }
            lines.append(i % 3).append(".0\n");
        }
        Files.writeString(folder.resolve("mine.amat"), lines);
        String set = "dataset.amat.train=mine.amat";
        String checked = equipose.succeed("data", "check", "amat", "--set", set).out();
        assertThat(checked).startsWith("amat                 54 training and 6 test images of 12×12×1, labelled");
        equipose.succeed(train("amat", set));
        Run run = new Run(folder.resolve("run"));
        assertThat(run.manifest().at("/dataset/test/sha256").asText()).isEqualTo(testHash(checked));
        assertThat(testHash(
                        equipose.succeed("data", "check", "amat", "--set", set, "--set", "dataset.amat.transposed=true")
                                .out()))
                .isNotEqualTo(testHash(checked));
    }

    @Test
    void wrongFilesAreRefusedInALine() throws IOException {
        Files.writeString(folder.resolve("short.amat"), "0.5 0.5 7\n");
        Files.writeString(folder.resolve("broken.npz"), "PK nonsense");
        Path broken = picture("pictures/1.png", 1);
        Files.write(broken, List.of("no picture"));
        for (List<String> mistake : List.of(
                List.of("idx", "", "no file is named; give one with --set dataset.idx.images=FILE"),
                List.of(
                        "amat",
                        "train=short.amat",
                        "short.amat:1 has 3 numbers; a line must hold a square image and its label"),
                List.of("npz", "path=broken.npz", "broken.npz is not a readable .npz file: "),
                List.of("npz", "test-share=2", "test-share must be above 0 and below 1 but was 2.0"),
                List.of("folder", "path=pictures", "pictures/1.png is not a PNG, JPEG, GIF or BMP picture"))) {
            String set = mistake.get(1).isEmpty()
                    ? "dataset.strokes.train=3"
                    : "dataset." + mistake.get(0) + "." + mistake.get(1);
            Equipose.Result result = equipose.run("data", "check", mistake.get(0), "--set", set);
            assertThat(result.code()).as(result.toString()).isEqualTo(2);
            assertThat(result.err()).startsWith("error: ").contains(mistake.get(2));
            assertThat(result.err().lines()).hasSize(1);
        }
    }

    @Test
    void damageInTheCacheIsNamedAndWhatIsNotHereIsNoProblem() throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("data/mnist"));
        Files.write(mnist.resolve("train-labels-idx1-ubyte"), new byte[60_008]);
        Equipose.Result result = equipose.run("data", "check", "--data-dir", "data");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out())
                .contains(
                        "amat                 not here",
                        "cifar10              not here",
                        "fashion-mnist        not here",
                        "folder               not here")
                .contains("strokes              2000 training and 500 test images");
        assertThat(result.complaints())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).startsWith("error: mnist: "))
                .anySatisfy(line -> assertThat(line)
                        .contains("data/mnist/train-labels-idx1-ubyte: md5 ")
                        .endsWith("; the file is damaged, run.sh data fetch fetches it again"));
    }

    private static String[] train(String name, String... sets) {
        List<String> words = new ArrayList<>(List.of("--dataset", name, "--set"));
        words.addAll(List.of(sets));
        words.addAll(List.of("--validation", "4", "--batch-size", "8", "--hidden", "12", "--latent-dim", "3"));
        words.addAll(List.of("--epochs", "1", "--eval", "none", "--run-dir", "run"));
        return words.toArray(new String[0]);
    }

    private static String testHash(String checked) {
        Matcher hash = TEST_HASH.matcher(checked);
        assertThat(hash.find()).as(checked).isTrue();
        return hash.group(1);
    }

    /** Writes a picture of a dark rectangle on white. */
    private Path picture(String name, int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
        int height = 2 + random.nextInt(6);
        int width = name.contains("square") ? height : 2;
        for (int y = 0; y < 12; y++) {
            for (int x = 0; x < 12; x++) {
                boolean inside = y >= 3 && y < 3 + height && x >= 4 && x < 4 + width;
                image.getRaster().setSample(x, y, 0, inside ? random.nextInt(60) : 255);
            }
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private static byte[] idx() {
        ByteBuffer file = ByteBuffer.allocate(16 + 60 * 144);
        file.putInt(0x803).putInt(60).putInt(12).putInt(12);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 60 * 144; i++) {
            file.put((byte) (i % 12 < 6 ? 0 : random.nextInt(256)));
        }
        return file.array();
    }
}
