package org.equipose.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.equipose.core.cli.Restarts.Restart;
import org.equipose.core.data.Seeds;
import org.junit.jupiter.api.Test;

class RestartsTest {

    @Test
    void theFirstHasTheSeedOfTheRunAndEachItsOwn() {
        assertThat(Restarts.seed(5, 1)).isEqualTo(5);
        assertThat(Restarts.seed(5, 2)).isEqualTo(Seeds.derive(5, "restart:2"));
        assertThat(IntStream.rangeClosed(1, 99).mapToLong(i -> Restarts.seed(5, i)))
                .doesNotHaveDuplicates();
    }

    @Test
    void theBestBoundOnValidationImagesIsKept() {
        Restart good = restart(1, -100, 3, 2);
        Restart better = restart(2, -90, 0.01, 5);
        assertThat(Restarts.best(List.of(good, better, new Restart(3, 7, Map.of()))))
                .isEqualTo(better);
        assertThat(Restarts.best(List.of(good, restart(2, -100, 3, 2)))).isEqualTo(good);
    }

    @Test
    void aLatentThatSaysNothingHasCollapsed() {
        assertThat(restart(1, -100, 3, 2).collapsed()).isEmpty();
        assertThat(restart(1, -100, 0.0999, 2).collapsed()).containsExactly("z");
        assertThat(restart(1, -100, 0.1, -0.001).collapsed()).containsExactly("u");
        assertThat(restart(1, -100, 0, 0).collapsed()).containsExactly("z", "u");
    }

    @Test
    void theTableHasALineForEach() {
        Restart failed = new Restart(1, 5, Map.of());
        Restart kept = restart(2, -90.5, 0.01, 5);
        assertThat(Restarts.csv(List.of(failed, kept), kept)).isEqualTo("""
                        restart,seed,val/elbo_given_pose,val/kl_z,val/kl_u,collapsed,chosen
                        1,5,,,,,false
                        2,12,-90.5,0.01,5.0,z,true
                        """);
    }

    /** In the order of metrics.csv; what the training images say is no reason to choose. */
    private static Restart restart(int number, double bound, double klZ, double klU) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("train/elbo_given_pose", -bound * number);
        metrics.put("train/kl_z", 0.0);
        metrics.put("val/elbo_given_pose", bound);
        metrics.put("val/reconstruction", 80.0);
        metrics.put("val/kl_z", klZ);
        metrics.put("val/kl_u", klU);
        return new Restart(number, 10 + number, metrics);
    }
}
