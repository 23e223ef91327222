package com.example.blobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.equipose.core.spi.Batch;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.Pass;
import org.equipose.tck.GraphFixture;
import org.equipose.tck.ObjectiveTck;
import org.equipose.tck.ToyModel;
import org.junit.jupiter.api.Test;

class TotalVariationTest extends ObjectiveTck {
    @Override
    protected Objective objective() {
        return new TotalVariation();
    }

    @Test
    void addsUpDifferencesOfNeighbours() {
        int batch = 2;
        int samples = 3;
        int size = 4;
        try (GraphFixture graph = new GraphFixture()) {
            ToyModel model = new ToyModel();
            Batch images = new Batch(graph.input(new float[batch * size * size], batch, size, size, 1));
            Pass pass = model.pass(graph.net().sub("model"), images, samples);
            List<float[]> found = graph.fetch(List.of(
                    pass.canvas(),
                    objective().terms(graph.net(), model, pass).get(0).value()));
            for (int image = 0; image < batch; image++) {
                double sum = 0;
                for (int sample = 0; sample < samples; sample++) {
                    int start = (sample * batch + image) * size * size;
                    for (int p = 0; p < size * size; p++) {
                        float here = found.get(0)[start + p];
                        sum += p % size == size - 1 ? 0 : Math.abs(found.get(0)[start + p + 1] - here);
                        sum += p / size == size - 1 ? 0 : Math.abs(found.get(0)[start + p + size] - here);
                    }
                }
                assertEquals(sum / samples, found.get(1)[image], 1e-5);
            }
        }
    }
}
