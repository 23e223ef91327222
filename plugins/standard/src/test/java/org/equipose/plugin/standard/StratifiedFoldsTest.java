package org.equipose.plugin.standard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StratifiedFoldsTest {

    /** What {@code StratifiedKFold(n_splits)} of scikit-learn 1.9 gives. */
    @Test
    void dividesAsScikitLearnDoes() {
        assertThat(StratifiedFolds.of(new int[] {2, 0, 1, 0, 2, 2, 1, 0, 0, 1, 2, 0, 0, 1, 2, 2, 0}, 3)
                        .part())
                .containsExactly(0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2);
        int[] labels = {
            4, 3, 2, 1, 1, 0, 0, 0, 0, 4, 3, 4, 2, 3, 4, 3, 3, 2, 2, 4, 1, 4, 3, 0, 1, 4, 2, 0, 3, 3, 4, 0, 0, 4, 0, 2,
            0, 1, 2, 2
        };
        assertThat(StratifiedFolds.of(labels, 4).part())
                .containsExactly(
                        0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 2,
                        3, 3, 3, 2, 3, 3, 3, 3);
    }

    @Test
    void everyImageIsInsideOnePartAndOutsideAllOthers() {
        StratifiedFolds folds = StratifiedFolds.of(new int[] {5, 5, 7, 5, 7}, 2);
        assertThat(folds.inside(0)).containsExactly(0, 1, 2);
        assertThat(folds.outside(0)).containsExactly(3, 4);
        assertThat(folds.inside(1)).containsExactly(3, 4);
        assertThat(folds.outside(1)).containsExactly(0, 1, 2);
    }
}
