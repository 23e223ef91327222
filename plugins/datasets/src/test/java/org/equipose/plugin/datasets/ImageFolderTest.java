package org.equipose.plugin.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.data.DataSets;
import org.equipose.core.data.ImageSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

    @TempDir
    private Path folder;

    @Test
    void readsAFolderForEachClass() throws IOException {
        put("train/dog/b.png", 3);
        put("train/dog/a.png", 2);
        put("train/cat/z.png", 1);
        put("train/Ant/z.png", 0);
        put("test/dog/a.png", 5);
        put("test/cat/a.png", 4);
        put("train/cat/.hidden.png", 9);
        Files.writeString(folder.resolve(".notes"), "passed over");
        DataSets data = open();
        assertThat(data.spec()).isEqualTo(new ImageSpec(1, 2, 1));
        assertThat(data.classes()).containsExactly("Ant", "cat", "dog");
        assertThat(data.train().pixels()).containsExactly(0, 100, 1, 100, 2, 100, 3, 100);
        assertThat(data.train().labels().orElseThrow()).containsExactly(0, 1, 2, 2);
        assertThat(data.test().pixels()).containsExactly(4, 100, 5, 100);
        assertThat(data.test().labels().orElseThrow()).containsExactly(1, 2);
    }

    @Test
    void readsPicturesWithoutClasses() throws IOException {
        for (int i = 0; i < 10; i++) {
            put("p" + i + ".png", i);
        }
        DataSets data = open();
        assertThat(data.train().count()).isEqualTo(9);
        assertThat(data.test().count()).isEqualTo(1);
        assertThat(data.train().labels()).isEmpty();
        assertThat(data.classes()).isEmpty();
        assertThat(open().test().hash()).isEqualTo(data.test().hash());
    }

    @Test
    void takesAnotherFolderToTestOn() throws IOException {
        put("mine/a/1.png", 1);
        put("mine/test/1.png", 2);
        put("other/test/1.png", 3);
        DataSets data = open(settings("mine", "other", "", 1, false, false));
        assertThat(data.classes()).containsExactly("a", "test");
        assertThat(data.train().labels().orElseThrow()).containsExactly(0, 1);
        assertThat(data.test().labels().orElseThrow()).containsExactly(1);
    }

    @Test
    void readsColourInvertsAndScales() throws IOException {
        put("train/1.png", 50);
        put("test/1.png", 250);
        assertThat(open(settings("", null, "", 3, false, false)).train().pixels())
                .containsExactly(50, 50, 50, 100, 100, 100);
        assertThat(open(settings("", null, "", 1, false, true)).test().pixels()).containsExactly(5, 155);
        assertThat(open(settings("", null, "2x2", 1, true, false)).train().pixels())
                .containsExactly(50, 100, 0, 0);
    }

    @Test
    void saysWhichPictureHasAnotherSize() throws IOException {
        put("a.png", 1);
        Path other = Written.picture(folder.resolve("b.png"), 2, 2, (byte) 1);
        refused(settings("", null, "", 1, false, false), other + " is 2×2 but 1×2 is wanted (height×width)");
        refused(settings("", null, "28x28", 1, false, false), "a.png is 1×2 but 28×28 is wanted");
        refused(settings("", null, "", 1, true, false), "to resize pictures their size must be known");
    }

    @Test
    void saysWhatIsWrongWithTheFolder() throws IOException {
        assertThatThrownBy(() -> Written.open(new ImageFolder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no folder is named; give one with --set dataset.folder.path=DIR");
        refused(settings("none", null, "", 1, false, false), "there is no " + folder.resolve("none"));
        refused(folder + " holds no picture; put some there or name another folder");
        put("one.png", 1);
        refused(
                settings("one.png", null, "", 1, false, false),
                "one.png is not a folder; dataset.folder.path must name one");
        refused(folder + " holds a single image");
        put("cat/one.png", 1);
        refused(folder + " holds the file one.png beside the folder cat");
    }

    @Test
    void saysWhatIsWrongWithTheClasses() throws IOException {
        put("train/cat/1.png", 1);
        put("test/dog/1.png", 1);
        refused(folder.resolve("test/dog") + " is no class to train on; there are cat; rename or remove it");
        put("train/dog/1.png", 1);
        Files.createDirectories(folder.resolve("train/eel"));
        refused(folder.resolve("train/eel") + " holds no picture; put some there or remove it");
        put("train/eel/more/1.png", 1);
        refused(folder.resolve("train/eel/more") + " is a folder in the folder of a class");
        put("valid/cat/1.png", 1);
        refused(folder.resolve("valid") + " is beside the folders train and test");
    }

    @Test
    void refusesLabelsForOneSplitOnly() throws IOException {
        put("train/cat/1.png", 1);
        put("test/1.png", 1);
        refused("only one of " + folder.resolve("train") + " and " + folder.resolve("test")
                + " has a folder for each class");
    }

    @Test
    void refusesWhatIsNoPictureByName() throws IOException {
        put("1.png", 1);
        Path notes = Files.writeString(folder.resolve("notes.txt"), "no picture");
        refused(notes + " is not a PNG, JPEG, GIF or BMP picture; save it as PNG or remove it");
        Files.delete(notes);
        Path nowhere = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("link"));
        refused(nowhere.toString());
        Files.delete(nowhere);
        put("sub/2.png", 2);
        Files.delete(folder.resolve("1.png"));
        Files.createSymbolicLink(folder.resolve("sub/up"), folder);
        refused(folder.resolve("sub/up") + " is a folder in the folder of a class");
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        for (String size : new String[] {"28", "28x", "0x3", "28×28", "-1x2", "99999x1", "a"}) {
            assertThatThrownBy(() -> settings("", null, size, 1, false, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("size must be height and width such as 28x28, or empty, but was " + size);
        }
        assertThatThrownBy(() -> settings("", null, "", 2, false, false))
                .hasMessage("channels must be 1 or 3 but was 2");
    }

    @Test
    void refusesMoreThanFitsInMemory() throws IOException {
        for (int i = 0; i < 8; i++) {
            put(i + ".png", i);
        }
        refused(
                settings("", null, "9999x9999", 3, true, false),
                "holds 8 pictures, which as images of 9999×9999×3 do not fit");
    }

    private void refused(String message) {
        refused(settings("", null, "", 1, false, false), message);
    }

    private static void refused(ImageFolder.Settings settings, String message) {
        assertThatThrownBy(() -> open(settings)).isInstanceOf(IOException.class).hasMessageContaining(message);
    }

    private DataSets open() throws IOException {
        return open(settings("", null, "", 1, false, false));
    }

    private static DataSets open(ImageFolder.Settings settings) throws IOException {
        return Written.open(new ImageFolder(settings));
    }

    private ImageFolder.Settings settings(
            String path, String test, String size, int channels, boolean resize, boolean invert) {
        return new ImageFolder.Settings(
                Optional.of(folder.resolve(path)),
                Optional.ofNullable(test).map(folder::resolve),
                size,
                channels,
                resize,
                invert,
                0.1,
                1);
    }

    private void put(String file, int first) throws IOException {
        Written.picture(folder.resolve(file), 1, 2, (byte) first, (byte) 100);
    }
}
