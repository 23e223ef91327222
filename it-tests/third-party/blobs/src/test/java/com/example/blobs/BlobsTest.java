package com.example.blobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.equipose.core.data.Split;
import org.equipose.core.spi.DataSource;
import org.equipose.tck.DataSourceTck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobsTest extends DataSourceTck {
    @Override
    protected DataSource source() {
        return new Blobs(new Blobs.Settings(30, 12, 1, Optional.empty()));
    }

    /** The set has a seed of its own. */
    @Override
    protected boolean seeded() {
        return false;
    }

    @Test
    void drawsWhatTheRecipeSays(@TempDir Path folder) throws IOException {
        Split images = open(folder, "size: 11\nfigures: [[[0, 0, 1.5]], [[3, 0, 2]]]");
        for (int image = 0; image < images.count(); image++) {
            float[] pose = images.poses().orElseThrow()[image];
            double turn = Math.toRadians(pose[2]);
            double distance = image % 2 == 0 ? 0 : 3;
            double radius = image % 2 == 0 ? 1.5 : 2;
            double x = 5 + pose[0] + distance * Math.cos(turn);
            double y = 5 + pose[1] + distance * Math.sin(turn);
            for (int p = 0; p < 121; p++) {
                double square = Math.pow(p % 11 - x, 2) + Math.pow(p / 11 - y, 2);
                assertEquals(Math.exp(-square / (2 * radius * radius)), images.value(image, p), 0.5 / 255 + 1e-6);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithARecipe(@TempDir Path folder) {
        for (String wrong : new String[] {"", "[", "size: 11", "size: 11\nfigures: [[[0, 0]]]", "!!java.net.URL [x]"}) {
            String message =
                    assertThrows(IOException.class, () -> open(folder, wrong)).getMessage();
            assertTrue(message.startsWith(folder.resolve("recipe.yaml") + " is no recipe: "), message);
        }
        Blobs.Settings elsewhere = new Blobs.Settings(10, 4, 1, Optional.of(folder.resolve("nowhere.yaml")));
        String message = assertThrows(IOException.class, () -> new Blobs(elsewhere).open(context(folder, 1)))
                .getMessage();
        assertTrue(message.startsWith("there is no recipe " + folder.resolve("nowhere.yaml") + "; "), message);
    }

    private Split open(Path folder, String recipe) throws IOException {
        Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
        return new Blobs(new Blobs.Settings(10, 4, 1, Optional.of(file)))
                .open(context(folder, 1))
                .train();
    }
}
