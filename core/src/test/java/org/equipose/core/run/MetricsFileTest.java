package org.equipose.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.equipose.core.data.Damage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
    private static final String REMEDY = "; put it right, or delete it to go on without its rows";
    private static final List<String> COLUMNS = List.of("train/elbo", "val/elbo");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void threeEpochs() throws IOException {
        file = folder.resolve("metrics.csv");
        try (MetricsFile metrics = MetricsFile.create(file, COLUMNS)) {
            metrics.append(1, 550, Map.of("train/elbo", -123.456789123, "val/elbo", -0.0));
            metrics.append(2, 1100, Map.of("train/elbo", Double.NaN));
            metrics.append(3, 1650, Map.of("train/elbo", 1.5e-7, "val/elbo", Double.NEGATIVE_INFINITY));
        }
    }

    @Test
    void rowsAreLinesOfPlainNumbers() throws IOException {
        assertThat(file).hasContent("""
                        epoch,step,train/elbo,val/elbo
                        1,550,-123.456789,0.000000
                        2,1100,NaN,
                        3,1650,1.500000e-07,-Infinity
                        """);
        assertThat(MetricsFile.read(file))
                .containsExactly(
                        new MetricsFile.Row(1, 550, Map.of("train/elbo", -123.456789, "val/elbo", 0.0)),
                        new MetricsFile.Row(2, 1100, Map.of("train/elbo", Double.NaN)),
                        new MetricsFile.Row(
                                3, 1650, Map.of("train/elbo", 1.5e-7, "val/elbo", Double.NEGATIVE_INFINITY)));
    }

    @Test
    void theLanguageOfTheUserDoesNotMatter() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(MetricsFile.format(1234.5)).isEqualTo("1234.500000");
            Locale.setDefault(Locale.GERMANY);
            assertThat(MetricsFile.format(1234.5)).isEqualTo("1234.500000");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void rowsAreInTheFileAtOnce() throws IOException {
        try (MetricsFile metrics = MetricsFile.resume(file, COLUMNS, 3)) {
            metrics.append(4, 2200, Map.of());
            assertThat(file).content().endsWith("\n4,2200,,\n");
        }
    }

    @Test
    void resumingDropsLaterEpochsAndGivesTheFileOfAnUninterruptedRun() throws IOException {
        String whole = Files.readString(file);
        for (int cut = 0; cut < 12; cut++) {
            Files.writeString(file, whole.substring(0, whole.length() - cut));
            try (MetricsFile metrics = MetricsFile.resume(file, COLUMNS, 2)) {
                metrics.append(3, 1650, Map.of("train/elbo", 1.5e-7, "val/elbo", Double.NEGATIVE_INFINITY));
            }
            assertThat(file).hasContent(whole);
        }
    }

    @Test
    void aLineCutOffIsNotRead() throws IOException {
        Files.writeString(file, Files.readString(file) + "4,2200,-123.4");
        assertThat(MetricsFile.read(file)).hasSize(3);
    }

    @Test
    void aMissingTableIsBegun() throws IOException {
        Files.delete(file);
        MetricsFile.resume(file, COLUMNS, 2).close();
        assertThat(file).hasContent("epoch,step,train/elbo,val/elbo\n");
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        assertThatThrownBy(() -> MetricsFile.create(file, COLUMNS))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith(file + " exists already");
        assertThatThrownBy(() -> MetricsFile.resume(file, List.of("train/elbo"), 2))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageContaining(
                        file + " has the columns [train/elbo, val/elbo], but this run measures [train/elbo]");
        String whole = Files.readString(file);
        Files.writeString(file, whole.replace("2,1100,NaN,\n", "2,1100,much,\n"));
        assertThatThrownBy(() -> MetricsFile.read(file))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessageStartingWith(file + " is damaged: line 3 ");
        Files.writeString(file, whole.replace("2,1100,NaN,\n", "2,1100\n"));
        assertThatThrownBy(() -> MetricsFile.truncateAfter(file, 2))
                .hasMessage(file + " is damaged: line 3 has 2 cells instead of 4" + REMEDY);
        Files.writeString(file, "");
        assertThatThrownBy(() -> MetricsFile.read(file)).hasMessageContaining("its first line is missing");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
        assertThatThrownBy(() -> MetricsFile.read(file)).hasMessage(file + " is damaged: it is not text" + REMEDY);
    }

    @Test
    void unknownAndUnusableColumnsAreMistakesOfTheCaller() throws IOException {
        try (MetricsFile metrics = MetricsFile.resume(file, COLUMNS, 3)) {
            assertThatThrownBy(() -> metrics.append(4, 1, Map.of("train/mi", 1.0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no column 'train/mi'");
        }
        for (List<String> columns : List.of(List.of("a,b"), List.of("a", "a"), List.of("step"), List.of(""))) {
            assertThatThrownBy(() -> MetricsFile.create(folder.resolve("new.csv"), columns))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void rowsThatAreMissingAreNoticed() throws IOException {
        String whole = Files.readString(file);
        Files.writeString(file, whole.replace("2,1100,NaN,\n", ""));
        assertThatThrownBy(() -> MetricsFile.resume(file, COLUMNS, 3))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessage(file + " is damaged: line 3 is of epoch 3, after one of epoch 1" + REMEDY);
        Files.writeString(file, whole);
        assertThatThrownBy(() -> MetricsFile.resume(file, COLUMNS, 5))
                .isInstanceOf(RunDirectoryException.class)
                .hasMessage(file + " is damaged: it ends with epoch 3, but the run goes on after epoch 5" + REMEDY);
        assertThat(file).hasContent(whole);
    }

    @Test
    void theRemedyForDamageWorks() throws IOException {
        Files.delete(file);
        try (MetricsFile metrics = MetricsFile.resume(file, COLUMNS, 5)) {
            metrics.append(6, 3300, Map.of());
        }
        MetricsFile.resume(file, COLUMNS, 6).close();
        // Back to a state from before the table was begun anew.
        MetricsFile.resume(file, COLUMNS, 4).close();
        assertThat(MetricsFile.read(file)).isEmpty();
    }

    @Test
    void damageIsRefusedByNameOrReadAsWhatItIs() throws IOException {
        byte[] good = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(20261121);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            Files.write(file, Damage.of(good, random));
            try {
                assertThat(MetricsFile.read(file)).hasSizeBetween(0, 3);
            } catch (RunDirectoryException e) {
                assertThat(e).hasMessageStartingWith(file + " is damaged: ").hasMessageEndingWith(REMEDY);
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 450);
    }
}
