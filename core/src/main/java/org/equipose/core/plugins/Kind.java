package org.equipose.core.plugins;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.equipose.core.spi.DataSource;
import org.equipose.core.spi.Decoder;
import org.equipose.core.spi.Encoder;
import org.equipose.core.spi.Evaluator;
import org.equipose.core.spi.Model;
import org.equipose.core.spi.Objective;
import org.equipose.core.spi.PoseTransform;
import org.equipose.core.spi.Prior;

/** The kinds of components that a plugin can bring; each is a service interface. */
public enum Kind {
    /** Generative models. */
    MODEL(Model.class),
    /** Inference networks. */
    ENCODER(Encoder.class),
    /** Generative networks. */
    DECODER(Decoder.class),
    /** Pose transforms. */
    TRANSFORM(PoseTransform.class),
    /** Priors over codes and poses. */
    PRIOR(Prior.class),
    /** Bounds and regularisers. */
    OBJECTIVE(Objective.class),
    /** Evaluators. */
    EVALUATOR(Evaluator.class),
    /** Data sets. */
    DATASET(DataSource.class);

    private final Class<?> type;

    Kind(Class<?> type) {
        this.type = type;
    }

    /** Returns the service interface. */
    public Class<?> type() {
        return type;
    }

    /** Returns the name that users see. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind with that service interface. */
    public static Optional<Kind> of(Class<?> type) {
        return Arrays.stream(values()).filter(kind -> kind.type == type).findFirst();
    }

    /** Returns the kind that users call by that name. */
    public static Optional<Kind> named(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
