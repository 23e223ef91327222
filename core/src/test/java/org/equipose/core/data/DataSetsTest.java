package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataSetsTest {

    private static final long SEED = 11;

    /** A thousand images whose label is their number; the pixels, too, tell them apart. */
    private final DataSets sets = new DataSets(numbered(1000), numbered(3));

    private static Split numbered(int count) {
        byte[] pixels = new byte[2 * count];
        for (int i = 0; i < count; i++) {
            pixels[2 * i] = (byte) i;
            pixels[2 * i + 1] = (byte) (i >> 8);
        }
        int[] labels = IntStream.range(0, count).toArray();
        return new Split(new ImageSpec(1, 2, 1), pixels, Optional.of(labels), Optional.empty());
    }

    @Test
    void hasNoValidationImagesAtFirst() {
        assertThat(sets.validation().count()).isZero();
        assertThat(sets.validation().labels().orElseThrow()).isEmpty();
    }

    @Test
    void keepsTheNamesOfClasses() {
        assertThat(sets.classes()).isEmpty();
        assertThat(sets.named(List.of("cat", "dog")).holdOut(3, SEED).classes()).containsExactly("cat", "dog");
    }

    @Test
    void holdsOutAPartition() {
        DataSets held = sets.holdOut(300, SEED);
        int[] train = held.train().labels().orElseThrow();
        int[] validation = held.validation().labels().orElseThrow();
        assertThat(train).hasSize(700).isSorted();
        assertThat(validation).hasSize(300).isSorted();
        assertThat(IntStream.concat(Arrays.stream(train), Arrays.stream(validation))
                        .sorted())
                .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        assertThat(held.test()).isSameAs(sets.test());
        for (Split split : new Split[] {held.train(), held.validation()}) {
            for (int i = 0; i < split.count(); i++) {
                int number = (split.pixels()[2 * i] & 0xff) + 256 * split.pixels()[2 * i + 1];
                assertThat(number).isEqualTo(split.labels().orElseThrow()[i]);
            }
        }
    }

    @Test
    void whatWasHeldOutGoesBackToItsPlace() {
        DataSets held = sets.holdOut(300, SEED);
        for (DataSets each : List.of(held, held.named(List.of("cat")), sets, sets.holdOut(0, SEED))) {
            assertThat(each.trainAndValidation().hash()).isEqualTo(sets.train().hash());
        }
        int[] unknown = new DataSets(held.train(), held.validation(), held.test())
                .trainAndValidation()
                .labels()
                .orElseThrow();
        assertThat(Arrays.copyOfRange(unknown, 700, 1000))
                .isEqualTo(held.validation().labels().orElseThrow());
        assertThatThrownBy(() -> new DataSets(held.train(), held.validation(), held.test(), List.of(), new int[2]))
                .hasMessage("there are 2 places for 300 validation images");
    }

    @Test
    void holdsOutTheSameImagesForTheSameSeed() {
        int[] once = sets.holdOut(300, SEED).validation().labels().orElseThrow();
        assertThat(sets.holdOut(300, SEED).validation().labels().orElseThrow()).isEqualTo(once);
        assertThat(sets.holdOut(300, SEED + 1).validation().labels().orElseThrow())
                .isNotEqualTo(once);
    }

    @Test
    void holdsOutFromEverywhere() {
        int[] validation = sets.holdOut(300, SEED).validation().labels().orElseThrow();
        // Of 300 in 1000 about 75 fall into each quarter, with a standard deviation of 6.3.
        for (int quarter = 0; quarter < 4; quarter++) {
            int from = 250 * quarter;
            assertThat(Arrays.stream(validation)
                            .filter(i -> i >= from && i < from + 250)
                            .count())
                    .as("quarter %d, seed %d", quarter, SEED)
                    .isBetween(50L, 100L);
        }
    }

    @Test
    void holdsOutNothing() {
        DataSets held = sets.holdOut(0, SEED);
        assertThat(held.train().hash()).isEqualTo(sets.train().hash());
        assertThat(held.validation().count()).isZero();
    }

    @Test
    void leavesSomethingToTrainOn() {
        assertThatThrownBy(() -> sets.holdOut(1000, SEED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only 1000 training images");
    }

    @Test
    void refusesImagesOfTwoSizes() {
        Split other = new Split(new ImageSpec(2, 2, 1), new byte[4], Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> new DataSets(sets.train(), other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1×2×1")
                .hasMessageContaining("2×2×1");
    }

    @Test
    void shufflesFairly() {
        int[] order = DataSets.shuffled(1000, SEED);
        assertThat(Arrays.stream(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
        // Each of the 6 orders of 3 comes about 1000 times in 6000, with a standard deviation of 29.
        int[] counts = new int[1000];
        for (long seed = 0; seed < 6000; seed++) {
            int[] three = DataSets.shuffled(3, seed);
            counts[100 * three[0] + 10 * three[1] + three[2]]++;
        }
        for (int code : new int[] {12, 21, 102, 120, 201, 210}) {
            assertThat(counts[code]).as("order %03d", code).isBetween(850, 1150);
        }
    }
}
