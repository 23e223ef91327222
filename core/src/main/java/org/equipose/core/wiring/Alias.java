package org.equipose.core.wiring;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A setting of a chosen component that has an option of its own, so that nobody needs to write the component's name. */
public enum Alias {
    /** Size of the code. */
    LATENT_DIM("numbers in the code z"),
    /** Size of the canvas. */
    CANVAS("width and height of the decoded image before it is posed"),
    /** What lies outside the canvas. */
    BORDER("what lies outside the canvas"),
    /** Widths of the hidden layers of both networks. */
    HIDDEN("widths of the hidden layers, separated by commas"),
    /** Weight of the divergence. */
    BETA("weight of the divergence"),
    /** Steps until that weight is reached. */
    WARMUP("length of the warm-up of the divergence"),
    /** Draws per image. */
    SAMPLES("draws per image");

    private final String about;

    Alias(String about) {
        this.about = about;
    }

    /** Returns the last name of the setting, which is the name of the option. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what it is for. */
    public String about() {
        return about;
    }

    /** Returns the keys it stands for, for a person. */
    public String standsFor() {
        return String.join(
                " and ",
                roles().stream().map(role -> role.name() + ".*." + key()).toList());
    }

    List<Role> roles() {
        return switch (this) {
            case LATENT_DIM, CANVAS, BORDER -> List.of(Role.MODEL);
            case HIDDEN -> List.of(Role.ENCODER, Role.DECODER);
            case BETA, WARMUP, SAMPLES -> List.of(Role.OBJECTIVE);
        };
    }

    static Alias named(String key) {
        return Arrays.stream(values())
                .filter(alias -> alias.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no alias " + key));
    }
}
