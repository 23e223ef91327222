package com.example.digits;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.equipose.core.library.Pretrained;
import org.equipose.core.run.ImageGrid;
import org.equipose.core.spi.Values;

/** Encodes a picture, decodes it again, and draws sixteen others. */
public final class Digits {
    public static void main(String[] args) throws Exception {
        try (Pretrained model = Pretrained.load(Path.of(args[0]))) {
            Values picture = model.read(Path.of(args[1]));
            Map<String, Values> latents = model.encode(picture);
            latents.forEach((name, values) -> System.out.println(name + " " + Arrays.toString(values.row(0))));
            Values again = model.decode(latents);
            new ImageGrid(model.image(), again.toRows(), 1).write(Path.of("again.png"));
            Values drawn = model.sample(16, 1);
            new ImageGrid(model.image(), drawn.toRows(), 4).write(Path.of("drawn.png"));
        }
    }
}
