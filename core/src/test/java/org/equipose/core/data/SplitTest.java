package org.equipose.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplitTest {

    private static final ImageSpec SPEC = new ImageSpec(1, 2, 1);

    private final Split split = new Split(
            SPEC,
            new byte[] {0, 51, (byte) 128, (byte) 255, 4, 5},
            Optional.of(new int[] {7, 8, 9}),
            Optional.of(new float[][] {{1}, {2}, {3}}));

    @Test
    void readsBytesAsUnsigned() {
        assertThat(split.count()).isEqualTo(3);
        assertThat(split.value(0, 0)).isZero();
        assertThat(split.value(0, 1)).isEqualTo(0.2f);
        assertThat(split.value(1, 0)).isEqualTo(128 / 255f);
        assertThat(split.value(1, 1)).isEqualTo(1);
    }

    @Test
    void selectsInTheGivenOrder() {
        Split chosen = split.select(new int[] {2, 0, 2});
        assertThat(chosen.pixels()).containsExactly(4, 5, 0, 51, 4, 5);
        assertThat(chosen.labels().orElseThrow()).containsExactly(9, 7, 9);
        assertThat(chosen.poses().orElseThrow()).isDeepEqualTo(new float[][] {{3}, {1}, {3}});
    }

    @Test
    void selectsFromImagesAlone() {
        Split alone = new Split(SPEC, new byte[] {1, 2, 3, 4}, Optional.empty(), Optional.empty());
        Split chosen = alone.select(new int[] {1});
        assertThat(chosen.pixels()).containsExactly(3, 4);
        assertThat(chosen.labels()).isEmpty();
        assertThat(chosen.poses()).isEmpty();
    }

    @Test
    void othersFollow() {
        Split others = new Split(SPEC, new byte[] {6, 7}, Optional.of(new int[] {1}), Optional.of(new float[][] {{4}}));
        Split all = split.followedBy(others);
        assertThat(all.pixels()).containsExactly(0, 51, 128, 255, 4, 5, 6, 7);
        assertThat(all.labels().orElseThrow()).containsExactly(7, 8, 9, 1);
        assertThat(all.poses().orElseThrow()).isDeepEqualTo(new float[][] {{1}, {2}, {3}, {4}});
        Split bare = split.followedBy(new Split(SPEC, new byte[] {6, 7}, Optional.empty(), Optional.empty()));
        assertThat(bare.count()).isEqualTo(4);
        assertThat(bare.labels()).isEmpty();
        assertThat(bare.poses()).isEmpty();
        Split larger = new Split(new ImageSpec(2, 2, 1), new byte[4], Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> split.followedBy(larger)).hasMessageContaining("cannot follow images of");
    }

    @Test
    void refusesPartsThatDisagree() {
        assertThatThrownBy(() -> new Split(SPEC, new byte[3], Optional.empty(), Optional.empty()))
                .hasMessageContaining("3 bytes are not a whole number of images");
        assertThatThrownBy(() -> new Split(SPEC, new byte[4], Optional.of(new int[3]), Optional.empty()))
                .hasMessageContaining("3 labels for 2 images");
        assertThatThrownBy(() -> new Split(SPEC, new byte[4], Optional.empty(), Optional.of(new float[1][])))
                .hasMessageContaining("1 poses for 2 images");
    }

    @Test
    void becomesGreyByLuminance() {
        Split colour = new Split(
                new ImageSpec(1, 2, 3),
                new byte[] {(byte) 255, 0, 0, 10, 20, 30},
                Optional.of(new int[] {4}),
                Optional.empty());
        Split grey = colour.grey();
        assertThat(grey.spec()).isEqualTo(SPEC);
        // 0.299 · 255 = 76.2 and 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
        assertThat(grey.pixels()).containsExactly(76, 18);
        assertThat(grey.labels().orElseThrow()).containsExactly(4);
        assertThat(split.grey()).isSameAs(split);
    }

    @Test
    void hashesLabelsOfEverySize() {
        assertThat(labelled(1, 2, 3).hash())
                .isNotEqualTo(labelled(257, 258, 259).hash());
        assertThat(labelled(257, 2, 3).hash()).isNotEqualTo(labelled(1, 2, 3).hash());
        assertThat(labelled(-1, 2, 3).hash()).isNotEqualTo(labelled(255, 2, 3).hash());
        // As it was when labels were taken for bytes: SHA-256 of "1×2×1;3;", the pixels, 7, 8 and 255.
        assertThat(labelled(7, 8, 255).hash())
                .isEqualTo("e09d29eb7e033c1dca0d9bf4e5ef983bf640825369a052e9238b21c1d177e25e");
    }

    private Split labelled(int... labels) {
        return new Split(SPEC, split.pixels(), Optional.of(labels), Optional.empty());
    }

    @Test
    void hashesEverythingATrainingSees() {
        String hash = split.hash();
        assertThat(hash).matches("[0-9a-f]{64}");
        assertThat(split.select(new int[] {0, 1, 2}).hash()).isEqualTo(hash);
        byte[] otherPixels = split.pixels().clone();
        otherPixels[5]++;
        assertThat(new Split(SPEC, otherPixels, split.labels(), split.poses()).hash())
                .isNotEqualTo(hash);
        assertThat(new Split(SPEC, split.pixels(), Optional.of(new int[] {7, 8, 8}), split.poses()).hash())
                .isNotEqualTo(hash);
        assertThat(new Split(new ImageSpec(2, 1, 1), split.pixels(), split.labels(), split.poses()).hash())
                .isNotEqualTo(hash);
    }
}
