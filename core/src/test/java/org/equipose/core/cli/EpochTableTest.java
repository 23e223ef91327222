package org.equipose.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpochTableTest {

    @Test
    void everyNumberStandsUnderItsImagesAndItsUnit() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("train/loss", 105.0);
        metrics.put("train/kl_z", 20.125);
        metrics.put("train/floored_determinants_share_of_images", 0.25);
        metrics.put("val/kl_z", -0.5);
        metrics.put("val/floored_determinants_share_of_images", 0.001);
        metrics.put("test/reconstruction_at_mean", 80.0);
        assertThat(EpochTable.of(2, 8, metrics)).isEqualTo("""
                epoch 2, step 8; nats per image, or the unit a name ends with
                                                         training   validation
                  loss                                     105.00
                  kl_z                                      20.13       -0.500
                  floored_determinants_share_of_images      0.250      1.0e-03
                  test: reconstruction_at_mean              80.00
                """);
    }
}
