package org.equipose.core.wiring;

import java.util.List;
import java.util.Optional;
import org.equipose.core.plugins.Component;
import org.equipose.core.plugins.Kind;

/**
 * A place that a component takes in a run. Settings of a component are found below its role: {@code pose-prior.diagonal}.
 *
 * @param name key that chooses the component, for example {@code pose-prior}
 * @param kind what can take the place
 */
public record Role(String name, Kind kind) {
    static final Role MODEL = new Role("model", Kind.MODEL);
    static final Role ENCODER = new Role("encoder", Kind.ENCODER);
    static final Role DECODER = new Role("decoder", Kind.DECODER);
    static final Role TRANSFORM = new Role("transform", Kind.TRANSFORM);
    static final Role CODE_PRIOR = new Role("code-prior", Kind.PRIOR);
    static final Role POSE_PRIOR = new Role("pose-prior", Kind.PRIOR);
    static final Role OBJECTIVE = new Role("objective", Kind.OBJECTIVE);
    static final Role EVALUATOR = new Role("evaluator", Kind.EVALUATOR);
    static final Role DATASET = new Role("dataset", Kind.DATASET);

    /** The roles that exist whatever is chosen; components may ask for more. */
    public static final List<Role> FIXED =
            List.of(MODEL, ENCODER, DECODER, TRANSFORM, CODE_PRIOR, POSE_PRIOR, OBJECTIVE, EVALUATOR, DATASET);

    /** Roles that exist only if a chosen component asks for them. */
    static final List<Role> ASKED_FOR = List.of(ENCODER, DECODER, TRANSFORM, CODE_PRIOR, POSE_PRIOR);

    /** Returns the role that a constructor asks for; empty if it does not say which of several. */
    public static Optional<Role> of(Component.Need need) {
        return need.role()
                .map(name -> new Role(name, need.kind()))
                .or(() -> FIXED.stream()
                        .filter(role -> role.name().equals(need.kind().label()))
                        .findFirst());
    }

    /** Returns the start of the keys of a component in this role, for example {@code transform.tps}. */
    public String section(Component component) {
        return name + "." + component.name();
    }
}
